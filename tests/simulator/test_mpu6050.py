"""The model against the data sheet, byte by byte; no driver in between."""

import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.simulator.mpu6050 import Mpu6050Model, Silicon

AWAKE = b"\x6b\x01"


def upright(t):
    return np.tile([0.25, -0.5, 1.0], (len(t), 1))


class Desk:
    """A chip with a clock, and what a controller would do with it."""

    def __init__(self, motion=upright, **chip) -> None:
        self.clock = SteppedClock(monotonic=100.0)
        self.chip = Mpu6050Model(self.clock, motion, **{"noise_ug": 0.0, **chip})

    def write(self, *data: int) -> None:
        self.chip.write(bytes(data))

    def read(self, register: int, length: int = 1) -> bytes:
        self.chip.write(bytes([register]))
        return self.chip.read(length)

    def count(self) -> int:
        return int.from_bytes(self.read(0x72, 2), "big")

    def start(self, *, divider: int = 9, sources: int = 0x08) -> None:
        self.write(0x6B, 0x01)
        self.clock.advance(0.03)
        self.write(0x19, divider, 0x03)
        self.write(0x23, sources)
        self.write(0x6A, 0x44 & ~0x40)
        self.write(0x6A, 0x40)


@pytest.mark.parametrize("identity", [0x68, 0x70, 0x71, 0x98])
def test_it_wakes_up_asleep_and_says_who_it_is(identity):
    desk = Desk(identity=identity)
    assert desk.read(0x6B) == b"\x40"
    assert desk.read(0x75)[0] == identity
    desk.write(0x75, 0x00)
    assert desk.read(0x75)[0] == identity


def test_no_samples_while_asleep_or_while_the_fifo_is_off_or_without_a_source():
    for skip in (0x6B, 0x6A, 0x23):
        desk = Desk()
        for register, value in ((0x6B, 0x01), (0x6A, 0x40), (0x23, 0x08)):
            if register != skip:
                desk.write(register, value)
        desk.clock.advance(1.0)
        assert desk.count() == 0


def test_registers_count_up_and_the_fifo_port_does_not():
    desk = Desk()
    desk.write(0x19, 9, 3, 0x18, 0x10)
    assert desk.read(0x19, 4) == bytes([9, 3, 0x18, 0x10])
    desk.write(0x1C, 0)
    desk.start()
    desk.clock.advance(0.02)
    assert desk.read(0x74, 12) == bytes.fromhex("1000 e000 4000") * 2


@pytest.mark.parametrize(("code", "lsb_per_g"), [(0, 16384), (1, 8192), (2, 4096), (3, 2048)])
def test_full_scale(code, lsb_per_g):
    desk = Desk()
    desk.write(0x1C, code << 3)
    desk.start()
    desk.clock.advance(0.01)
    counts = np.frombuffer(desk.read(0x74, 6), ">i2")
    assert counts.tolist() == [lsb_per_g // 4, -lsb_per_g // 2, lsb_per_g]
    assert np.frombuffer(desk.read(0x3B, 6), ">i2").tolist() == counts.tolist()


def test_counts_are_clipped_at_full_scale():
    desk = Desk(lambda t: np.tile([5.0, -5.0, 0.0], (len(t), 1)))
    desk.start()
    desk.clock.advance(0.01)
    assert np.frombuffer(desk.read(0x74, 6), ">i2").tolist() == [32767, -32768, 0]


@pytest.mark.parametrize(
    ("divider", "config", "rate_hz"), [(9, 3, 100.0), (19, 4, 50.0), (4, 2, 200.0), (79, 0, 100.0)]
)
@pytest.mark.parametrize("rate_error", [0.0, 0.03, -0.05])
def test_rate(divider, config, rate_hz, rate_error):
    desk = Desk(rate_error=rate_error)
    desk.start(divider=divider)
    desk.write(0x1A, config)
    made = 0
    for _ in range(100):
        desk.clock.advance(0.1)
        count = desk.count()
        made += count // 6
        desk.read(0x74, count)
    assert made == pytest.approx(10.0 * rate_hz * (1.0 + rate_error), abs=2)


def test_the_count_is_latched_by_its_high_byte():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.42)  # 252 bytes
    high = desk.read(0x72)
    desk.clock.advance(0.03)  # 270 bytes
    low = desk.read(0x73)
    assert int.from_bytes(high + low, "big") == 252


