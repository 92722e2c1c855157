"""`bedside pair` and `bedside password`, as one types them at the device."""

import io
import os
import pty
import socket
import subprocess
import sys
from contextlib import closing

import pytest
import segno

from bedside.access import Access
from bedside.cli import access as commands
from bedside.cli.qr import blocks
from bedside.clock import SystemClock

WORDS = "correct horse battery"


@pytest.fixture
def settings(tmp_path):
    """Write a settings file whose [web] holds the given lines."""

    def write(*lines, host="0.0.0.0"):
        file = tmp_path / "bed.toml"
        web = "\n".join((f'host = "{host}"', *lines))
        file.write_text(f"[store]\nfolder = '{tmp_path}'\n[web]\n{web}\n")
        return file

    return write


@pytest.fixture
def daemon(tmp_path):
    """What the daemon knows of it."""
    with closing(Access(tmp_path, SystemClock())) as made:
        yield made


def one_sentence(answer):
    assert answer.status == 1
    assert answer.err.startswith("bedside: ")
    assert len(answer.err.strip().splitlines()) == 1
    return answer.err


def link_of(answer):
    (link,) = [word for word in answer.out.split() if word.startswith(("http://", "https://"))]
    return link


@pytest.mark.parametrize("running", [True, False])
def test_a_link_is_printed_that_lets_in_one_phone(bedside, settings, daemon, running):
    if running:
        daemon.keep()

    answer = bedside("pair", "--config", settings())

    assert answer.status == 0
    assert "ten minutes" in answer.out
    token = link_of(answer).rpartition("/pair/")[2]
    assert daemon.accept(token, "phone") is not None
    assert daemon.accept(token, "phone") is None


@pytest.mark.parametrize(
    ("lines", "host", "base"),
    [
        ((), "192.168.1.20", "http://192.168.1.20:8080"),
        (("port = 80",), "bedside.local", "http://bedside.local:80"),
        ((), "2001:db8::1", "http://[2001:db8::1]:8080"),
        (('proxy = "127.0.0.1"', 'trusted_hosts = ".lan, bed.example.org"'), "127.0.0.1",
         "https://bed.example.org"),
        (('certificate = "c"', 'key = "k"', 'trusted_hosts = "bed.example.org"'), "0.0.0.0",
         "https://bed.example.org:8080"),
        (('certificate = "c"', 'key = "k"'), "0.0.0.0",
         f"https://{socket.gethostname().partition('.')[0]}.local:8080"),
    ],
)  # fmt: skip
def test_the_link_leads_where_the_page_is_served(bedside, settings, lines, host, base):
    link = link_of(bedside("pair", "--config", settings(*lines, host=host)))

    assert link.startswith(f"{base}/pair/")


def test_everybody_is_led_to_the_address_of_this_machine(bedside, settings, monkeypatch):
    monkeypatch.setattr(commands, "_own_address", lambda: "192.168.1.20")
    assert link_of(bedside("pair", "--config", settings())).startswith("http://192.168.1.20:8080/")

    monkeypatch.setattr(commands, "_own_address", lambda: "")
    name = f"http://{socket.gethostname().partition('.')[0]}.local:8080/"
    assert link_of(bedside("pair", "--config", settings())).startswith(name)


def test_the_own_address_is_one_or_none(monkeypatch):
    assert commands._own_address() == "" or socket.inet_aton(commands._own_address())

    def refuse(*_args):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert commands._own_address() == ""


def test_one_can_say_oneself_where_it_leads(bedside, settings):
    answer = bedside("pair", "--url", "https://bed.lan/", "--config", settings(host="127.0.0.1"))

    assert link_of(answer).startswith("https://bed.lan/pair/")


@pytest.mark.parametrize(
    ("lines", "host", "why"),
    [
        ((), "127.0.0.1", 'set [web] host = "0.0.0.0"'),
        ((), "localhost", "this machine alone"),
        (("port = 0",), "0.0.0.0", "--url"),
        (('proxy = "127.0.0.1"',), "127.0.0.1", "--url"),
    ],
)
def test_where_no_phone_could_open_it_that_is_said(bedside, settings, lines, host, why):
    assert why in one_sentence(bedside("pair", "--config", settings(*lines, host=host)))


