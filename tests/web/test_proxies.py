"""Who asks, behind proxies that are trusted and others that are not."""

import pytest

from bedside.web.proxies import AT_DEVICE, Proxies, address_of

CLAIMS = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "bed.example.org",
}


def seen(peer, trusted="", **environ):
    """Give the request as the app sees it."""
    found = {}
    app = Proxies(lambda environ, _start: found.update(environ) or [], trusted)
    plain = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:8080"}
    app(plain | environ, lambda *_: None)
    return found


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.1.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_the_device(peer):
    assert seen(peer)[AT_DEVICE]


@pytest.mark.parametrize(
    "peer", ["192.168.1.7", "fe80::1", "::ffff:192.168.1.7", "0.0.0.0", "", "x"]
)
def test_no_other_is(peer):
    assert not seen(peer)[AT_DEVICE]


@pytest.mark.parametrize(
    "claim",
    ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED",
     "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_SERVER", "HTTP_TAILSCALE_USER_LOGIN",
     "HTTP_CF_CONNECTING_IP"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["127.0.0.1", "", "for=127.0.0.1"])
def test_what_was_passed_on_is_not_from_the_device(claim, value):
    found = seen("127.0.0.1", **{claim: value})

    assert not found[AT_DEVICE]
    assert claim not in found


def test_claims_of_anybody_are_not_believed():
    found = seen("192.168.1.7", **CLAIMS)

    assert found["REMOTE_ADDR"] == "192.168.1.7"
    assert found["wsgi.url_scheme"] == "http"
    assert found["HTTP_HOST"] == "127.0.0.1:8080"


def test_nobody_can_claim_to_be_the_device():
    found = seen("192.168.1.7", trusted="10.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1")

    assert found["REMOTE_ADDR"] == "192.168.1.7"
    assert not found[AT_DEVICE]


@pytest.mark.parametrize(
    ("peer", "trusted"),
    [("127.0.0.1", "127.0.0.1"), ("::1", "127.0.0.1, ::1"), ("172.17.0.3", "172.17.0.0/16"),
     ("::ffff:127.0.0.1", "127.0.0.1")],
)  # fmt: skip
def test_a_trusted_proxy_is_believed(peer, trusted):
    found = seen(peer, trusted, **CLAIMS)

    assert found["REMOTE_ADDR"] == "203.0.113.9"
    assert found["wsgi.url_scheme"] == "https"
    assert found["HTTP_HOST"] == "bed.example.org"
    assert not found[AT_DEVICE]


@pytest.mark.parametrize(
    ("claimed", "client"),
    [("127.0.0.1, 203.0.113.9", "203.0.113.9"), ("203.0.113.9,198.51.100.2", "198.51.100.2"),
     ("203.0.113.9:4711", "203.0.113.9"), ("[2001:db8::1]:4711", "2001:db8::1"),
     ("2001:db8::1", "2001:db8::1"), ("::ffff:203.0.113.9", "203.0.113.9")],
)  # fmt: skip
def test_it_is_believed_for_its_own_hop_alone(claimed, client):
    found = seen("127.0.0.1", "127.0.0.1", HTTP_X_FORWARDED_FOR=claimed)

    assert found["REMOTE_ADDR"] == client
    assert not found[AT_DEVICE]


@pytest.mark.parametrize("claimed", ["", "unknown", "1.2.3.4, ", "999.1.1.1", "_hidden", "[::1"])
def test_nonsense_of_a_proxy_leaves_its_own_address(claimed):
    found = seen("127.0.0.1", "127.0.0.1", HTTP_X_FORWARDED_FOR=claimed)

    assert found["REMOTE_ADDR"] in ("127.0.0.1", "::1")
    assert not found[AT_DEVICE]


@pytest.mark.parametrize("scheme", ["", "ftp", "javascript", "https, ftp"])
def test_a_strange_scheme_is_not_taken(scheme):
    found = seen("127.0.0.1", "127.0.0.1", HTTP_X_FORWARDED_PROTO=scheme)

    assert found["wsgi.url_scheme"] == "http"


def test_with_a_proxy_this_machine_is_the_device_no_longer():
    """A proxy that says nothing about itself must not let everybody in."""
    assert not seen("127.0.0.1", trusted="127.0.0.1")[AT_DEVICE]
    assert not seen("127.0.0.1", trusted="10.0.0.1")[AT_DEVICE]


@pytest.mark.parametrize("text", ["", "unix:", "1.2.3", "::x", "1.2.3.4.5:1"])
def test_no_address(text):
    assert address_of(text) is None
