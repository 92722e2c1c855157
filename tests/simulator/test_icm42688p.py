"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.simulator.icm42688p import Icm42688pModel


@pytest.fixture
def make(make_desk):
    return lambda *motion, **making: make_desk(Icm42688pModel, *motion, **making)


def start(desk, config=0x68):
    desk.write(0x4E, 0x03)
    desk.clock.advance(0.03)
    desk.write(0x50, config)
    desk.write(0x5F, 0x01)
    desk.write(0x16, 0x40)


def count(desk):
    return int.from_bytes(desk.read(0x2E, 2), "big")


def test_it_says_who_it_is_and_sleeps(make):
    desk = make()
    assert desk.read(0x75) == b"\x47"
    assert desk.read(0x4E) == b"\x00"
    desk.clock.advance(1.0)
    assert count(desk) == 0
    assert desk.read(0x1F, 6) == b"\x80\x00" * 3


@pytest.mark.parametrize("missing", [0x16, 0x4E, 0x5F])
def test_no_packets_unless_all_is_set(make, missing):
    desk = make()
    for register, value in ((0x50, 0x68), (0x5F, 0x01), (0x16, 0x40), (0x4E, 0x03)):
        if register != missing:
            desk.write(register, value)
    desk.clock.advance(1.0)
    assert count(desk) == 0


@pytest.mark.parametrize(("code", "rate_hz"), [(9, 50.0), (8, 100.0), (7, 200.0)])
def test_rate(make, code, rate_hz):
    desk = make(rate_error=-0.02)
    start(desk, 0x60 | code)
    desk.clock.advance(1.0)
    assert count(desk) / 8 == pytest.approx(rate_hz * 0.98, abs=1)


def test_a_packet_is_a_header_three_counts_and_a_temperature(make):
    desk = make(temperature_c=35.0)
    start(desk)
    desk.clock.advance(0.03)
    raw = desk.read(0x30, 24)
    assert [raw[0], raw[8], raw[16]] == [0x42, 0x40, 0x40]
    assert raw[9:15] == bytes.fromhex("1000 e000 4000")
    assert raw[15] == 21
    assert desk.read(0x30, 16) == b"\xff" * 16  # empty: bit 7 of the header


@pytest.mark.parametrize(("code", "counts"), [(3, 16384), (2, 8192), (1, 4096), (0, 2048)])
def test_full_scale(make, code, counts):
    desk = make()
    start(desk, code << 5 | 8)
    assert int.from_bytes(desk.read(0x23, 2), "big", signed=True) == counts


def test_counts_end_before_the_one_that_means_invalid(make):
    desk = make(lambda t: np.tile([5.0, -5.0, 0.0], (len(t), 1)))
    start(desk)
    desk.clock.advance(0.01)
    assert np.frombuffer(desk.read(0x30, 8)[1:7], ">i2").tolist() == [32767, -32766, 0]


def test_samples_while_it_starts_are_invalid(make):
    desk = make()
    desk.write(0x50, 0x67)
    desk.write(0x5F, 0x01)
    desk.write(0x16, 0x40)
    desk.write(0x4E, 0x03)
    desk.clock.advance(0.03)
    packets = np.frombuffer(desk.read(0x30, 48), np.uint8).reshape(-1, 8)
    x = np.ascontiguousarray(packets[:, 1:3]).view(">i2")[:, 0].tolist()
    assert x == [-32768] * 3 + [4096] * 3


def test_a_change_of_power_makes_it_deaf_for_a_moment(make):
    desk = make()
    desk.write(0x4E, 0x03)
    desk.write(0x16, 0x40)
    assert desk.read(0x16) == b"\x00"
    desk.clock.advance(0.0003)
    desk.write(0x16, 0x40)
    assert desk.read(0x16) == b"\x40"


def test_what_cannot_be_written_stays(make):
    desk = make()
    desk.write(0x75, 0x00)
    desk.write(0x2E, 0xFF, 0xFF)
    assert (desk.read(0x75), count(desk)) == (b"\x47", 0)


def test_bypass_empties_it(make):
    desk = make()
    start(desk)
    desk.clock.advance(0.1)
    desk.write(0x16, 0x00)
    assert count(desk) == 0


def test_other_banks_hide_the_registers(make):
    desk = make()
    desk.write(0x76, 1)
    assert desk.read(0x75) == b"\x00"
    desk.write(0x50, 0x11)
    assert desk.read(0x50) == b"\x11"
    assert desk.read(0x76) == b"\x01"
    desk.write(0x76, 0)
    assert (desk.read(0x75), desk.read(0x50)) == (b"\x47", b"\x06")


def test_a_reset_says_when_it_is_done_and_once(make):
    desk = make()
    desk.write(0x50, 0x68)
    desk.read(0x2D)
    desk.write(0x11, 0x01)
    desk.write(0x50, 0x68)  # too early
    desk.clock.advance(0.002)
    assert desk.read(0x50) == b"\x06"
    assert desk.read(0x2D)[0] & 0x10
    assert not desk.read(0x2D)[0] & 0x10


def test_the_oldest_packets_go_when_it_is_full(make):
    desk = make()
    start(desk)
    desk.clock.advance(30.0)
    assert count(desk) == 2048
    assert desk.read(0x2D)[0] & 0x02
    raw = np.frombuffer(desk.read(0x30, 2048), np.uint8).reshape(-1, 8)
    assert set(raw[:, 0]) == {0x40}


def test_a_flush_empties_it_and_the_stream_goes_on(make):
    desk = make()
    start(desk)
    desk.clock.advance(1.0)
    desk.write(0x4B, 0x02)
    assert count(desk) == 0
    assert desk.read(0x4B) == b"\x00"
    desk.clock.advance(0.05)
    assert count(desk) == 40


@pytest.mark.parametrize(
    ("form", "told"), [(0x30, "0050"), (0x10, "5000"), (0x70, "000a"), (0x50, "0a00")]
)
def test_the_count_has_four_forms(make, form, told):
    desk = make()
    desk.write(0x4C, form)
    start(desk)
    desk.clock.advance(0.1)
    assert desk.read(0x2E, 2) == bytes.fromhex(told)


def test_counts_may_be_little_endian(make):
    desk = make()
    desk.write(0x4C, 0x20)
    start(desk)
    desk.clock.advance(0.01)
    assert desk.read(0x30, 8)[1:7] == bytes.fromhex("0010 00e0 0040")


@pytest.mark.parametrize(("celsius", "raw"), [(25.0, 0), (31.0, 795), (20.0, -662)])
def test_thermometer(make, celsius, raw):
    desk = make(temperature_c=celsius)
    assert int.from_bytes(desk.read(0x1D, 2), "big", signed=True) == raw


@pytest.mark.parametrize(("code", "corner_hz"), [(0, 50.0), (1, 100.0), (6, 20.0), (7, 10.0)])
def test_low_pass(make, code, corner_hz):
    desk = make()
    desk.write(0x50, 0x68)
    desk.write(0x52, code << 4)
    assert desk.chip.low_pass_hz == corner_hz