def test_no_folder_is_said(bedside, settings, tmp_path):
    file = settings()
    file.write_text(file.read_text().replace(str(tmp_path), str(tmp_path / "none")))

    assert "there is no folder" in one_sentence(bedside("pair", "--config", file))


def test_a_broken_file_is_said_and_the_link_is_good(bedside, settings, daemon):
    daemon.path.write_bytes(b"broken" * 1000)

    answer = bedside("pair", "--config", settings())

    assert answer.status == 0
    assert "have to be let in anew" in answer.err
    assert daemon.accept(link_of(answer).rpartition("/")[2], "phone") is not None


def test_the_code_holds_the_link_and_has_its_border():
    link = "http://192.168.1.20:8080/pair/Ih826xjaq3CeW_f_LmtYrA"
    drawn = [line.split("m", 1)[1].removesuffix("\x1b[0m") for line in blocks(link).splitlines()]
    upper_lower = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [[upper_lower[letter][half] for letter in line] for line in drawn for half in (0, 1)]

    expected = segno.make(link, error="l", micro=False)
    side = expected.symbol_size(border=0)[0]
    inner = [bytearray(row[4 : 4 + side]) for row in rows[4 : 4 + side]]
    assert inner == list(expected.matrix)
    assert sum(map(sum, rows)) == sum(map(sum, inner))
    assert len(rows[0]) == side + 8


def test_a_terminal_without_blocks_shows_the_link(settings):
    told = subprocess.run(
        [sys.executable, "-m", "bedside", "pair", "--config", settings()],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert b"/pair/" in told.stdout


# ── the password ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def piped(monkeypatch):
    """Put bytes where the command reads from."""

    def pipe(content):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))

    return pipe


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nand more\n"])
def test_a_password_is_read_from_a_pipe(bedside, settings, daemon, piped, end):
    piped(WORDS.encode() + end)

    answer = bedside("password", "--config", settings())

    assert answer.out == "The password is set.\n"
    assert daemon.admit("10.0.0.1", WORDS, "phone")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "at least 8"), (b"short\n", "at least 8"), (b"password\n", "tried first"),
     (b"\xff\xff\n", "UTF-8"), (b"x y z " * 1000, "at most 200")],
)  # fmt: skip
def test_one_that_will_not_do_is_said_and_nothing_changes(
    bedside, settings, daemon, piped, content, why
):
    piped(content)

    assert why in one_sentence(bedside("password", "--config", settings()))
    assert not daemon.has_password()


def test_it_is_removed_and_whom_it_let_in_is_shown_out(bedside, settings, daemon):
    daemon.set_password(WORDS)
    token = daemon.admit("10.0.0.1", WORDS, "phone")

    answer = bedside("password", "--remove", "--config", settings())

    assert "no password any more" in answer.out
    assert "Shown out: 1" in answer.out
    assert daemon.session(token) is None
    assert not daemon.has_password()


def at_a_terminal(settings, *typed):
    """Answer the questions at a real terminal; give what it showed, and the status."""
    words = [sys.executable, "-m", "bedside", "password", "--config", str(settings)]
    number, terminal = pty.openpty()
    process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown, answers = b"", list(typed)
    try:
        while piece := os.read(number, 1000):
            shown += piece
            if answers and piece.rstrip().endswith(b":"):
                os.write(number, answers.pop(0).encode() + b"\n")
    except OSError:  # how a terminal says that nobody is there any more
        pass
    os.close(number)
    return shown.decode(), process.wait(10)


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(settings, daemon):
    shown, status = at_a_terminal(settings(), WORDS, WORDS)

    assert status == 0
    assert "Password" in shown
    assert "Once more" in shown
    assert WORDS not in shown
    assert daemon.admit("10.0.0.1", WORDS, "phone")


def test_two_that_differ_change_nothing(settings, daemon):
    shown, status = at_a_terminal(settings(), WORDS, "correct house battery")

    assert status == 1
    assert "not the same" in shown
    assert not daemon.has_password()
