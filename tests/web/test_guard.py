import socket

import pytest
from werkzeug.exceptions import BadRequest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from bedside.web.guard import Hosts, secure


def asked(host):
    environ = EnvironBuilder(headers={"Host": host}).get_environ()
    if host is None:
        del environ["HTTP_HOST"]
    return Request(environ)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:8080", "[::1]", "[::1]:8080",
     "192.168.1.20", "[fe80::1]:8080", "bedside.local", "Bedside.Local:8080", "bedside.local.",
     "pi.localhost", socket.gethostname()],
)  # fmt: skip
def test_names_that_nobody_else_can_take_are_let_in(host):
    Hosts("").check(asked(host))


@pytest.mark.parametrize(
    "host",
    ["example.org", "127.0.0.1.example.org", "localhost.example.org", "local", "xlocal",
     "bedside.local.example.org", "", "a b", "<script>", "[::1", "[zz]", "::1", "1.2.3",
     "999.1.1.1"],
)  # fmt: skip
def test_other_names_are_refused(host):
    with pytest.raises(BadRequest):
        Hosts("").check(asked(host))


def test_names_can_be_added():
    hosts = Hosts(" Sleep.Example.org. , .tailnet.ts.net,, ")

    hosts.check(asked("sleep.example.org"))
    hosts.check(asked("pi.tailnet.ts.net:443"))
    for host in ("example.org", "tailnet.ts.net", "x.sleep.example.org", "eviltailnet.ts.net"):
        with pytest.raises(BadRequest):
            hosts.check(asked(host))


def test_every_answer_carries_the_headers():
    headers = secure(Response("")).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_page_may_say_itself_how_long_it_is_kept():
    response = Response("", headers={"Cache-Control": "private, no-cache"})

    assert secure(response).headers["Cache-Control"] == "private, no-cache"
