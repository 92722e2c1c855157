"""Numbers for Prometheus, in its text format 0.0.4: only to whom the settings name.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Request, Response, request
from werkzeug.exceptions import Forbidden

from bedside import __version__
from bedside.health import Fact
from bedside.web.house import House
from bedside.web.now import Now, look
from bedside.web.proxies import address_of, networks
from bedside.web.visitors import visitor

ADDRESS = "/metrics"
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Sample(NamedTuple):
    """One number; `labels` tell it from others of its name."""

    value: float
    labels: Mapping[str, str] = {}


class Metric(NamedTuple):
    """Numbers of one name; none where nothing is known."""

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]


class Readers:
    """Who may read the numbers without a login.

    Parameters
    ----------
    named : addresses or networks, with commas between them.
    """

    def __init__(self, named: str) -> None:
        self._networks = networks(named)

    def admits(self, asked: Request) -> bool:
        """Whether a request for the numbers may be answered.

        This machine itself counts only where the login would count it as the device: a proxy
        on it that nobody named would otherwise let in whoever asks it.
        """
        address = address_of(asked.remote_addr or "")
        if asked.path != ADDRESS or address is None:
            return False
        if address.is_loopback and not visitor().device:
            return False
        return any(address in network for network in self._networks)


def metrics(house: House, readers: Readers) -> Blueprint:
    """Make the address, to be registered with the app."""
    blueprint = Blueprint("metrics", __name__)
    started_s = house.clock.monotonic()

    @blueprint.get(ADDRESS)
    def give() -> Response:
        if not readers.admits(request):
            raise Forbidden("These numbers are given to the addresses in [web] metrics_from.")
        uptime_s = house.clock.monotonic() - started_s
        return Response(written(_all(house, uptime_s)), content_type=_TYPE)

    return blueprint


def written(found: Iterable[Metric]) -> str:
    """Write the numbers as Prometheus reads them; what has no sample is left out."""
    lines = []
    for metric in found:
        if metric.samples:
            lines.append(f"# HELP {metric.name} {metric.help}")
            lines.append(f"# TYPE {metric.name} {metric.kind}")
        lines += [f"{metric.name}{_labels(labels)} {value!r}" for value, labels in metric.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = (f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{','.join(pairs)}}}" if labels else ""


def _all(house: House, uptime_s: float) -> Iterator[Metric]:
    """Everything; nothing of it has a night scored."""
    now, facts = look(house.health), house.health.facts()
    about = {"version": __version__, "sensor": str(facts.get("sensor", ""))}
    yield Metric("bedside_info", "gauge", "What runs here.", (Sample(1.0, about),))
    yield _gauge("up", "Whether the program runs.", 1.0)
    yield _gauge("uptime_seconds", "Since the program started.", uptime_s)
    yield from _recording(now, facts)
    yield from _bed(house)
    yield from _database(house)


def _recording(now: Now, facts: Mapping[str, Fact]) -> Iterator[Metric]:
    yield _gauge("recording", "Whether what moves the bed now is kept.", now.recording)
    yield _gauge("last_sample_age_seconds", "Age of the newest sample.", now.age_s)
    yield _gauge("odr_hertz", "Samples a second, as measured.", _number(facts, "odr_hz"))
    for name, what in (
        ("bus_errors", "Transfers on the I2C bus that failed."),
        ("overruns", "Times the sensor's buffer ran over."),
        ("gaps", "Gaps in the samples."),
    ):
        yield _total(name, what, _number(facts, name) or 0.0)
    faults = tuple(
        Sample(1.0, {"part": fault.part, "calm": "true" if fault.calm else "false"})
        for fault in (*now.faults, *now.notes)
    )
    yield Metric("bedside_fault", "gauge", "A part that does not do as it should.", faults)
    yield _gauge("faults", "How many parts do not.", len(faults))


def _bed(house: House) -> Iterator[Metric]:
    heard, room = house.heard(), house.room()
    yield _gauge("in_bed", "Whether somebody is in bed; absent while unknown.", heard.present)
    yield _gauge("breaths_per_minute", "Of the last minute told.", heard.breaths_per_min)
    yield _gauge("room_temperature_celsius", "Of the room.", room.c)
    humidity = None if room.humidity is None else room.humidity / 100.0
    yield _gauge("room_humidity_ratio", "Of the room, 0 to 1.", humidity)
    level = None if house.light.refusal else house.light.now.level
    yield _gauge("light_level_ratio", "Perceived brightness of the light, 0 to 1.", level)


def _database(house: House) -> Iterator[Metric]:
    store, path = house.store, house.store.path
    files = (path, Path(f"{path}-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    yield _gauge("database_bytes", "Of the database with its journal.", size)
    yield _gauge("rows_waiting", "Records that are not on the disk yet.", store.waiting)
    yield _total("rows_dropped", "Records lost since the disk took none.", store.dropped)
    yield _gauge("clock_known", "Whether the time of day is known.", house.clock.known())


def _gauge(name: str, what: str, value: float | None) -> Metric:
    samples = () if value is None else (Sample(float(value)),)
    return Metric(f"bedside_{name}", "gauge", what, samples)


def _total(name: str, what: str, value: float) -> Metric:
    return Metric(f"bedside_{name}_total", "counter", what, (Sample(float(value)),))


def _number(facts: Mapping[str, Fact], name: str) -> float | None:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else None
