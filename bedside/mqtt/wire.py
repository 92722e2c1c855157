"""One connection to a broker, from the greeting to its end, through paho-mqtt (an extra).

MQTT 5: it alone lets a client say how large a message it takes, and the broker say why it
refuses one.
"""

import socket
import ssl
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.clock import Clock
from bedside.errors import BrokerAway, MqttError
from bedside.mqtt import MqttSettings

if TYPE_CHECKING:
    from paho.mqtt.client import Client

KEEPALIVE_S = 30
CONNECT_S = 5.0
LARGEST_BYTES = 4096
"""Of a message from the broker; it keeps larger ones to itself."""
MOST_UNANSWERED = 50
"""Messages that the broker has not confirmed; nothing more is sent until it has."""
MOST_RECEIVED = 20
"""Messages that wait to be looked at; the oldest go."""
_FAREWELL_S, _STEP_S = 1.0, 0.1


class Wire:
    """A connection; for one thread, which lends it time by `work`.

    Parameters
    ----------
    will : (topic, payload) that the broker tells, retained, when this end falls silent.
    topics : to hear of.
    """

    def __init__(
        self, settings: MqttSettings, clock: Clock, will: tuple[str, str], topics: Sequence[str]
    ) -> None:
        self._settings, self._clock = settings, clock
        self._will, self._topics = will, topics
        self.received: deque[tuple[str, bytes, bool]] = deque(maxlen=MOST_RECEIVED)
        """(topic, payload, whether it was retained), oldest first."""
        self.greeted = False
        """Whether the broker has let us in."""
        self._refusal = ""
        self._unanswered: set[int] = set()
        self._client = self._opened()

    @property
    def room(self) -> bool:
        """Whether more may be sent: the broker keeps up."""
        return len(self._unanswered) < MOST_UNANSWERED

    def send(self, topic: str, payload: str) -> None:
        """Send a retained message; it arrives at least once, or the connection ends."""
        sent = self._guarded(lambda: self._client.publish(topic, payload, qos=1, retain=True))
        self._unanswered.add(sent.mid)

    def work(self, timeout_s: float) -> None:
        """Send and receive for at most so long.

        Raises
        ------
        MqttError : the connection has ended, or the broker refuses something.
        """
        result = self._guarded(lambda: self._client.loop(timeout_s))
        if self._refusal:
            raise MqttError(self._refusal)
        if result != 0:
            raise BrokerAway(self._broken_off())

    def close(self, last: tuple[str, str] | None = None) -> None:
        """End it: in good order after a `last` message, else as if it had broken off.

        The broker then tells the will; a connection that hangs is left.
        """
        with suppress(MqttError):  # it has ended already
            if last is not None and self.greeted:
                self._part(last)
        if (open_socket := self._client.socket()) is not None:
            open_socket.close()

    def _part(self, last: tuple[str, str]) -> None:
        deadline_s = self._clock.monotonic() + _FAREWELL_S
        self.send(*last)
        while self._unanswered and self._clock.monotonic() < deadline_s:
            self.work(_STEP_S)
        self._guarded(self._client.disconnect)
        self._guarded(lambda: self._client.loop(_STEP_S))

    # ── the greeting ────────────────────────────────────────────────────────────────────────

    def _opened(self) -> "Client":
        """Connect; the broker's answer comes in `work`."""
        settings = self._settings
        client = self._made()
        if settings.username:
            client.username_pw_set(settings.username, _password(settings.password_file))
        if settings.tls:
            client.tls_set_context(_context(settings.ca_file))
        client.will_set(*self._will, qos=1, retain=True)
        client.connect_timeout = CONNECT_S
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message, client.on_publish = self._on_message, self._on_publish
        client.on_subscribe = self._on_subscribe
        host, port = settings.address
        try:
            client.connect(host, port, KEEPALIVE_S, properties=self._limits)
        except (OSError, ValueError) as error:
            kind = MqttError if isinstance(error, ssl.SSLError) else BrokerAway
            raise kind(_unreachable(host, port, error, tls=settings.tls)) from error
        return client

    def _made(self) -> "Client":
        try:
            from paho.mqtt.client import Client, MQTTv5
            from paho.mqtt.enums import CallbackAPIVersion
            from paho.mqtt.packettypes import PacketTypes
            from paho.mqtt.properties import Properties
        except ImportError as error:
            raise MqttError(
                "MQTT needs the paho-mqtt package; add it with `pip install 'bedside[mqtt]'`"
            ) from error
        self._limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        self._limits.MaximumPacketSize = LARGEST_BYTES
        name = f"bedside-{self._settings.id}"
        return Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTv5, reconnect_on_failure=False
        )

    # ── what paho calls, within `work` ──────────────────────────────────────────────────────

    def _on_connect(self, client: "Client", _data: Any, _flags: Any, why: Any, _more: Any) -> None:
        if why.is_failure:
            self._refusal = _refused(str(why))
            return
        self.greeted = True
        if self._topics:
            client.subscribe([(topic, 1) for topic in self._topics])

    def _on_disconnect(
        self, _client: "Client", _data: Any, flags: Any, why: Any, _more: Any
    ) -> None:
        if flags.is_disconnect_packet_from_server and not self._refusal:
            told = str(why).lower()
            other = (
                "; another bed has the same name ([mqtt] device)" if "taken over" in told else ""
            )
            self._refusal = f"the MQTT broker ended the connection: {told}{other}"

    def _on_message(self, _client: "Client", _data: Any, message: Any) -> None:
        self.received.append((message.topic, message.payload, message.retain))

    def _on_publish(self, _client: "Client", _data: Any, mid: int, why: Any, _more: Any) -> None:
        self._unanswered.discard(mid)
        if why.is_failure:
            self._refusal = self._forbidden(str(why))

    def _on_subscribe(
        self, _client: "Client", _data: Any, _mid: int, whys: Any, _more: Any
    ) -> None:
        if any(why.is_failure for why in whys):
            self._refusal = self._forbidden(str(whys[0]))

    # ── sentences ───────────────────────────────────────────────────────────────────────────

    def _forbidden(self, why: str) -> str:
        base, home = self._settings.base, self._settings.discovery_prefix
        also = f" and {home}/#" if home else ""
        return (
            f"the broker does not let this bed write and read its topics ({why.lower()}); let it"
            f" use {base}/#{also} in the broker's list of rights"
        )

    def _broken_off(self) -> str:
        host, port = self._settings.address
        if self.greeted:
            return (
                f"the connection to the MQTT broker at {host} port {port} broke off; if it does so"
                " again and again, another bed may have the same name ([mqtt] device)"
            )
        tls = "it may want none ([mqtt] tls)" if self._settings.tls else "it may want TLS"
        return f"{host} port {port} hung up without an answer; it may be no MQTT broker, or {tls}"

    def _guarded(self, call: Any) -> Any:
        try:
            return call()
        except Exception as error:  # whatever a broker says must not end the recording
            host, port = self._settings.address
            raise MqttError(
                f"what {host} port {port} says is no MQTT ({type(error).__name__}: {error})"
            ) from error