@pytest.mark.parametrize(
    ("identity", "size", "shift"), [(0x68, 1024, 4), (0x70, 512, 2), (0x98, 512, 2)]
)
def test_an_overflow_pushes_out_the_oldest_bytes_and_misaligns(identity, size, shift):
    desk = Desk(identity=identity)
    desk.start()
    desk.clock.advance(60.0)
    assert desk.count() == size
    assert desk.read(0x3A) == b"\x10"
    assert desk.read(0x3A) == b"\x00"  # reading clears it
    frame = bytes.fromhex("1000e0004000")
    whole = frame * (size // 6 + 1)
    assert desk.read(0x74, size) == whole[-size:]
    assert whole[-size:][shift:].startswith(frame)
    assert desk.count() == 0


def test_a_full_fifo_has_not_yet_overflowed():
    desk = Desk()
    desk.start()
    desk.clock.advance(1.70)
    assert desk.count() == 1020
    assert desk.read(0x3A) == b"\x00"


@pytest.mark.parametrize(("identity", "filler"), [(0x68, 0x00), (0x98, 0xFF)])
def test_an_empty_fifo_repeats_itself(identity, filler):
    desk = Desk(identity=identity)
    desk.start()
    desk.clock.advance(0.01)
    assert desk.read(0x74, 10) == bytes.fromhex("1000e0004000") + bytes([filler]) * 4


def test_a_fifo_reset_is_heard_only_while_the_fifo_is_off():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.1)
    desk.write(0x6A, 0x44)
    assert desk.count() == 60
    assert desk.read(0x6A) == b"\x40"  # clears itself
    desk.write(0x6A, 0x04)
    assert desk.count() == 0
    desk.write(0x6A, 0x40)
    desk.clock.advance(0.05)
    assert desk.count() == 30


def test_what_is_in_the_fifo_outlives_a_change_of_scale():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.02)
    desk.write(0x1C, 0x08)
    desk.clock.advance(0.02)
    assert desk.count() == 24
    before, after = bytes.fromhex("1000e0004000"), bytes.fromhex("0800f0002000")
    assert desk.read(0x74, 24) == before * 2 + after * 2


def test_what_is_in_the_fifo_outlives_sleep_but_nothing_joins_it():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.02)
    desk.write(0x6B, 0x40)
    desk.clock.advance(1.0)
    assert desk.count() == 12
    assert desk.read(0x74, 12) == bytes.fromhex("1000e0004000") * 2
    assert desk.count() == 0


def test_a_reset_takes_its_time_and_forgets_everything():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.1)
    desk.write(0x6B, 0x80)
    desk.write(*AWAKE)  # too early
    assert desk.read(0x6B) == b"\x40"
    assert desk.read(0x19) == b"\x00"
    desk.clock.advance(0.1)
    desk.write(*AWAKE)
    assert desk.read(0x6B) == b"\x01"
    assert desk.count() == 0


def test_a_brown_out_is_a_power_up():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.1)
    desk.chip.brown_out()
    desk.clock.advance(1.0)
    assert desk.read(0x6B) == b"\x40"
    assert desk.read(0x23) == desk.read(0x6A) == b"\x00"
    assert desk.count() == 0
    assert desk.read(0x3B, 14) == bytes(14)


@pytest.mark.parametrize(
    ("identity", "celsius", "raw"),
    [(0x68, 36.53, 0), (0x68, 26.53, -3400), (0x70, 31.0, 3339), (0x98, 25.0, 0)],
)
def test_thermometer(identity, celsius, raw):
    desk = Desk(identity=identity, temperature_c=celsius)
    desk.write(*AWAKE)
    assert int.from_bytes(desk.read(0x41, 2), "big", signed=True) == raw


