"""What is told to an MQTT broker, and to Home Assistant behind it; nothing where none is named."""

import re
import socket
import unicodedata

import attrs

from bedside.settings import setting

_PORT, _TLS_PORT = 1883, 8883
_NO_HOST = re.compile(r"[\s/@#?]|^$")
_NO_TOPIC = re.compile(r"[+#\s\x00-\x1f\x7f]|^\$|^/|/$|//")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@attrs.frozen
class MqttSettings:
    """What is told to a home's own system by MQTT: nothing, until a broker is named here."""

    broker: str = setting(
        "",
        "Name or address of the broker that is told who is in bed, the room, the light, last"
        " night's figures and faults; empty: nothing is sent to anybody.",
    )
    port: int = setting(0, "Its port; 0 is 1883, and 8883 with TLS.", low=0, high=65535)
    tls: bool = setting(
        False, "Speak with it under TLS; without, everybody on the network can read along."
    )
    ca_file: str = setting(
        "",
        "PEM file with the authority that signed the broker's certificate; empty: those that the"
        " system trusts.",
    )
    username: str = setting("", "Who it is told that this is; empty: no login.")
    password_file: str = setting("", "File whose first line is the password.")
    device: str = setting(
        "",
        "What this bed is called there, and each bed otherwise, as in `Bed 3`; empty: the"
        " machine's name.",
    )
    prefix: str = setting("bedside", "First part of every topic, before the bed's own.")
    discovery_prefix: str = setting(
        "homeassistant",
        "Where Home Assistant looks for devices; empty: it is not told of this one.",
    )

    @broker.validator
    def _is_host(self, _field: "attrs.Attribute[str]", text: str) -> None:
        if text and _NO_HOST.search(text):
            raise ValueError(
                f'"{text}" is no name or address of a broker; write it as in "192.168.1.5" or'
                ' "home.local", and the port in its own setting'
            )

    @prefix.validator
    @discovery_prefix.validator
    def _is_topic(self, field: "attrs.Attribute[str]", text: str) -> None:
        if _NO_TOPIC.search(text) or not (text or field.name == "discovery_prefix"):
            raise ValueError(f'"{text}" cannot begin a topic; write it as in "{field.default}"')

    def __attrs_post_init__(self) -> None:
        """Refuse what does not go together, and a bed that no topic could be named by."""
        if self.ca_file and not self.tls:
            raise ValueError("ca_file is given and tls is not; set tls = true, or leave it out")
        if self.password_file and not self.username:
            raise ValueError("password_file is given and username is not; give both, or none")
        if self.device and not _slug(self.device):
            raise ValueError(
                f'device "{self.device}" holds no letter from a to z and no number, so no topic'
                " can be named by it"
            )

    @property
    def address(self) -> tuple[str, int]:
        """Where the broker is."""
        return self.broker, self.port or (_TLS_PORT if self.tls else _PORT)

    @property
    def name(self) -> str:
        """What the bed is called, for people."""
        return self.device or socket.gethostname() or "bedside"

    @property
    def id(self) -> str:
        """What it is called in topics: small letters, numbers and hyphens."""
        return _slug(self.name) or "bedside"

    @property
    def base(self) -> str:
        """The part that all topics of this bed begin with."""
        return f"{self.prefix}/{self.id}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NO_SLUG.sub("-", plain.lower()).strip("-")
