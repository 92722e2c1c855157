"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.simulator.adxl355 import Adxl355Model


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Adxl355Model, *motion, **making)


def start(desk, *, scale=0x81, rate=0x05):
    desk.write(0x28, rate)
    desk.write(0x2C, scale)
    desk.write(0x2D, 0x00)


def word(raw):
    """20 bits from the left, and the two marks."""
    return int.from_bytes(raw, "big", signed=True) >> 4, raw[2] & 3


def words(desk, n):
    raw = desk.read(0x11, 3 * n)
    return [word(raw[3 * at : 3 * at + 3]) for at in range(n)]


def test_it_says_who_it_is_and_stands_by(make):
    desk = make()
    assert desk.read(0x00, 3) == b"\xad\x1d\xed"
    assert desk.read(0x2C, 2) == b"\x81\x01"
    desk.clock.advance(1.0)
    assert desk.read(0x05) == b"\x00"


@pytest.mark.parametrize(("code", "rate_hz"), [(6, 62.5), (5, 125.0), (4, 250.0)])
def test_rate(make, code, rate_hz):
    desk = make(rate_error=0.02)
    start(desk, rate=code)
    made = 0
    for _ in range(20):
        desk.clock.advance(0.1)
        there = desk.read(0x05)[0]
        made += there // 3
        desk.read(0x11, 3 * there)
    assert made == pytest.approx(2.0 * rate_hz * 1.02, abs=1)
    assert desk.chip.low_pass_hz == rate_hz / 4


@pytest.mark.parametrize(
    ("scale", "counts"),
    [
        (0x81, [64000, -128000, 256000]),
        (0x82, [32000, -64000, 128000]),
        (0x83, [16000, -32000, 64000]),
    ],
)
def test_words_are_20_bits_and_x_is_marked(make, scale, counts):
    desk = make()
    start(desk, scale=scale)
    desk.clock.advance(0.02)
    assert desk.read(0x05) == b"\x06"
    assert words(desk, 6) == [*zip(counts, (1, 0, 0), strict=True)] * 2


def test_an_empty_fifo_says_so_in_each_word(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.01)
    assert [marks for _, marks in words(desk, 5)] == [1, 0, 0, 2, 2]


def test_a_word_begun_is_gone(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    desk.read(0x11, 4)
    assert [marks for _, marks in words(desk, 2)] == [0, 1]


def test_an_overrun_is_told_once(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.2)
    assert desk.read(0x04, 2) == bytes([0x01, 75])
    desk.clock.advance(1.0)
    assert desk.read(0x04, 2) == bytes([0x07, 96])
    assert desk.read(0x04, 2) == bytes([0x03, 96])
    assert words(desk, 1)[0][1] == 1


def test_a_reset_takes_its_time_and_stands_by(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    shadow = desk.read(0x50, 5)
    desk.write(0x2F, 0x52)
    desk.write(0x2D, 0x00)  # too early
    assert desk.read(0x2D) == b"\x01"
    desk.clock.advance(0.006)
    desk.write(0x2D, 0x00)
    assert desk.read(0x2D) == b"\x00"
    assert desk.read(0x50, 5) == shadow


def test_any_other_code_is_no_reset(make):
    desk = make()
    start(desk)
    desk.write(0x2F, 0x51)
    assert desk.read(0x28) == b"\x05"


def test_a_reset_may_go_wrong_and_then_the_scale_is_wrong(make):
    desk = make(bad_resets=1)
    shadow = desk.read(0x50, 5)
    desk.write(0x2F, 0x52)
    desk.clock.advance(0.01)
    assert desk.read(0x50, 5) != shadow
    start(desk)
    desk.clock.advance(0.01)
    assert words(desk, 3)[2] == (204800, 0)
    desk.write(0x2F, 0x52)
    desk.clock.advance(0.01)
    assert desk.read(0x50, 5) == shadow


def test_counts_end_at_20_bits(make):
    desk = make(lambda t: np.tile([5.0, -5.0, 0.0], (len(t), 1)))
    start(desk)
    desk.clock.advance(0.01)
    assert [count for count, _ in words(desk, 3)] == [2**19 - 1, -(2**19), 0]


@pytest.mark.parametrize(("celsius", "raw"), [(25.0, 1885), (35.0, 1794), (15.0, 1976)])
def test_thermometer(make, celsius, raw):
    desk = make(temperature_c=celsius)
    assert int.from_bytes(desk.read(0x06, 2), "big") == pytest.approx(raw, abs=1)


def test_what_cannot_be_written_stays(make):
    desk = make()
    desk.write(0x00, 0x00)
    desk.write(0x05, 0x05)
    desk.write(0x50, 0x00)
    assert (desk.read(0x00), desk.read(0x05)) == (b"\xad", b"\x00")
    assert desk.read(0x50) != b"\x00"
