"""Somebody beside the sleeper."""

from dataclasses import replace

import pytest

from bedside.pipeline.beside import KNOWN_S, Beside
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

OWN = ("jerk", "limb_movement", "turn", "bed_entry", "bed_exit")


@pytest.fixture
def beside():
    """Five turns of the sleeper's are known."""
    known = Beside()
    for pitch in (2.0, 1.9, 2.1, 2.0, 2.2):
        known.learn(pitch, 300.0)
    return known


def test_nothing_is_far_before_the_sleeper_is_known():
    assert not Beside().is_far(0.0, 5.0, 0.5, 10.0)


def test_a_low_long_burst_is_far_and_a_low_short_one_is_not(beside):
    assert not beside.is_far(0.0, 0.4, 1.5, 10.0)
    assert beside.is_far(1.0, 1.0, 1.5, 10.0)
    assert not beside.is_far(2.0, 1.0, 2.0, 10.0)


def test_once_somebody_is_known_weak_short_bursts_are_theirs_for_a_while(beside):
    weak = (0.2, 1.9, 8.0)
    assert not beside.is_far(0.0, *weak)
    assert beside.is_far(10.0, 4.0, 1.5, 60.0)
    assert beside.is_far(30.0, 4.0, 1.5, 60.0)
    assert not beside.is_far(40.0, *weak)
    assert beside.is_far(1000.0, 4.0, 1.5, 60.0)
    assert beside.is_far(1010.0, *weak)
    assert not beside.is_far(1020.0, 0.2, 1.9, 200.0)
    assert not beside.is_far(1010.0 + KNOWN_S, *weak)


def test_turns_and_entries_are_theirs_only_once_they_are_known(beside):
    assert not beside.is_far_turn(0.0, 1.2)
    assert not beside.is_far_entry(0.0, 1.2)
    beside.is_far(1.0, 4.0, 1.2, 60.0)
    beside.is_far(1001.0, 4.0, 1.2, 60.0)
    assert beside.is_far_turn(1002.0, 1.2)
    assert beside.is_far_entry(1002.0, 1.2)
    assert not beside.is_far_turn(1002.0, 2.0)
    assert not beside.is_far_entry(1002.0, 2.0)


def test_a_partners_movements_are_told_from_the_sleepers(hear):
    """Two nights' beginnings: few of the partner's are counted, few of the sleeper's lost."""
    counted, heard_of, lost, own = 0, 0, 0, 0
    for seed in (11, 13):
        night = record(replace(PROFILES["partner"], opening="lying"), "adxl355", seed, 4 * 3600.0)
        heard = hear(night)
        told = [m for m in heard.movements if m.kind in OWN]
        far = [m for m in heard.movements if m.far]
        theirs = [h for h in night.truth.happenings if h.cause == "partner"]
        mine = [h for h in night.truth.happenings if h.kind in OWN and not h.faint]
        counted += sum(touches(h, told) and not touches(h, mine) for h in theirs)
        heard_of += sum(touches(h, told) or touches(h, far) for h in theirs)
        lost += sum(not touches(h, told) for h in mine)
        own += len(mine)
    assert heard_of >= 10
    assert counted <= 0.6 * heard_of
    assert lost <= 0.1 * own


def touches(event, others):
    return any(o.start_s <= event.end_s + 0.3 and event.start_s <= o.end_s + 0.3 for o in others)
