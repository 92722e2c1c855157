"""Keeps a broker told, whatever happens to it: it is never worth a night."""

import logging
import threading

from bedside.clock import Clock
from bedside.errors import BrokerAway, MqttError, PinError
from bedside.mqtt import MqttSettings
from bedside.mqtt.orders import Order, obey, read
from bedside.mqtt.telling import PART, Bed, Telling
from bedside.mqtt.topics import OFFLINE
from bedside.mqtt.wire import KEEPALIVE_S, Wire

log = logging.getLogger(__name__)

PERIOD_S = 1.0
"""Between two messages on one topic, at least."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0  # before a broker that has gone is tried again
_STEP_S = 0.25


class Mqtt:
    """Tells the broker what has changed, and hears what the light is asked for.

    On `health`, the part `mqtt` is at fault while there is no connection. What the broker
    missed meanwhile is not kept: it is told how everything stands once it is back.
    """

    def __init__(self, settings: MqttSettings, clock: Clock, bed: Bed, *, has_light: bool) -> None:
        self._settings, self._clock, self._bed = settings, clock, bed
        self._telling = Telling(settings, bed, has_light=has_light)
        self._has_light = has_light
        self._said: dict[str, tuple[str, float]] = {}
        self._look_at_s = self._obey_at_s = float("-inf")
        self._order: Order | None = None

    def run(self, stop: threading.Event) -> None:
        """Keep the broker told until `stop` is set."""
        wait_s = FIRST_WAIT_S
        while not stop.is_set():
            begun_s = self._clock.monotonic()
            try:
                self._stay(stop)
            except MqttError as error:
                self._complain(error)
            if self._clock.monotonic() - begun_s >= LONGEST_WAIT_S:
                wait_s = FIRST_WAIT_S
            self._clock.wait(self._clock.monotonic() + wait_s, stop)
            wait_s = min(2.0 * wait_s, LONGEST_WAIT_S)

    def _stay(self, stop: threading.Event) -> None:
        """Connect, and stay until the connection ends or `stop` is set."""
        topics = self._telling.topics
        heard = [topics.home_status] if topics.home_status else []
        heard += [topics.light_set] if self._has_light else []
        wire = Wire(self._settings, self._clock, (topics.status, OFFLINE), heard)
        try:
            self._wait_for_greeting(wire, stop)
            self._said.clear()
            self._look_at_s = float("-inf")
            while not stop.is_set():
                self._tell(wire)
                wire.work(_STEP_S)
                self._hear(wire)
        finally:
            wire.close((topics.status, OFFLINE) if stop.is_set() else None)

    def _wait_for_greeting(self, wire: Wire, stop: threading.Event) -> None:
        until_s = self._clock.monotonic() + KEEPALIVE_S
        while not wire.greeted and not stop.is_set():
            if self._clock.monotonic() > until_s:
                host, port = self._settings.address
                raise BrokerAway(f"{host} port {port} is silent; it may be no MQTT broker")
            wire.work(_STEP_S)
        host, port = self._settings.address
        log.info("told by MQTT, as %s: the broker at %s port %d", self._settings.base, host, port)
        self._bed.health.clear_fault(PART)

    def _complain(self, error: MqttError) -> None:
        """Show it; a broker that is only away may be so for ever, and harms no night."""
        self._bed.health.raise_fault(PART, str(error), calm=isinstance(error, BrokerAway))

    # ── what is told ────────────────────────────────────────────────────────────────────────

    def _tell(self, wire: Wire) -> None:
        now_s = self._clock.monotonic()
        if now_s >= self._look_at_s:
            self._look_at_s = now_s + PERIOD_S
            self._send(wire, self._telling.all(), now_s)

    def _send(self, wire: Wire, words: dict[str, str], now_s: float) -> None:
        """Send what has changed; what the broker has no room for waits for the next look."""
        for topic, payload in words.items():
            said, at_s = self._said.get(topic, ("", float("-inf")))
            if payload != said and now_s - at_s >= PERIOD_S and wire.room:
                wire.send(topic, payload)
                self._said[topic] = payload, now_s

    # ── what is heard ───────────────────────────────────────────────────────────────────────

    def _hear(self, wire: Wire) -> None:
        topics = self._telling.topics
        while wire.received:
            topic, payload, retained = wire.received.popleft()
            if topic == topics.home_status:
                if payload == b"online" and not retained:
                    self._said.pop(topics.discovery, None)
            elif retained:
                log.warning("an order to the light that the broker had kept was left alone")
            else:
                self._take(payload)
        self._obey(wire)

    def _take(self, payload: bytes) -> None:
        try:
            self._order = read(payload)
        except MqttError as error:
            log.warning("an order to the light was ignored: %s", error)

    def _obey(self, wire: Wire) -> None:
        """Do the newest that was asked for; a slider that is dragged asks many times a second."""
        now_s = self._clock.monotonic()
        order = self._order
        if order is None or now_s < self._obey_at_s:
            return
        self._order, self._obey_at_s = None, now_s + _STEP_S
        try:
            obey(self._bed.light, order)
        except PinError as error:
            log.warning("the light could not be set by MQTT: %s", error)
        self._send(wire, self._telling.light(), now_s)
