"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.simulator.adxl345 import Adxl345Model


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Adxl345Model, *motion, **making)


def start(desk, *, form=0x08, rate=0x0A):
    desk.write(0x31, form)
    desk.write(0x2C, rate)
    desk.write(0x38, 0x80)
    desk.write(0x2D, 0x08)


def level(desk):
    return desk.read(0x39)[0] & 0x3F


def test_it_says_who_it_is_and_stands_by(make):
    desk = make()
    assert desk.read(0x00) == b"\xe5"
    assert desk.read(0x2C, 2) == b"\x0a\x00"
    desk.write(0x38, 0x80)
    desk.clock.advance(1.0)
    assert level(desk) == 0


def test_without_the_fifo_the_newest_sample_is_there(make):
    desk = make()
    desk.write(0x31, 0x08)
    desk.write(0x2D, 0x08)
    desk.clock.advance(1.0)
    assert level(desk) == 0
    assert desk.little(0x32) == [64, -128, 256]


@pytest.mark.parametrize(("code", "rate_hz"), [(9, 50.0), (10, 100.0), (11, 200.0)])
def test_rate(make, code, rate_hz):
    desk = make(rate_error=0.04)
    start(desk, rate=code)
    made = 0
    for _ in range(40):
        desk.clock.advance(0.05)
        there = level(desk)
        made += there
        for _ in range(there):
            desk.read(0x32, 6)
    assert made == pytest.approx(2.0 * rate_hz * 1.04, abs=1)
    assert desk.chip.low_pass_hz == rate_hz / 2


def test_a_read_takes_one_sample_however_long_it_is(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    assert level(desk) == 10
    assert desk.little(0x32) == [64, -128, 256]
    assert level(desk) == 9
    desk.read(0x32, 3)  # half a sample is a sample
    assert level(desk) == 8
    assert desk.read(0x32, 8)[6:] == b"\x80\x07"  # it goes on to the next registers, not samples
    assert level(desk) == 7
    assert desk.little(0x34, 4) == [-128, 256]
    assert level(desk) == 6


def test_an_empty_fifo_gives_the_last_sample_again(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.01)
    first = desk.read(0x32, 6)
    assert desk.read(0x32, 6) == first


@pytest.mark.parametrize(
    ("form", "counts"),
    [
        (0x08, [128, -256, 511]),
        (0x09, [128, -256, 768]),
        (0x0B, [128, -256, 768]),
        (0x00, [128, -256, 511]),
        (0x01, [64, -128, 384]),
        (0x03, [16, -32, 96]),
    ],
)
def test_full_resolution_keeps_its_scale_and_ten_bits_do_not(make, form, counts):
    desk = make(lambda t: np.tile([0.5, -1.0, 3.0], (len(t), 1)))
    start(desk, form=form)
    desk.clock.advance(0.01)
    assert desk.little(0x32) == counts


def test_an_overrun_drops_the_oldest_sample_until_one_is_read(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.32)
    assert (level(desk), desk.read(0x30)[0] & 1) == (32, 0)
    desk.clock.advance(1.0)
    assert (level(desk), desk.read(0x30)[0] & 1) == (32, 1)
    desk.read(0x32, 6)
    assert (level(desk), desk.read(0x30)[0] & 1) == (31, 0)


def test_bypass_empties_it(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    desk.write(0x38, 0x00)
    assert level(desk) == 0
    desk.write(0x38, 0x80)
    desk.clock.advance(0.05)
    assert level(desk) == 5


def test_offsets_are_left_over_until_power_goes(make):
    desk = make()
    start(desk)
    desk.write(0x1E, 0x40)
    desk.clock.advance(0.01)
    assert desk.little(0x32)[0] == 64 + 256
    desk.chip.brown_out()
    assert desk.read(0x1E) == b"\x00"
    assert desk.read(0x2D) == b"\x00"


def test_what_cannot_be_written_stays(make):
    desk = make()
    desk.write(0x00, 0x00)
    desk.write(0x39, 0x05)
    assert (desk.read(0x00), level(desk)) == (b"\xe5", 0)