def _password(path: str) -> str | None:
    if not path:
        return None
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise MqttError(
            f"{path}: the broker's password cannot be read: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise MqttError(f"{path}: the broker's password is not UTF-8 text") from error
    if not lines or not lines[0]:
        raise MqttError(f"{path}: there is no password in its first line")
    return lines[0]


def _context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # an SSLError is one
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise MqttError(f"{ca_file}: the broker's authority cannot be read: {why}") from error


def _unreachable(host: str, port: int, error: OSError | ValueError, *, tls: bool) -> str:
    """Say why nobody was reached, and where to look."""
    at = f"the MQTT broker at {host} port {port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {at} is not to be trusted: {error.verify_message.rstrip('.')};"
            " name the authority that signed it in [mqtt] ca_file, and the broker as the"
            " certificate does"
        )
    if isinstance(error, ssl.SSLError) or (tls and isinstance(error, ConnectionResetError)):
        why = getattr(error, "reason", None) or error.strerror
        return f"{at} does not speak TLS as it should ({why}); is that its TLS port?"
    if isinstance(error, socket.gaierror):
        return f"the name of {at} is not known here; look at [mqtt] broker and at the network"
    if isinstance(error, ConnectionRefusedError):
        return f"{at} is not there: nobody listens; is it running, and is that its port?"
    if isinstance(error, TimeoutError):
        return f"{at} does not answer; is it switched on, and in this network?"
    if isinstance(error, PermissionError):
        return f"{at} may not be spoken to: as a service, bedside reaches the house's own network"
    return f"{at} cannot be reached: {getattr(error, 'strerror', None) or error}"


def _refused(why: str) -> str:
    said = why.lower()
    if "authorized" in said or "password" in said:
        return (
            f"the MQTT broker refuses the login ({said}); look at [mqtt] username and password_file"
        )
    if "protocol" in said:
        return f"the MQTT broker does not know MQTT 5 ({said}); Mosquitto does since 1.6"
    return f"the MQTT broker refuses the connection ({said})"
