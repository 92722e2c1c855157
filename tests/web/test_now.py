from datetime import UTC

import pytest

from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.web.now import ago, look


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def health(clock):
    return Health(clock)


def test_before_the_first_sample_it_is_starting(health):
    assert (look(health).status, look(health).recording) == ("starting", False)


def test_with_fresh_samples_all_is_well(health, clock):
    health.beat("samples")
    clock.advance(3)

    assert (look(health).status, look(health).recording, look(health).age_s) == ("ok", True, 3)


def test_samples_that_are_old_are_not_recorded(health, clock):
    health.beat("samples")
    clock.advance(11)

    now = look(health)
    assert (now.status, now.recording) == ("not recording", False)
    assert now.warnings(UTC, clock_known=True) == (now.in_a_word(),)


@pytest.mark.parametrize("part", ["sensor", "disk"])
def test_a_part_that_is_needed(health, part):
    health.beat("samples")
    health.raise_fault(part, "It does not work.")

    assert (look(health).status, look(health).recording) == ("not recording", False)


def test_another_part_only_makes_the_night_poorer(health):
    health.beat("samples")
    health.raise_fault("thermometer", "Nobody answers at 0x76.")

    assert (look(health).status, look(health).recording) == ("impaired", True)


@pytest.mark.parametrize(
    ("age_s", "said"),
    [(0.4, "a moment ago"), (12.2, "12 s ago"), (119, "119 s ago"), (121, "2 min ago"),
     (7300, "2 h ago")],
)  # fmt: skip
def test_ages_are_said_in_round_numbers(age_s, said):
    assert ago(age_s) == said


def test_what_has_lasted_and_does_no_harm_is_a_note_and_no_fault(health):
    health.beat("samples")
    health.raise_fault("clock", "There is no time server.", calm=True)

    now = look(health)

    assert (now.status, now.faults) == ("ok", ())
    assert [note.part for note in now.notes] == ["clock"]
    assert now.warnings(UTC, clock_known=False) == ()
    assert now.in_a_word() == "The sensor is listening; the time of day is not known."
