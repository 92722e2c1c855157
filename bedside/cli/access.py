"""Commands at the device itself that say who may open the page."""

import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bedside.cli.options import config_option, settings_of
from bedside.errors import AccessError

if TYPE_CHECKING:
    from bedside.access import Access
    from bedside.config import Config

_ELSEWHERE = ("192.0.2.1", 9)  # RFC 5737: no such machine; nothing is sent to it
_LONGEST_LINE = 4096
_LOOPBACK = ("localhost", "127.", "::1")


@click.command()
@click.option("--url", metavar="ADDRESS", help="What the phone opens, as in https://bed.lan.")
@config_option
def pair(url: str | None, config_path: Path | None) -> None:
    """Let in a phone: print a link, and a QR code of it, that is good once within ten minutes."""
    from bedside.cli.qr import blocks

    settings = settings_of(config_path)
    base = (url or _address(settings)).rstrip("/")
    with _access(settings) as access:
        link = f"{base}/pair/{access.invite()}"
    try:
        code = blocks(link)
        code.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        code = ""  # a terminal that knows no blocks still shows the link
    click.echo(f"{code}\nScan this with the phone, or open:\n\n  {link}\n")
    click.echo("It lets in one phone, once, within the next ten minutes.")


@click.command()
@click.option("--remove", is_flag=True, help="Have no password any more; links go on to work.")
@config_option
def password(remove: bool, config_path: Path | None) -> None:
    """Set the password of the page; it is asked for twice, or read from a pipe."""
    with _access(settings_of(config_path)) as access:
        ended = access.set_password(None if remove else _asked())
    click.echo("There is no password any more." if remove else "The password is set.")
    if ended:
        click.echo(f"Shown out: {ended}, let in by the one before. Phones let in by link stay.")


def _asked() -> str:
    """Ask without showing it; from a pipe take the first line."""
    if not sys.stdin.isatty():
        try:
            return sys.stdin.buffer.readline(_LONGEST_LINE).decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise AccessError("the password is not written in UTF-8") from error
    first = str(click.prompt("Password", hide_input=True, err=True))
    if first != click.prompt("Once more", hide_input=True, err=True):
        raise AccessError("the two are not the same; run the command again")
    return first


@contextmanager
def _access(settings: "Config") -> "Iterator[Access]":
    from bedside.access import Access
    from bedside.clock import SystemClock

    with closing(Access(Path(settings.store.folder), SystemClock())) as access:
        yield access
        if access.set_aside is not None:
            click.echo(
                f"Who could open the page was not readable; it is kept as {access.set_aside}, and"
                " all phones have to be let in anew.",
                err=True,
            )


def _address(settings: "Config") -> str:
    """Say where a phone finds the page.

    Raises
    ------
    AccessError : nowhere, or there is no telling.
    """
    web = settings.web
    named = [name.strip() for name in web.trusted_hosts.split(",")]
    name = next((name for name in named if name and not name.startswith(".")), "")
    if web.proxy:
        if not name:
            raise AccessError(
                "only you know by which name the reverse proxy serves the page; say it with --url,"
                " as in --url https://bed.example.org, or in [web] trusted_hosts"
            )
        return f"https://{name}"
    if web.host.startswith(_LOOPBACK):
        raise AccessError(
            "the page is served to this machine alone, which needs no login; set [web] host ="
            ' "0.0.0.0" and restart bedside, and phones can open it'
        )
    if web.port == 0:
        raise AccessError("[web] port = 0 is any port; say which one with --url")
    if web.certificate:  # it was made for a name, and a browser compares
        return f"https://{name or _own_name()}:{web.port}"
    host = web.host if web.host not in ("0.0.0.0", "::") else _own_address() or _own_name()
    return f"http://{f'[{host}]' if ':' in host else host}:{web.port}"


def _own_address() -> str:
    """Give the address by which this machine reaches others; empty when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        try:
            wire.connect(_ELSEWHERE)
        except OSError:
            return ""
        return str(wire.getsockname()[0])


def _own_name() -> str:
    return f"{socket.gethostname().partition('.')[0]}.local"
