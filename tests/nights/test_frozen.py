"""A scored night, packed and unpacked."""

import json
import zlib
from dataclasses import replace

from bedside.nights.frozen import freeze, thaw
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.listener import Minute
from bedside.pipeline.movements import Movement
from bedside.pipeline.night import score
from bedside.pipeline.recorded import LightChange, Recorded, Temperature
from bedside.pipeline.samples import Span

ROOM = ComfortSettings()


def recorded(**changes):
    """Eight hours in bed with everything in them, periodic movements too."""
    onsets = [3600.0 + 25.0 * i for i in range(40)] + [9000.0, 9002.0, 9003.5, 15_000.0]
    kinds = ["limb_movement"] * 40 + ["jerk", "jerk", "jerk", "turn"]
    movements = tuple(
        Movement(t_s, t_s + 1.5, kind, 30.0, 2.0, 3.0)
        for t_s, kind in zip(onsets, kinds, strict=True)
    )
    minutes = tuple(Minute(60.0 * i, 60.0, 1.0, 1.0, 4.0, 14.0, 0.9) for i in range(480))
    night = Recorded(
        start_s=0.0,
        end_s=30_000.0,
        movements=(*movements, Movement(16_000.0, 16_001.0, "disturbance", 9.0, 1.0, 0.0)),
        presence=(Span(0.0, 20_000.0), Span(20_300.0, 28_800.0)),
        heard=(Span(0.0, 28_800.0),),
        minutes=minutes,
        light=(LightChange(100.0, 0.5, "bed exit"),),
        temperatures=tuple(Temperature(600.0 * i, 18.0 + i % 7) for i in range(48)),
    )
    return replace(night, **changes)


def test_a_night_comes_back_equal():
    night = score(recorded(), room=ROOM)

    assert night.series
    assert night.comfort is not None
    assert thaw(freeze(night), night.recorded, ROOM) == night


def test_an_empty_night_comes_back_equal():
    empty = score(
        recorded(movements=(), presence=(), minutes=(), temperatures=(), light=()), room=ROOM
    )

    assert empty.sleep is None
    assert thaw(freeze(empty), empty.recorded, ROOM) == empty


def test_a_night_is_small():
    assert len(freeze(score(recorded(), room=ROOM))) < 10_000


def test_what_another_program_packed_is_not_taken():
    night = score(recorded(), room=ROOM)
    packed = json.loads(zlib.decompress(freeze(night)))
    spoilt = [
        b"",
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(json.dumps({**packed, "dreams": 3}).encode()),
        zlib.compress(json.dumps({**packed, "sleep": 3}).encode()),
        zlib.compress(json.dumps({k: v for k, v in packed.items() if k != "sleep"}).encode()),
    ]

    assert [thaw(frozen, night.recorded, ROOM) for frozen in spoilt] == [None] * len(spoilt)
