"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.simulator.lis3dh import Lis3dhModel


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Lis3dhModel, *motion, **making)


def start(desk, *, ctrl1=0x57, ctrl4=0x88):
    desk.write(0x23, ctrl4)
    desk.write(0x24, 0x40)
    desk.write(0x2E, 0x80)
    desk.write(0x20, ctrl1)


def test_it_says_who_it_is_and_sleeps(make):
    desk = make()
    assert desk.read(0x0F) == b"\x33"
    assert desk.read(0x20) == b"\x07"
    desk.clock.advance(1.0)
    assert desk.read(0x2F) == b"\x20"


@pytest.mark.parametrize("missing", [0x20, 0x24, 0x2E])
def test_no_samples_wait_unless_all_three_are_set(make, missing):
    desk = make()
    for register, value in ((0x20, 0x57), (0x24, 0x40), (0x2E, 0x80)):
        if register != missing:
            desk.write(register, value)
    desk.clock.advance(1.0)
    assert desk.read(0x2F) == b"\x20"


def test_without_bit_seven_a_burst_gives_one_register_again_and_again(make):
    desk = make()
    assert desk.read(0x0F, 3) == b"\x33\x33\x33"
    desk.write(0x1E, 0x10)
    desk.chip.write(b"\xa0\x57\x00\x00\x88")  # and with it a write counts up too
    assert desk.read(0x23) == b"\x88"
    start(desk)
    desk.clock.advance(0.05)
    low = desk.read(0xA8, 6)[0]
    assert desk.read(0x28, 6) == bytes([low]) * 6


def test_a_burst_takes_sample_after_sample(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    assert desk.read(0x2F) == b"\x85"
    assert desk.little(0xA8, 18) == [250 << 4, -500 << 4, 1000 << 4] * 3
    assert desk.read(0x2F) == b"\x82"
    desk.read(0xA8, 2)
    assert desk.read(0x2F) == b"\x81"


@pytest.mark.parametrize(("code", "counts"), [(0, 1000), (1, 500), (2, 250), (3, 83)])
def test_full_scale_does_not_go_on_doubling(make, code, counts):
    desk = make()
    start(desk, ctrl4=0x88 | code << 4)
    desk.clock.advance(0.01)
    assert desk.little(0xA8)[2] == counts << 4


def test_resolution(make):
    desk = make()
    start(desk, ctrl4=0x80)  # ten bits
    desk.clock.advance(0.01)
    assert desk.little(0xA8)[2] == 250 << 6
    desk.write(0x20, 0x5F)  # eight
    desk.clock.advance(0.01)
    assert desk.little(0xA8)[2] == 62 << 8


@pytest.mark.parametrize(("code", "rate_hz"), [(4, 50.0), (5, 100.0), (6, 200.0)])
def test_rate(make, code, rate_hz):
    desk = make(rate_error=-0.05)
    start(desk, ctrl1=code << 4 | 7)
    made = 0
    for _ in range(20):
        desk.clock.advance(0.1)
        there = desk.read(0x2F)[0] & 0x1F
        made += there
        desk.read(0xA8, 6 * there)
    assert made == pytest.approx(2.0 * rate_hz * 0.95, abs=1)
    assert desk.chip.low_pass_hz == rate_hz / 2


def test_a_full_fifo_is_31_and_a_flag(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.31)
    assert desk.read(0x2F) == b"\x9f"
    desk.clock.advance(0.01)
    assert desk.read(0x2F) == b"\xdf"
    desk.clock.advance(5.0)
    assert desk.read(0x2F) == b"\xdf"
    desk.read(0xA8, 6)
    assert desk.read(0x2F) == b"\x9f"


def test_the_watermark_is_a_flag_of_its_own(make):
    desk = make()
    start(desk)
    desk.write(0x2E, 0x85)
    desk.clock.advance(0.05)
    assert desk.read(0x2F) == b"\x05"
    desk.clock.advance(0.01)
    assert desk.read(0x2F) == b"\x86"


def test_bypass_empties_it(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    desk.write(0x2E, 0x00)
    assert desk.read(0x2F) == b"\x20"
    assert desk.little(0xA8)[2] == 1000 << 4


def test_boot_loads_the_trimming_and_leaves_the_settings(make):
    desk = make()
    desk.write(0x21, 0x08)
    desk.write(0x24, 0x80)
    desk.write(0x21, 0x00)  # too early
    assert (desk.read(0x21), desk.read(0x24)) == (b"\x08", b"\x00")
    desk.clock.advance(0.01)
    desk.write(0x21, 0x00)
    assert desk.read(0x21) == b"\x00"


def test_the_high_pass_takes_gravity_away(make):
    desk = make()
    desk.write(0x21, 0x08)
    start(desk)
    desk.clock.advance(0.01)
    assert np.abs(desk.little(0xA8)).max() <= 16


def test_what_cannot_be_written_stays(make):
    desk = make()
    desk.write(0x0F, 0x00)
    desk.write(0x2F, 0x05)
    assert (desk.read(0x0F), desk.read(0x2F)) == (b"\x33", b"\x20")
