"""The model against the data sheet, byte by byte; no driver in between."""

import pytest

from bedside.simulator.lis2dw12 import Lis2dw12Model


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Lis2dw12Model, *motion, **making)


def start(desk, *, ctrl1=0x54, ctrl6=0x00):
    desk.write(0x25, ctrl6)
    desk.write(0x2E, 0xC0)
    desk.write(0x20, ctrl1)


def test_it_says_who_it_is_and_sleeps(make):
    desk = make()
    assert desk.read(0x0F) == b"\x44"
    assert desk.read(0x20, 2) == b"\x00\x04"
    desk.clock.advance(1.0)
    assert desk.read(0x2F) == b"\x00"


@pytest.mark.parametrize("missing", [0x20, 0x2E])
def test_no_samples_wait_unless_both_are_set(make, missing):
    desk = make()
    for register, value in ((0x20, 0x54), (0x2E, 0xC0)):
        if register != missing:
            desk.write(register, value)
    desk.clock.advance(1.0)
    assert desk.read(0x2F) == b"\x00"


def test_a_burst_takes_sample_after_sample(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    assert desk.read(0x2F) == b"\x85"
    assert desk.little(0x28, 18) == [1025 << 2, -2049 << 2, 4098 << 2] * 3
    assert desk.read(0x2F) == b"\x82"
    desk.read(0x28, 2)
    assert desk.read(0x2F) == b"\x81"


def test_without_counting_up_a_burst_stays(make):
    desk = make()
    start(desk)
    desk.write(0x21, 0x00)
    desk.clock.advance(0.05)
    assert desk.read(0x0F, 3) == b"\x44\x44\x44"
    assert len(set(desk.read(0x28, 6))) == 1


@pytest.mark.parametrize(("code", "counts"), [(0, 4098), (1, 2049), (2, 1025), (3, 512)])
def test_full_scale(make, code, counts):
    desk = make()
    start(desk, ctrl6=code << 4)
    desk.clock.advance(0.01)
    assert desk.little(0x28)[2] == counts << 2


def test_saving_power_costs_two_bits(make):
    desk = make()
    start(desk, ctrl1=0x50)
    desk.clock.advance(0.01)
    assert desk.little(0x28)[2] == 1025 << 4


@pytest.mark.parametrize(("code", "rate_hz"), [(4, 50.0), (5, 100.0), (6, 200.0)])
def test_rate(make, code, rate_hz):
    desk = make(rate_error=0.05)
    start(desk, ctrl1=code << 4 | 4)
    made = 0
    for _ in range(20):
        desk.clock.advance(0.1)
        there = desk.read(0x2F)[0] & 0x3F
        made += there
        desk.read(0x28, 6 * there)
    assert made == pytest.approx(2.0 * rate_hz * 1.05, abs=1)


@pytest.mark.parametrize(("code", "corner_hz"), [(0, 50.0), (1, 25.0), (2, 10.0), (3, 5.0)])
def test_low_pass(make, code, corner_hz):
    desk = make()
    start(desk, ctrl6=code << 6)
    assert desk.chip.low_pass_hz == corner_hz


def test_an_overrun_is_told_until_there_is_room(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.32)
    assert desk.read(0x2F) == b"\xa0"
    desk.clock.advance(0.05)
    assert desk.read(0x2F) == b"\xe0"
    assert desk.read(0x2F) == b"\xe0"
    desk.read(0x28, 6)
    assert desk.read(0x2F) == b"\x9f"
    desk.clock.advance(0.01)
    assert desk.read(0x2F) == b"\xa0"


def test_the_watermark_is_a_flag_of_its_own(make):
    desk = make()
    start(desk)
    desk.write(0x2E, 0xC5)
    desk.clock.advance(0.04)
    assert desk.read(0x2F) == b"\x04"
    desk.clock.advance(0.01)
    assert desk.read(0x2F) == b"\x85"


def test_bypass_empties_it(make):
    desk = make()
    start(desk)
    desk.clock.advance(5.0)
    desk.write(0x2E, 0x00)
    assert desk.read(0x2F) == b"\x00"
    desk.write(0x2E, 0xC0)
    desk.clock.advance(0.32)
    assert desk.read(0x2F) == b"\xa0"


def test_a_reset_takes_its_time_and_forgets_everything(make):
    desk = make()
    start(desk)
    desk.write(0x21, 0x44)
    desk.write(0x20, 0x54)  # too early
    assert desk.read(0x20, 2) == b"\x00\x04"
    desk.clock.advance(0.01)
    desk.write(0x20, 0x54)
    assert desk.read(0x20) == b"\x54"


def test_a_reboot_takes_its_time_and_leaves_the_settings(make):
    desk = make()
    start(desk)
    desk.write(0x21, 0x84)
    desk.write(0x20, 0x00)  # too early
    assert desk.read(0x20) == b"\x54"


def test_without_the_fifo_the_newest_sample_is_there(make):
    desk = make()
    desk.write(0x20, 0x54)
    desk.clock.advance(1.0)
    assert desk.little(0x28) == [1025 << 2, -2049 << 2, 4098 << 2]


@pytest.mark.parametrize(("celsius", "raw"), [(25.0, 0), (31.5, 1664), (20.0, -1280)])
def test_thermometer(make, celsius, raw):
    assert make(temperature_c=celsius).little(0x0D, 2) == [raw]


def test_what_cannot_be_written_stays(make):
    desk = make()
    desk.write(0x0F, 0x00)
    desk.write(0x2F, 0x05)
    assert (desk.read(0x0F), desk.read(0x2F)) == (b"\x44", b"\x00")
