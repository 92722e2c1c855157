"""The first guess that the bed was left."""

from dataclasses import replace

import pytest

from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.samples import Block
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record


@pytest.fixture(scope="module")
def hour():
    """Into an empty bed, and out of it again, with the steps away."""
    return record("ordinary", "adxl355", 5, duration_s=3600.0)


def exits(night):
    return [h for h in night.truth.happenings if h.kind == "bed_exit"]


def test_an_exit_is_guessed_within_seconds(hour, hear):
    (out,) = exits(hour)
    guessed = hear(hour).leavings
    assert len(guessed) == 1
    assert 0.0 < guessed[0] - out.end_s < 5.0


def test_a_guess_comes_long_before_the_proof(hour):
    (out,) = exits(hour)
    listener, seen = Listener(100.0), Heard()
    for first in range(0, len(hour.t), 50):
        some = slice(first, first + 50)
        heard = listener.update(Block(hour.t[some], hour.xyz[some]))
        if heard.leavings:
            seen = heard
            break
    assert hour.t[first + 49] - out.end_s < 7.0
    assert "bed_exit" not in {m.kind for m in seen.movements}


def test_whoever_lies_awake_and_turns_does_not_leave(hear):
    restless = replace(PROFILES["ordinary"], opening="empty", sol_min=(60.0, 61.0))
    night = record(restless, "lsm6dso", 21, duration_s=4 * 3600.0)
    turns = [h for h in night.truth.happenings if h.kind == "turn"]
    assert len(turns) >= 20
    left = [out.end_s for out in exits(night)]
    assert [t for t in hear(night).leavings if not any(0 < t - out_s < 8 for out_s in left)] == []


def test_without_an_empty_bed_ever_seen_the_silent_heart_tells(hear):
    """On a slat a heart is far above an ADXL355's noise."""
    lying = replace(PROFILES["slat"], opening="lying", sol_min=(5.0, 6.0))
    found = []
    for seed in (5, 6, 7, 8):
        night = record(lying, "adxl355", seed, duration_s=2700.0)
        guessed = hear(night).leavings
        found += [any(0.0 < t - out.end_s < 9.0 for t in guessed) for out in exits(night)]
    assert len(found) >= 2
    assert all(found)


def test_nobody_leaves_an_empty_bed(hear):
    empty = record(replace(PROFILES["noisy_house"], opening="never"), "adxl355", 3, 1800.0)
    assert hear(empty).leavings == []
