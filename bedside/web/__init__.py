"""The pages and the API: `create_app` makes the Flask app, `serve.Server` serves it."""

import ipaddress
from typing import TYPE_CHECKING

import attrs

from bedside.settings import setting

if TYPE_CHECKING:
    from flask import Flask

    from bedside.web.house import House


@attrs.frozen
class WebSettings:
    """The page: where it is served, and to how many at a time."""

    host: str = setting(
        "127.0.0.1",
        "Address to serve on: 127.0.0.1 is this machine alone, 0.0.0.0 everybody on the network.",
    )
    port: int = setting(8080, "Port to serve on; 0 takes any free one.", low=0, high=65535)
    threads: int = setting(3, "Pages made at the same time.", low=1, high=16)
    connections: int = setting(
        100,
        "Connections held open at the same time; for one more, that which has waited longest is "
        "closed.",
        low=10,
        high=900,
    )
    idle_s: int = setting(
        15, "A connection on which nothing moves is closed after this.", unit="s", low=1, high=600
    )
    trusted_hosts: str = setting(
        "",
        "Names, with commas between them, by which the page may be opened besides IP addresses, "
        "localhost, this machine's name and every name in .local; .example.org lets in all "
        "names below it.",
    )
    certificate: str = setting(
        "",
        "PEM file with the certificate and what it rests on, for https; when the file is renewed, "
        "so is what is shown to browsers.",
    )
    key: str = setting("", "PEM file with the certificate's private key, without a passphrase.")
    proxy: str = setting(
        "",
        "Addresses or networks of the reverse proxies, with commas between them, that may say who "
        "asks; with one, this machine itself needs a login too.",
    )

    metrics_from: str = setting(
        "",
        "Addresses or networks, with commas between them, that may read /metrics (for Prometheus)"
        " without a login; empty: there is no such page.",
    )

    @proxy.validator
    @metrics_from.validator
    def _are_addresses(self, _field: "attrs.Attribute[str]", text: str) -> None:
        for word in filter(None, (word.strip() for word in text.split(","))):
            try:
                ipaddress.ip_network(word, strict=False)
            except ValueError:
                raise ValueError(
                    f'"{word}" is no address; write it as in "127.0.0.1" or "172.17.0.0/16"'
                ) from None

    def __attrs_post_init__(self) -> None:
        """Refuse a certificate without its key, and a key without its certificate."""
        if bool(self.certificate) != bool(self.key):
            given, missing = ("certificate", "key") if self.certificate else ("key", "certificate")
            raise ValueError(f"{given} is given and {missing} is not; give both, or none")


def create_app(house: "House") -> "Flask":
    """Make the app; whatever it shows and moves, it is given here."""
    # Flask costs 20 MiB and a tenth of a second, and most commands only read the settings.
    from bedside.web.app import make

    return make(house)
