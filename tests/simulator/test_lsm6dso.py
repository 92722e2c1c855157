"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.simulator.lsm6dso import Lsm6dsoModel


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Lsm6dsoModel, *motion, **making)


def start(desk, *, ctrl1=0x40, batch=0x04):
    desk.write(0x10, ctrl1)
    desk.clock.advance(0.1)
    desk.write(0x09, batch)
    desk.write(0x0A, 0x06)


def words(desk):
    low, high = desk.read(0x3A, 2)
    return (high & 3) << 8 | low


def test_it_says_who_it_is_and_sleeps(make):
    desk = make()
    assert desk.read(0x0F) == b"\x6c"
    assert desk.read(0x10) == b"\x00"
    assert desk.read(0x12) == b"\x04"
    desk.write(0x0F, 0x00)
    assert desk.read(0x0F) == b"\x6c"
    desk.clock.advance(1.0)
    assert words(desk) == 0
    assert desk.read(0x28, 6) == bytes(6)


@pytest.mark.parametrize("missing", [0x09, 0x0A, 0x10])
def test_no_words_unless_all_three_are_set(make, missing):
    desk = make()
    for register, value in ((0x09, 0x04), (0x0A, 0x06), (0x10, 0x40)):
        if register != missing:
            desk.write(register, value)
    desk.clock.advance(1.0)
    assert words(desk) == 0


@pytest.mark.parametrize(("code", "rate_hz"), [(3, 52.0), (4, 104.0), (5, 208.0)])
@pytest.mark.parametrize("rate_error", [0.0, 0.015, -0.03])
def test_rate(make, code, rate_hz, rate_error):
    desk = make(rate_error=rate_error)
    start(desk, ctrl1=code << 4, batch=code)
    desk.clock.advance(2.0)
    assert words(desk) == pytest.approx(2.0 * rate_hz * (1 + rate_error), abs=1)
    fine = int.from_bytes(desk.read(0x63), "big", signed=True)
    assert fine * 0.0015 == pytest.approx(rate_error, abs=0.00075)


def test_the_slower_of_rate_and_batch_counts(make):
    desk = make()
    start(desk, ctrl1=0x50, batch=0x03)
    desk.clock.advance(1.0)
    assert words(desk) == 52


def test_a_word_is_a_tag_and_three_little_endian_counts(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.05)
    raw = np.frombuffer(desk.read(0x78, 35), np.uint8).reshape(5, 7)
    assert (raw[:, 0] >> 3).tolist() == [2] * 5
    assert (raw[:, 0] >> 1 & 3).tolist() == [0, 1, 2, 3, 0]
    assert all(int(tag).bit_count() % 2 == 0 for tag in raw[:, 0])
    for word in raw:
        counts = np.frombuffer(word[1:].tobytes(), "<i2")
        assert counts.tolist() == [4098, -8197, 16393]


def test_a_burst_goes_round_and_a_word_begun_is_gone(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    assert words(desk) == 10
    assert len(desk.read(0x78, 28)) == 28
    assert words(desk) == 6
    desk.read(0x78, 3)
    assert words(desk) == 5
    desk.read(0x78, 70)
    assert words(desk) == 0
    assert desk.read(0x78, 7) == bytes(7)


@pytest.mark.parametrize(("code", "counts"), [(0, 16393), (2, 8197), (3, 4098), (1, 2049)])
def test_full_scale_has_its_odd_order(make, code, counts):
    desk = make()
    desk.write(0x10, 0x40 | code << 2)
    assert desk.little(0x28)[2] == counts


def test_an_overrun_drops_whole_words_and_is_latched(make):
    desk = make()
    start(desk)
    desk.clock.advance(20.0)
    low, high = desk.read(0x3A, 2)
    assert ((high & 3) << 8 | low, high & 0x68) == (512, 0x68)
    assert desk.read(0x78)[0] >> 3 == 2
    assert desk.read(0x3B)[0] & 0x48 == 0x00


def test_bypass_empties_it(make):
    desk = make()
    start(desk)
    desk.clock.advance(1.0)
    desk.write(0x0A, 0x00)
    assert words(desk) == 0
    desk.clock.advance(1.0)
    assert words(desk) == 0


def test_the_first_samples_after_power_on_are_of_no_use(make):
    desk = make()
    desk.write(0x09, 0x04)
    desk.write(0x0A, 0x06)
    desk.write(0x10, 0x40)
    desk.clock.advance(0.05)
    x = [int.from_bytes(desk.read(0x78, 7)[1:3], "little") for _ in range(4)]
    assert x == [0x7FFD, 0x7FFD, 4098, 4098]


def test_a_reset_takes_its_time_and_forgets_everything(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    desk.write(0x12, 0x01)
    desk.write(0x10, 0x40)  # too early
    assert desk.read(0x10) == b"\x00"
    assert words(desk) == 0
    desk.clock.advance(0.05)
    desk.write(0x10, 0x40)
    assert desk.read(0x10) == b"\x40"


def test_a_reboot_takes_its_time_and_leaves_the_settings(make):
    desk = make(rate_error=0.015)
    start(desk)
    desk.write(0x12, 0x84)
    desk.write(0x10, 0x00)  # too early
    assert desk.read(0x10) == b"\x40"
    desk.clock.advance(0.05)
    desk.write(0x63, 0x00)  # read-only
    assert desk.read(0x63) == b"\x0a"


def test_without_counting_up_a_burst_stays(make):
    desk = make()
    desk.write(0x12, 0x00)
    assert desk.read(0x0F, 3) == b"\x6c\x6c\x6c"


@pytest.mark.parametrize(("celsius", "raw"), [(25.0, 0), (31.5, 1664), (20.0, -1280)])
def test_thermometer(make, celsius, raw):
    desk = make(temperature_c=celsius)
    assert desk.little(0x20, 2) == [raw]


def test_low_pass(make):
    desk = make()
    desk.write(0x10, 0x40)
    assert desk.chip.low_pass_hz == 52.0
    desk.write(0x10, 0x42)
    assert desk.chip.low_pass_hz == 26.0
    desk.write(0x17, 0x20)
    assert desk.chip.low_pass_hz == 10.4


def test_a_frozen_chip_repeats_itself(make):
    desk = make(noise_ug=70.0)
    start(desk)
    desk.clock.advance(0.5)
    desk.chip.freeze()
    desk.clock.advance(0.5)
    raw = np.frombuffer(desk.read(0x78, 7 * 104), np.uint8).reshape(-1, 7)[:, 1:]
    assert len(np.unique(raw[:52], axis=0)) > 30
    assert len(np.unique(raw[52:], axis=0)) == 1