def test_frames_hold_what_the_sources_ask_for():
    desk = Desk(temperature_c=36.53)
    desk.start(sources=0xF8)
    desk.clock.advance(0.01)
    assert desk.count() == 14
    assert desk.read(0x74, 14) == bytes.fromhex("1000e0004000") + bytes(8)


def test_axes_that_are_off_read_zero():
    desk = Desk()
    desk.start()
    desk.write(0x6C, 0b0010_1000)  # x and z
    desk.clock.advance(0.01)
    assert desk.read(0x74, 6) == bytes.fromhex("0000e0000000")


def test_a_frozen_chip_repeats_itself_until_a_reset():
    desk = Desk(noise_ug=400.0)
    desk.start()
    desk.clock.advance(0.5)
    desk.chip.freeze()
    desk.clock.advance(0.5)
    counts = np.frombuffer(desk.read(0x74, 600), ">i2").reshape(-1, 3)
    assert len(np.unique(counts[:50], axis=0)) > 40
    assert len(np.unique(counts[49:], axis=0)) == 1
    desk.write(0x6B, 0x80)
    desk.clock.advance(0.1)
    desk.start()
    desk.clock.advance(0.5)
    assert len(np.unique(np.frombuffer(desk.read(0x74, 300), ">i2").reshape(-1, 3), axis=0)) > 40


def test_freezing_a_chip_that_does_not_sample_does_nothing():
    desk = Desk()
    desk.chip.freeze()
    desk.start()
    desk.clock.advance(0.02)
    assert desk.count() == 12


def noisy(seed: int, pauses: list[float], **chip) -> np.ndarray:
    desk = Desk(lambda t: np.zeros((len(t), 3)), seed=seed, **{"noise_ug": 400.0, **chip})
    desk.start()
    raw = b""
    for pause in pauses:
        desk.clock.advance(pause)
        raw += desk.read(0x74, desk.count())
    return np.frombuffer(raw, ">i2").reshape(-1, 3)


def test_noise_is_reproducible_however_the_fifo_is_read():
    one = noisy(1, [0.5] * 200)
    two = noisy(1, [1.0] * 100)
    assert np.array_equal(one, two)
    assert not np.array_equal(one, noisy(2, [0.5] * 200))


def test_noise_has_its_density_and_the_offset_its_place():
    counts = noisy(1, [1.0] * 100, noise_ug=(400.0, 800.0, 0.0), bias_mg=(0.0, 0.0, 50.0))
    mg = counts / 16.384
    np.testing.assert_allclose(mg.std(axis=0), [2.65, 5.31, 0.0], rtol=0.03, atol=0.05)
    np.testing.assert_allclose(mg.mean(axis=0), [0.0, 0.0, 50.0], atol=0.2)


def test_the_low_pass_is_where_each_kind_has_it():
    old, new = Desk(), Desk(identity=0x70)
    for desk in (old, new):
        desk.write(0x1A, 4)
        desk.write(0x1D, 3)
    assert (old.chip.low_pass_hz, new.chip.low_pass_hz) == (21.0, 44.8)
    new.write(0x1D, 8)
    assert new.chip.low_pass_hz > 1000.0


def test_a_counterfeit_may_have_other_silicon():
    desk = Desk(silicon=Silicon(512, own_filter=False, lsb_per_c=340.0, zero_c=36.53))
    desk.start()
    desk.clock.advance(5.0)
    assert desk.read(0x75) == b"\x68"
    assert desk.count() == 512


def test_writing_to_what_cannot_be_written_changes_nothing():
    desk = Desk()
    desk.start()
    desk.clock.advance(0.1)
    desk.write(0x74, 1, 2, 3)
    desk.write(0x72, 9, 9)
    desk.write(0x3B, 9)
    assert desk.count() == 60
    assert desk.read(0x3B, 2) == b"\x10\x00"
