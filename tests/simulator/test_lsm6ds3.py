"""The model against the data sheet, byte by byte; no driver in between."""

import pytest

from bedside.simulator.lsm6ds3 import Lsm6ds3Model


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Lsm6ds3Model, *motion, **making)


def start(desk):
    desk.write(0x10, 0x40)
    desk.clock.advance(0.1)
    desk.write(0x08, 0x01)
    desk.write(0x0A, 0x26)


def status(desk):
    """Words, flags, place in the pattern."""
    low, high, place, _ = desk.read(0x3A, 4)
    return (high & 0x0F) << 8 | low, high & 0xF0, place


@pytest.mark.parametrize("identity", [0x69, 0x6A])
def test_it_says_who_it_is_and_sleeps(make, identity):
    desk = make(identity=identity)
    assert desk.read(0x0F)[0] == identity
    desk.clock.advance(1.0)
    assert status(desk) == (0, 0x10, 0)


@pytest.mark.parametrize("missing", [0x08, 0x0A, 0x10])
def test_no_words_unless_all_three_are_set(make, missing):
    desk = make()
    for register, value in ((0x08, 0x01), (0x0A, 0x26), (0x10, 0x40)):
        if register != missing:
            desk.write(register, value)
    desk.clock.advance(1.0)
    assert status(desk)[0] == 0


def test_words_come_in_threes_and_the_first_three_are_of_no_use(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    assert status(desk) == (15, 0x00, 0)
    first, *rest = [desk.little(0x3E) for _ in range(5)]
    assert first == [0x7FFD] * 3
    assert rest == [[4098, -8197, 16393]] * 4
    assert status(desk) == (0, 0x10, 0)


def test_a_burst_goes_round_within_its_two_bytes(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    assert desk.little(0x3E, 30)[3:6] == [4098, -8197, 16393]


def test_the_place_in_the_pattern_shows_a_word_that_was_taken(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    desk.read(0x3E, 2)
    assert status(desk) == (14, 0x00, 1)
    desk.read(0x3E, 1)  # half a word is a word
    assert status(desk) == (13, 0x00, 2)
    desk.read(0x3E, 2)
    assert status(desk) == (12, 0x00, 0)


@pytest.mark.parametrize(("identity", "words"), [(0x69, 4096), (0x6A, 2048)])
def test_an_overrun_drops_the_oldest_words_and_leaves_the_pattern(make, identity, words):
    desk = make(identity=identity)
    start(desk)
    desk.clock.advance((words // 3 - 2) / 104.0)
    assert status(desk) == (words // 3 * 3 - 6, 0x00, 0)
    desk.clock.advance(30.0)
    told, flags, place = status(desk)
    assert told == 0  # all of them do not fit the bits there are
    assert flags == 0x60
    assert place != 0


def test_bypass_empties_it_and_begins_the_pattern_anew(make):
    desk = make()
    start(desk)
    desk.clock.advance(60.0)
    desk.write(0x0A, 0x00)
    assert status(desk) == (0, 0x10, 0)
    desk.write(0x0A, 0x26)
    desk.clock.advance(0.05)
    assert status(desk) == (15, 0x00, 0)


@pytest.mark.parametrize(("identity", "raw"), [(0x69, 104), (0x6A, 1664)])
def test_thermometers_differ(make, identity, raw):
    assert make(identity=identity, temperature_c=31.5).little(0x20, 2) == [raw]


def test_low_passes_differ(make):
    analog, digital = make(), make(identity=0x6A)
    for desk in (analog, digital):
        desk.write(0x10, 0x40)
    assert (analog.chip.low_pass_hz, digital.chip.low_pass_hz) == (50.0, 52.0)
    analog.write(0x10, 0x50)
    assert analog.chip.low_pass_hz == 100.0
    analog.write(0x13, 0x80)
    assert analog.chip.low_pass_hz == 400.0
    analog.write(0x10, 0x53)
    assert analog.chip.low_pass_hz == 50.0
    digital.write(0x10, 0x42)
    assert digital.chip.low_pass_hz == 26.0
