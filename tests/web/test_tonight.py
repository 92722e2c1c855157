import pytest

from bedside.climate import Room
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.listener import Heard
from bedside.pipeline.movements import Movement
from bedside.web.moments import Moments
from bedside.web.tonight import MOST_MOVEMENTS, loudest, room_in_words, tonight


@pytest.fixture
def look(bedroom):
    """Look around in a bedroom whose sensor answers."""
    bedroom.health.beat("samples")
    bedroom.light.step()
    house = _House(bedroom)
    return lambda: tonight(house, Moments(house), night=False)


class _House:
    """As much of the house as is looked at."""

    def __init__(self, bedroom):
        self.clock, self.health, self.light = bedroom.clock, bedroom.health, bedroom.light
        self.nights, self.live = bedroom.nights, bedroom.live
        self.heard, self.room = lambda: bedroom.heard, lambda: bedroom.room
        self.comfort = ComfortSettings


def moved(kind, at_s, cause="", far=False):
    return Movement(at_s, at_s + 1.0, kind, 42.4, 1.0, 0.0, far=far, cause=cause)


@pytest.mark.parametrize(
    ("movement", "words"),
    [
        (("jerk", ""), "Jerk, 42 mg"),
        (("limb_movement", ""), "Limb movement, 42 mg"),
        (("bed_exit", ""), "Left the bed, 42 mg"),
        (("disturbance", "door"), "Not the sleeper: a door, 42 mg"),
        (("disturbance", ""), "Not the sleeper, 42 mg"),
        (("jerk", "", True), "Not the sleeper: somebody else in the bed, 42 mg"),
    ],
)
def test_what_was_felt(bedroom, look, movement, words):
    kind, cause, *far = movement
    at_s = bedroom.clock.monotonic()
    bedroom.live.take(Heard(movements=[moved(kind, at_s, cause, bool(far))]))

    assert look().moves == (("20:00", words),)


def test_the_newest_comes_first_and_not_all_are_told(bedroom, look):
    now_s = bedroom.clock.monotonic()
    bedroom.live.take(Heard(movements=[moved("jerk", now_s - 600.0 + 60.0 * n) for n in range(9)]))

    times = [at for at, _ in look().moves]

    assert len(times) == MOST_MOVEMENTS
    assert times == sorted(times, reverse=True)


def test_it_stays_the_same_while_nothing_happens(bedroom, look):
    bedroom.room = Room(age_s=700.0)
    first = look()
    bedroom.clock.advance(2.0)
    bedroom.room = Room(age_s=702.0)

    assert look() == first


def test_faults_are_told(bedroom, look):
    bedroom.health.raise_fault("disk", "the disk is full: delete something")

    said = look()

    assert said.warnings == ("Since 20:00: The disk is full: delete something.",)
    assert said.state == "unknown"  # the sensor answers all the same


@pytest.mark.parametrize(
    ("swings", "words"),
    [
        ([], "Nothing has been heard in the last minute."),
        ([(3.0, 1.0), (2.0, 1.2)], "Quiet for the last minute."),
        ([(33.4, 1.0), (12.6, 40.2)], "Strongest in the last minute: 40 mg, 13 s ago."),
    ],
)
def test_the_strip_in_words(swings, words):
    assert loudest(swings, 1.0) == words


def test_the_room_rounds_its_age_down():
    assert "1 min old" in room_in_words(Room(age_s=95.0), ComfortSettings())
    assert "1 min old" in room_in_words(Room(age_s=20.0), ComfortSettings())
