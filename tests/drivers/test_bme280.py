"""Compensation against the data sheet's example, and against its other form in whole numbers."""

from itertools import combinations

import pytest

from bedside.clock import SteppedClock
from bedside.drivers import bme280
from bedside.drivers.bme280 import Bme280, Calibration, fine_temperature, relative_humidity
from bedside.drivers.registers import Field
from bedside.errors import BadReading
from bedside.simulator.bme280 import Bme280Model, Trim, humidity_1024ths, hundredths_c
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.room import Air

EXAMPLE = Calibration(27504, 26435, -1000, 75, 370, 0, 313, 50, 30)
NEGATIVE = Calibration(28485, 26735, 50, 0, 355, 0, -321, -5, -128)


def trim_of(cal):
    return Trim(*cal)


def test_the_example_of_the_data_sheet():
    fine = fine_temperature(519888, EXAMPLE)
    assert fine == pytest.approx(128422.3, abs=0.5)
    assert fine / 5120.0 == pytest.approx(25.08, abs=0.005)


@pytest.mark.parametrize("cal", [EXAMPLE, NEGATIVE])
def test_both_forms_of_the_temperature_agree(cal):
    for raw in range(350_000, 650_000, 7919):
        whole, _ = hundredths_c(raw, trim_of(cal))
        assert fine_temperature(raw, cal) / 5120.0 == pytest.approx(whole / 100.0, abs=0.01)


@pytest.mark.parametrize("cal", [EXAMPLE, NEGATIVE._replace(h4=321, h5=-5)])
@pytest.mark.parametrize("raw_c", [400_000, 519_888, 560_000])
def test_both_forms_of_the_humidity_agree(cal, raw_c):
    fine = fine_temperature(raw_c, cal)
    whole_fine = hundredths_c(raw_c, trim_of(cal))[1]
    for raw in range(15_000, 50_000, 911):
        whole = humidity_1024ths(raw, whole_fine, trim_of(cal)) / 1024.0
        assert relative_humidity(raw, fine, cal) == pytest.approx(whole, abs=0.02)


def test_humidity_stays_within_the_possible():
    assert relative_humidity(0, 102400.0, EXAMPLE) == 0.0
    assert relative_humidity(65535, 102400.0, EXAMPLE) == 100.0


@pytest.mark.parametrize(("h4", "h5"), [(313, 50), (-321, -5), (2047, -2048), (-1, 15), (16, -17)])
def test_the_halves_that_share_a_byte_are_put_together_signed(h4, h5):
    clock = SteppedClock()
    model = Bme280Model(clock, lambda _t: Air(20.0), trim=Trim(h4=h4, h5=h5))
    chip = Bme280(SimulatedI2C(clock, {0x76: model}), clock, address=0x76)
    assert chip._cal == Calibration(27504, 26435, -1000, 75, 370, 0, h4, h5, 30)


def test_a_calibration_that_reads_differently_is_refused():
    clock = SteppedClock()
    model = Bme280Model(clock, lambda _t: Air(20.0))

    class Weak(SimulatedI2C):
        def transfer(self, address, write, read=0):
            answer = super().transfer(address, write, read)
            if write == b"\x88" and self.transfers > 6:
                return bytes((answer[0] ^ 0x10, *answer[1:]))
            return answer

    with pytest.raises(BadReading, match="gives its calibration differently each time"):
        Bme280(Weak(clock, {0x76: model}), clock, address=0x76)


def test_it_sleeps_between_readings_and_leaves_pressure_out():
    clock = SteppedClock()
    model = Bme280Model(clock, lambda _t: Air(20.0))
    chip = Bme280(SimulatedI2C(clock, {0x76: model}), clock, address=0x76)
    before_s = clock.monotonic()
    chip.read()
    assert clock.monotonic() - before_s < 0.02
    assert model.memory[0xF4] & 0b11 == 0
    assert model.memory[0xF7:0xFA] == bytes.fromhex("80 00 00")


def test_no_two_fields_overlap():
    fields = [value for value in vars(bme280).values() if isinstance(value, Field)]
    assert len(fields) == 7
    for one, other in combinations(fields, 2):
        assert one.address != other.address or not one.mask & other.mask


def test_a_slow_one_is_waited_for_and_a_hung_one_is_not():
    clock = SteppedClock()
    model = Bme280Model(clock, lambda _t: Air(20.0))
    chip = Bme280(SimulatedI2C(clock, {0x76: model}), clock, address=0x76)
    model._lasts_s = lambda: 0.03
    assert chip.read().c == pytest.approx(20.0, abs=0.011)
    model._lasts_s = lambda: 60.0
    with pytest.raises(BadReading, match="BME280 at 0x76 does not finish"):
        chip.read()
