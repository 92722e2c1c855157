from dataclasses import replace

import numpy as np
import pytest

from bedside.simulator.outline import doze, night
from bedside.simulator.profiles import PROFILES

ORDINARY = PROFILES["ordinary"]


@pytest.mark.parametrize("length_s", [60.0, 300.0, 900.0, 7200.0, 28800.0])
def test_a_night_of_any_length_stays_within_itself(length_s: float) -> None:
    for seed in range(30):
        outline = night(ORDINARY, np.random.default_rng(seed), length_s)
        for spans in (outline.presence, outline.asleep, outline.sitting):
            edges = [edge for span in spans for edge in span]
            assert edges == sorted(edges)
            assert all(0.0 <= edge <= length_s for edge in edges)
        for start_s, end_s in outline.asleep:
            assert any(a <= start_s and end_s <= b for a, b in outline.presence)


def test_a_night_begins_and_ends_in_all_ways_and_has_its_awakenings() -> None:
    nights = [night(ORDINARY, np.random.default_rng(seed), 28800.0) for seed in range(200)]
    lying = sum(n.presence[0][0] == 0.0 for n in nights)
    edge = sum(bool(n.sitting) and n.sitting[0][0] < n.asleep[0][0] for n in nights)
    got_up = sum(n.presence[-1][1] < 28800.0 for n in nights)
    trips = sum(len(n.presence) == 2 for n in nights)
    awakenings = np.mean([len(n.asleep) - 1 for n in nights])
    assert 15 <= lying <= 50
    assert 15 <= edge <= 50
    assert 150 <= got_up <= 190
    assert 35 <= trips <= 90
    assert 1.5 <= awakenings <= 3.5


def test_sleep_comes_within_the_profiles_time() -> None:
    for seed in range(50):
        outline = night(ORDINARY, np.random.default_rng(seed), 28800.0)
        settled_s = max(
            [h.end_s for h in outline.happenings if h.end_s < outline.asleep[0][0]], default=0.0
        )
        assert 300.0 <= outline.asleep[0][0] - settled_s <= 1800.0


def test_nobody_comes_to_a_bed_that_stays_empty() -> None:
    outline = night(replace(ORDINARY, opening="never"), np.random.default_rng(1), 28800.0)
    assert not outline.presence
    assert not outline.asleep
    assert not outline.happenings


@pytest.mark.parametrize("lying", [False, True])
def test_after_the_night_somebody_dozes_in_bed(lying: bool) -> None:
    for seed in range(20):
        outline = doze(np.random.default_rng(seed), 28800.0, 32400.0, lying=lying)
        (start_s, end_s) = outline.presence[0]
        assert end_s == 32400.0
        assert start_s == 28800.0 if lying else 28800.0 < start_s < 29000.0
        asleep_s = sum(b - a for a, b in outline.asleep)
        assert 2400.0 < asleep_s < 3500.0
