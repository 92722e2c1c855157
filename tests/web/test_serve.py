import http.client
import logging
import socket
import threading
import time

import pytest

from bedside.errors import WebError
from bedside.web import WebSettings
from bedside.web.serve import Server


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def running():
    stops = []

    def start(settings, app=hello):
        server, stop = Server(app, settings), threading.Event()
        thread = threading.Thread(target=server.run, args=(stop,))
        thread.start()
        stops.append((stop, thread))
        return server

    yield start
    for stop, thread in stops:
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


def fetch(server, host="127.0.0.1"):
    connection = http.client.HTTPConnection(host, server.port, timeout=5)
    connection.request("GET", "/")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_it_serves_until_it_is_stopped_and_gives_the_port_back_at_once():
    server, stop = Server(hello, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    answer, body = fetch(server)
    idle = socket.create_connection(("127.0.0.1", server.port))  # a browser keeps one open
    began_s = time.monotonic()

    stop.set()
    thread.join(5)

    assert (answer.status, body) == (200, b"hello")
    assert time.monotonic() - began_s < 1.0
    idle.close()
    Server(hello, WebSettings(port=server.port)).close()


def test_it_ends_its_threads():
    before = threading.active_count()

    Server(hello, WebSettings(port=0, threads=4)).close()

    assert threading.active_count() == before


def test_it_does_not_name_itself(running):
    answer, _ = fetch(running(WebSettings(port=0)))

    assert answer.getheader("Server") is None


def test_a_taken_port_is_named_and_the_way_out(running):
    server = running(WebSettings(port=0))

    with pytest.raises(WebError) as refusal:
        Server(hello, WebSettings(port=server.port))

    assert str(refusal.value) == (
        f"port {server.port} is already in use; choose another with --port or [web] port = …"
    )


def test_a_port_for_root_alone(monkeypatch):
    def refuse(_socket, _address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)

    with pytest.raises(WebError, match=r"port 80 may only be used by root.* with --port"):
        Server(hello, WebSettings(port=80))


def test_any_other_refusal_says_its_reason(monkeypatch):
    def refuse(_socket, _address):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(socket.socket, "bind", refuse)

    with pytest.raises(WebError, match=r"on 127\.0\.0\.1 port 8080: Cannot allocate memory"):
        Server(hello, WebSettings())


@pytest.mark.parametrize("host", ["a" * 70, ""])
def test_a_host_that_nobody_knows(host):
    with pytest.raises(WebError, match=f"the host '{host}' is not known here"):
        Server(hello, WebSettings(host=host))


def test_an_address_of_another_machine():
    with pytest.raises(WebError, match=r"192\.0\.2\.1 is no address of this machine"):
        Server(hello, WebSettings(host="192.0.2.1", port=0))


def test_a_refusal_leaves_no_socket_open(monkeypatch):
    """`localhost` has two addresses; the second is refused after the first was had."""
    family, bound = socket.AF_INET, []
    addresses = [("127.0.0.1", 0), ("127.0.0.2", 0)]
    real = socket.socket.bind

    def bind(listener, address):
        if address[0] == "127.0.0.2":
            raise OSError(98, "Address already in use")
        bound.append(listener)
        real(listener, address)

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(family, 1, 6, "", a) for a in addresses]
    )
    monkeypatch.setattr(socket.socket, "bind", bind)

    with pytest.raises(WebError, match="in use"):
        Server(hello, WebSettings(host="localhost", port=0))

    assert [listener.fileno() for listener in bound] == [-1]


def test_an_address_this_machine_lacks_is_passed_over(monkeypatch, running):
    """Where IPv6 is off, `localhost` still has an address of that kind."""
    found = [
        (socket.AF_INET, 1, 6, "", ("192.0.2.1", 0)),
        (socket.AF_INET, 1, 6, "", ("127.0.0.1", 0)),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        server = running(WebSettings(host="localhost", port=0))

    assert fetch(server)[1] == b"hello"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")],
)
def test_the_address_to_type(host, shown):
    server = Server(hello, WebSettings(host=host, port=0))
    server.close()

    assert server.url == f"http://{shown}:{server.port}/"


@pytest.mark.parametrize("host", ["::", "::1"])
def test_an_address_of_the_longer_kind_stands_in_brackets(host):
    try:
        server = Server(hello, WebSettings(host=host, port=0))
    except WebError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    server.close()

    assert server.url == f"http://[::1]:{server.port}/"


def test_everybody_means_both_protocols(running):
    try:
        server = running(WebSettings(host="::", port=0))
    except WebError as error:
        pytest.skip(f"this machine has no IPv6: {error}")

    assert fetch(server)[1] == b"hello"


def test_slow_clients_do_not_hold_up_others(running):
    server = running(WebSettings(port=0, threads=2, connections=40))
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    for client in slow:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    began_s = time.monotonic()

    answers = [fetch(server)[1] for _ in range(20)]

    assert answers == [b"hello"] * 20
    assert time.monotonic() - began_s < 2.0
    for client in slow:
        client.close()


def test_an_idle_connection_is_closed(running):
    server = running(WebSettings(port=0, idle_s=1))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as idle:
        assert idle.recv(1) == b""


def test_more_connections_than_allowed_are_served_later(running):
    server = running(WebSettings(port=0, connections=10))
    many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    with many.pop() as last:
        last.settimeout(5)
        last.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        for client in many:
            client.close()

        heard = b""
        while piece := last.recv(1000):
            heard += piece

    assert heard.endswith(b"hello")


def test_a_thousand_who_say_nothing_keep_nobody_out(running):
    server = running(WebSettings(port=0, connections=20))
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
    began_s = time.monotonic()

    assert fetch(server)[1] == b"hello"

    assert time.monotonic() - began_s < 5.0
    assert len(server._map) < 20 + 64 + 8
    for client in silent:
        client.close()


def test_who_sends_a_letter_now_and_then_is_closed_before_who_came_later(running):
    server = running(WebSettings(port=0, connections=10))
    address = ("127.0.0.1", server.port)
    slow = [socket.create_connection(address, timeout=5) for _ in range(10)]
    for client in slow:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    later = socket.create_connection(address, timeout=5)
    for client in slow:
        try:
            client.sendall(b"x")
        except ConnectionError:
            continue  # that one has been closed already

    later.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert b"".join(iter(lambda: later.recv(1000), b"")).endswith(b"hello")
    for client in (*slow, later):
        client.close()


def test_an_answer_in_the_making_is_not_broken_off(running):
    begun, go_on = threading.Event(), threading.Event()

    def slowly(environ, start_response):
        begun.set()
        go_on.wait(10)
        return hello(environ, start_response)

    server = running(WebSettings(port=0, connections=10), slowly)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as first:
        first.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert begun.wait(10)
        others = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
        for client in others[:20]:  # closed to make room, as their end is heard of
            client.settimeout(10)
            assert client.recv(1) == b""
        go_on.set()
        assert b"".join(iter(lambda: first.recv(1000), b"")).endswith(b"hello")
    for client in others:
        client.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n",
        b"\x16\x03\x01 this is TLS, or noise\r\n\r\n",
    ],
)
def test_what_is_too_large_or_no_http_is_refused(running, request_bytes):
    server = running(WebSettings(port=0))
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(request_bytes)
        assert client.recv(12).split()[1].startswith(b"4")


def test_waiting_requests_do_not_fill_the_log(running, caplog):
    server = running(WebSettings(port=0, threads=1))
    with caplog.at_level(logging.DEBUG, logger="bedside"):
        clients = [threading.Thread(target=fetch, args=(server,)) for _ in range(12)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()

    assert caplog.records == []
