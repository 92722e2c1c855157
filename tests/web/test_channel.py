"""Pages over TLS, to good clients and to bad ones."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from bedside.web import WebSettings
from bedside.web.serve import Server

LARGE = os.urandom(300_000)
CLIENT_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # and not the rest of it

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a certificate for this machine."""
    folder = tmp_path_factory.mktemp("tls")
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += ["-nodes", "-days", "2", "-subj", "/CN=bedside.local", "-keyout", "key.pem"]
    words += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", "certificate.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return folder


class House:
    """A server, the requests it has seen, and how to ask it."""

    def __init__(self, folder, **settings):
        self.seen, self._stop = [], threading.Event()
        self.settings = WebSettings(
            port=0,
            certificate=str(folder / "certificate.pem"),
            key=str(folder / "key.pem"),
            **settings,
        )
        self.server = Server(self.answer, self.settings)
        self.trust = ssl.create_default_context(cafile=folder / "certificate.pem")
        self._thread = threading.Thread(target=self.server.run, args=(self._stop,))
        self._thread.start()

    def answer(self, environ, start_response):
        self.seen.append(environ)
        body = LARGE if environ["PATH_INFO"] == "/large" else b"hello"
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=20)

    def secure(self):
        return self.trust.wrap_socket(self.connect(), server_hostname="localhost")

    def fetch(self, path="/"):
        client = http.client.HTTPSConnection(
            "localhost", self.server.port, context=self.trust, timeout=20
        )
        client.request("GET", path)
        body = client.getresponse().read()
        client.close()
        return body

    def end(self):
        self._stop.set()
        self._thread.join(5)
        assert not self._thread.is_alive()


@pytest.fixture
def house(made):
    """Serve, once for each test, with what it wants set."""
    houses = []

    def serve(**settings):
        houses.append(House(made, **settings))
        return houses[-1]

    yield serve
    for each in houses:
        each.end()


def test_a_page_comes_over_tls(house):
    serving = house()

    assert serving.fetch() == b"hello"
    assert serving.server.url == f"https://127.0.0.1:{serving.server.port}/"
    assert serving.server.trouble(None) == ""
    (environ,) = serving.seen
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"


def test_large_answers_arrive_whole(house):
    serving = house()

    assert [serving.fetch("/large") == LARGE for _ in range(3)] == [True] * 3


def test_one_connection_carries_many_changes(house):
    serving = house()
    client = http.client.HTTPSConnection(
        "localhost", serving.server.port, context=serving.trust, timeout=20
    )
    for _ in range(30):
        client.request("POST", "/", body=LARGE[:15_000])
        assert client.getresponse().read() == LARGE[:15_000]
    client.close()


def test_a_client_that_reads_slowly_gets_all_and_holds_up_nobody(house):
    serving = house(threads=1)
    with serving.secure() as slow:
        asked = b"GET /large HTTP/1.1\r\nHost: localhost\r\n"
        slow.sendall(asked + b"\r\n" + asked + b"Connection: close\r\n\r\n")
        assert serving.fetch() == b"hello"
        heard = b""
        while piece := slow.recv(3000):
            heard += piece

    assert heard.count(LARGE) == 2


def test_a_request_may_come_a_letter_at_a_time(house):
    serving = house()
    with serving.secure() as slow:
        for letter in b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n":
            slow.sendall(bytes([letter]))
        heard = b"".join(iter(lambda: slow.recv(1000), b""))

    assert heard.endswith(b"hello")


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_what_browsers_speak_is_spoken(house, version):
    serving = house()
    serving.trust.minimum_version = serving.trust.maximum_version = ssl.TLSVersion[version]

    assert serving.fetch() == b"hello"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_older_is_not(house):
    serving = house()
    serving.trust.minimum_version = ssl.TLSVersion.TLSv1
    serving.trust.maximum_version = ssl.TLSVersion.TLSv1_1
    serving.trust.set_ciphers("ALL:@SECLEVEL=0")

    with pytest.raises(OSError, match=r"(?i)version|protocol|alert|reset|EOF"):
        serving.fetch()


def test_who_comes_without_tls_is_told(house):
    serving = house()
    with serving.connect() as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = b"".join(iter(lambda: plain.recv(1000), b""))

    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"https" in body


@pytest.mark.parametrize(
    "noise", [b"", b"\0" * 100, b"\x16\x03\x01\x00\x05hello", b"\x80\x2e\x01", os.urandom(5000)]
)
def test_noise_is_closed_and_harms_nobody(house, noise):
    serving = house(idle_s=1)
    with serving.connect() as wire:
        wire.sendall(noise)
        wire.shutdown(socket.SHUT_WR)
        try:
            while wire.recv(1000):
                pass
        except ConnectionError:
            pass

    assert serving.fetch() == b"hello"


def test_a_handshake_that_stands_still_is_closed(house):
    serving = house(idle_s=1)
    with serving.connect() as still:
        still.sendall(CLIENT_HELLO)
        assert still.recv(1) == b""


def test_one_that_is_cut_off_harms_nobody(house):
    serving = house()
    for _ in range(20):
        wire = serving.secure()
        wire.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wire.close()

    assert serving.fetch() == b"hello"


def test_a_thousand_slow_handshakes_keep_nobody_out(house):
    serving, wires = house(connections=50), []
    for number in range(1000):
        wires.append(serving.connect())
        if number % 2:
            wires[-1].sendall(CLIENT_HELLO)
    began_s = time.monotonic()

    assert serving.fetch() == b"hello"

    assert time.monotonic() - began_s < 5.0
    assert len(serving.server._map) < 50 + 64 + 8
    for wire in wires:
        wire.close()


def test_a_thousand_clients_are_all_served_and_few_stay(house):
    serving, shaken = house(connections=50), []
    serving.fetch()

    def shake():
        wire = serving.secure()
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        shaken.append(b"".join(iter(lambda: wire.recv(1000), b"")))
        wire.close()

    def many():
        for _ in range(100):
            shake()

    threads = [threading.Thread(target=many) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(shaken) == 1000
    assert all(heard.endswith(b"hello") for heard in shaken)
    assert len(serving.server._map) < 50 + 64 + 8


def test_it_stops_within_a_second_whatever_hangs(made):
    serving = House(made)
    wires = [serving.connect() for _ in range(50)]
    wires += [serving.secure() for _ in range(10)]
    began_s = time.monotonic()

    serving.end()

    assert time.monotonic() - began_s < 1.0
    for wire in wires:
        wire.close()


def test_a_renewed_certificate_is_shown_without_a_restart(house, made, tmp_path):
    for name in ("certificate.pem", "key.pem"):
        shutil.copy(made / name, tmp_path)
    serving = House(tmp_path)
    before = ssl.get_server_certificate(("127.0.0.1", serving.server.port))
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += ["-nodes", "-subj", "/CN=new", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)

    after = ssl.get_server_certificate(("127.0.0.1", serving.server.port))
    serving.end()

    assert before.strip() == (made / "certificate.pem").read_text().strip()
    assert after.strip() == (tmp_path / "certificate.pem").read_text().strip()


def test_without_a_certificate_that_can_be_read_nobody_is_let_in_and_all_else_goes_on(tmp_path):
    settings = WebSettings(port=0, certificate=str(tmp_path / "c.pem"), key=str(tmp_path / "k.pem"))
    server, stop = Server(lambda *_: [], settings), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        heard = wire.recv(1)
    stop.set()
    thread.join(5)

    assert heard == b""
    assert "there is no file" in server.trouble(None)
