"""What every thermometer driver promises, each against the model of its chip."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedside.clock import SteppedClock
from bedside.drivers.thermometer import (
    CHIPS,
    Thermometer,
    ThermometerSettings,
    identify,
    open_thermometer,
)
from bedside.errors import BadReading, BusError, ChipError, ChipNotFound, WrongChip
from bedside.simulator.aht20 import Aht20Model
from bedside.simulator.bme280 import BMP280, Bme280Model
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.ds18b20 import SERIAL, Ds18b20Model
from bedside.simulator.mcp9808 import Mcp9808Model
from bedside.simulator.room import Air
from bedside.simulator.sht3x import Sht3xModel
from bedside.simulator.sht4x import Sht4xModel
from bedside.simulator.tmp117 import Tmp117Model

ADDRESSES = {
    "tmp117": (0x48, 0x4B),
    "sht4x": (0x44, 0x46),
    "sht3x": (0x44, 0x45),
    "mcp9808": (0x18, 0x1F),
    "aht20": (0x38,),
    "bme280": (0x76, 0x77),
}
MODELS: dict[str, Callable[..., Any]] = {
    "tmp117": Tmp117Model,
    "sht4x": Sht4xModel,
    "sht3x": Sht3xModel,
    "mcp9808": Mcp9808Model,
    "aht20": Aht20Model,
    "bme280": Bme280Model,
}
CLOSE_C = {
    "tmp117": 0.004,
    "sht4x": 0.0015,
    "sht3x": 0.0015,
    "mcp9808": 0.032,
    "aht20": 0.0002,
    "bme280": 0.011,
    "ds18b20": 0.032,
}
CLOSE_HUMIDITY = {"sht4x": 0.002, "sht3x": 0.001, "aht20": 0.0002, "bme280": 0.02}
WITH_CRC = ("sht4x", "sht3x", "aht20")
ERRORS = (errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT)
every_chip = pytest.mark.parametrize("chip", CHIPS)
on_i2c = pytest.mark.parametrize("chip", MODELS)


class SpoiltI2C(SimulatedI2C):
    """A bus on which something can happen before a transfer, and to its answer."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.before: dict[int, Callable[[], None]] = {}
        self.after: Callable[[int, bytes], bytes] = lambda _number, answer: answer
        self.asked: set[int] = set()

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        self.asked.add(address)
        self.before.pop(self.transfers + 1, lambda: None)()
        return self.after(self.transfers + 1, super().transfer(address, write, read))


class Rig:
    def __init__(self, chip: str, folder: Path, c: float = 20.0, humidity: float = 45.0) -> None:
        self.word, self.folder = chip, folder / "w1"
        self.clock, self.air = SteppedClock(), Air(c, humidity)
        self.bus = SpoiltI2C(self.clock)
        self.chip: Any = None
        if chip in MODELS:
            self.address = ADDRESSES[chip][0]
            self.chip = MODELS[chip](self.clock, lambda _t: self.air)
            self.bus.plug(self.address, self.chip)
        else:
            self.wire = Ds18b20Model(self.folder, c)

    def open(self, **settings: Any) -> Thermometer:
        wanted = ThermometerSettings(**{"chip": self.word, **settings})
        return open_thermometer(lambda: self.bus, self.clock, wanted, w1=self.folder)

    def set(self, c: float, humidity: float = 45.0) -> None:
        self.air = Air(c, humidity)
        self.clock.advance(1.5)  # long enough for those that measure by themselves
        if self.chip is None:
            self.wire.set(c)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Rig]:
    return lambda chip, *args: Rig(chip, tmp_path, *args)


@every_chip
def test_it_tells_the_temperature_above_and_below_zero(chip, make):
    rig = make(chip)
    thermometer = rig.open()
    for c in (20.0, -9.7, -0.5, 0.25, 18.34, 21.0, 36.6, 49.9, -40.0, 85.5):
        rig.set(c)
        assert thermometer.read().c == pytest.approx(c, abs=CLOSE_C[chip])


@every_chip
def test_it_tells_the_humidity_if_it_has_any(chip, make):
    rig = make(chip)
    thermometer = rig.open()
    for humidity in (45.0, 1.0, 99.0, 30.2):
        rig.set(21.0, humidity)
        told = thermometer.read().humidity
        if chip in CLOSE_HUMIDITY:
            assert told == pytest.approx(humidity, abs=CLOSE_HUMIDITY[chip])
        else:
            assert told is None


@every_chip
def test_each_reading_is_a_new_one(chip, make):
    rig = make(chip, 18.0)
    thermometer = rig.open()
    for c in (18.0, 19.0, 18.0, 25.0):
        rig.set(c)
        for _ in range(3):
            assert thermometer.read().c == pytest.approx(c, abs=CLOSE_C[chip])


@every_chip
def test_auto_finds_it_and_says_where(chip, make):
    rig = make(chip)
    thermometer = rig.open(chip="auto")
    assert thermometer.name.lower() == chip
    assert thermometer.place == (SERIAL if chip == "ds18b20" else f"at {rig.address:#04x}")
    assert thermometer.read().c == pytest.approx(20.0, abs=CLOSE_C[chip])


@on_i2c
def test_it_is_found_at_its_other_address_and_named_there(chip, make):
    rig = make(chip)
    rig.bus.unplug(rig.address)
    other = ADDRESSES[chip][-1]
    rig.bus.plug(other, rig.chip)
    for settings in ({}, {"chip": "auto"}, {"address": other}):
        assert rig.open(**settings).place == f"at {other:#04x}"
    assert identify(rig.bus, rig.clock, other) == (chip, rig.open().name)


@on_i2c
def test_identity_is_told_apart_from_all_the_others(chip, make):
    rig = make(chip)
    for other in MODELS:
        if other == chip:
            continue
        with pytest.raises(ChipError):
            rig.open(chip=other, address=rig.address)
    assert rig.open(chip="auto").name.lower() == chip  # and no harm was done


@on_i2c
@pytest.mark.parametrize("error", ERRORS)
def test_any_transfer_may_fail_in_set_up(chip, error, make):
    rig = make(chip)
    rig.open()
    total = rig.bus.transfers
    for n in range(1, total + 1):
        rig = make(chip)
        rig.bus.fail_at = {n: error}
        with pytest.raises(ChipError):
            rig.open(address=rig.address)
        rig.clock.advance(2.0)
        assert rig.open().read().c == pytest.approx(20.0, abs=CLOSE_C[chip])


@on_i2c
@pytest.mark.parametrize("error", [*ERRORS, "short"])
def test_any_transfer_may_fail_in_reading(chip, error, make):
    rig = make(chip)
    thermometer = rig.open()
    thermometer.read()
    start = rig.bus.transfers
    rig.set(22.0)
    thermometer.read()
    for n in range(1, rig.bus.transfers - start + 1):
        rig = make(chip)
        thermometer = rig.open()
        thermometer.read()
        rig.set(22.0)
        if error == "short":
            rig.bus.short_at = {rig.bus.transfers + n}
        else:
            rig.bus.fail_at = {rig.bus.transfers + n: error}
        try:
            told_c = thermometer.read().c  # a write has no answer that could break off
        except ChipNotFound:
            told_c = 22.0
            assert error in ERRORS or rig.bus.short_at
        assert told_c == pytest.approx(22.0, abs=CLOSE_C[chip])
        rig.clock.advance(2.0)
        assert thermometer.read().c == pytest.approx(22.0, abs=CLOSE_C[chip])


@on_i2c
@pytest.mark.parametrize("error", ERRORS)
def test_a_failing_transfer_is_never_passed_over(chip, error, make):
    rig = make(chip)
    thermometer = rig.open()
    rig.set(22.0)
    rig.bus.fail_sometimes(1.0, error=error)
    with pytest.raises(ChipNotFound, match=f"at {rig.address:#04x}: "):
        thermometer.read()


@on_i2c
@pytest.mark.parametrize("settled", [True, False])
def test_a_brown_out_at_any_moment_brings_no_wrong_value(chip, settled, make):
    rig = make(chip)
    thermometer = rig.open()
    thermometer.read()
    start = rig.bus.transfers
    rig.set(22.0)
    thermometer.read()
    told = 0
    for n in range(1, rig.bus.transfers - start + 1):
        rig = make(chip)
        thermometer = rig.open()
        thermometer.read()
        rig.set(22.0)

        def fail(rig: Rig = rig) -> None:
            rig.chip.brown_out()
            rig.clock.advance(2.0 if settled else 0.0)

        rig.bus.before = {rig.bus.transfers + n: fail}
        try:
            assert thermometer.read().c == pytest.approx(22.0, abs=CLOSE_C[chip])
            told += 1
        except ChipError:
            pass
        rig.clock.advance(2.0)
        assert rig.open().read().c == pytest.approx(22.0, abs=CLOSE_C[chip])
    assert told < rig.bus.transfers


@pytest.mark.parametrize("chip", WITH_CRC)
def test_any_bit_that_falls_over_is_noticed(chip, make):
    rig = make(chip, 22.0)
    thermometer = rig.open()
    thermometer.read()
    bits = 8 * (7 if chip == "aht20" else 6)
    for bit in range(1 if chip == "aht20" else 0, bits):  # its first bit says: ask again
        flip = (1 << bits - 1 - bit).to_bytes(bits // 8, "big")

        def fall_over(_number: int, answer: bytes, flip: bytes = flip) -> bytes:
            if len(answer) != len(flip):
                return answer
            return bytes(a ^ b for a, b in zip(answer, flip, strict=True))

        rig.bus.after = fall_over
        rig.clock.advance(2.0)
        with pytest.raises(BadReading, match="wrong checksum"):
            thermometer.read()
    rig.bus.after = lambda _number, answer: answer
    assert thermometer.read().c == pytest.approx(22.0, abs=CLOSE_C[chip])


@on_i2c
@pytest.mark.parametrize("level", [0x00, 0xFF])
def test_a_line_that_is_stuck_is_no_reading(chip, level, make):
    rig = make(chip)
    thermometer = rig.open()
    rig.bus.after = lambda _number, answer: bytes([level]) * len(answer)
    with pytest.raises(ChipError):
        thermometer.read()
    with pytest.raises(ChipError):
        rig.open()
    with pytest.raises(ChipNotFound, match="no thermometer answers"):
        rig.open(chip="auto")


@every_chip
def test_one_that_goes_away_is_a_chip_not_found(chip, make):
    rig = make(chip)
    thermometer = rig.open()
    if chip == "ds18b20":
        rig.wire.unplug()
    else:
        rig.bus.unplug(rig.address)
    with pytest.raises(ChipNotFound, match="nobody answers"):
        thermometer.read()
    with pytest.raises(ChipNotFound, match=r"^no .*check its"):
        rig.open()


def test_its_model_joins_these_tests():
    assert set(MODELS) | {"ds18b20"} == set(CHIPS)
    assert set(CLOSE_C) == set(CHIPS)


def test_values_of_a_chip_that_has_not_measured_are_refused(make):
    rig = make("sht4x")
    rig.chip.damaged = True
    with pytest.raises(BadReading, match="SHT4x at 0x44 is damaged"):
        rig.open().read()
    rig = make("aht20")
    rig.chip.empty = True
    with pytest.raises(BadReading, match="AHT20 at 0x38 tells no humidity"):
        rig.open().read()
    rig = make("mcp9808")
    rig.chip.stuck_at = 0xFFFF
    with pytest.raises(BadReading, match="nothing but 0xff"):
        rig.open().read()
    rig = make("tmp117")
    thermometer = rig.open()
    rig.clock.advance(2.0)
    rig.bus.before = {rig.bus.transfers + 2: rig.chip.brown_out}
    with pytest.raises(BadReading, match="has not measured yet"):
        thermometer.read()
    rig = make("bme280")
    thermometer = rig.open()
    rig.bus.before = {rig.bus.transfers + 6: rig.chip.brown_out}
    with pytest.raises(BadReading, match="has not measured"):
        thermometer.read()


def test_zero_degrees_are_a_reading_where_the_chip_can_tell_it(make):
    for chip in ("mcp9808", "sht4x", "sht3x", "aht20", "bme280", "ds18b20"):
        assert make(chip, 0.0).open().read().c == pytest.approx(0.0, abs=CLOSE_C[chip])


def test_the_heater_stays_off(make):
    rig = make("sht4x")
    rig.open(chip="auto").read()
    assert rig.chip.heated == 0
    rig = make("sht3x")
    rig.chip.status |= 0x2000
    rig.open(chip="auto").read()
    assert not rig.chip.status & 0x2000


def test_an_sht3x_that_measures_by_itself_is_stopped(make):
    rig = make("sht3x")
    rig.chip.write(b"\x21\x30")
    assert rig.chip.by_itself
    assert rig.open().read().c == pytest.approx(20.0, abs=0.01)


def test_an_aht20_without_calibration_is_given_one(make):
    rig = make("aht20")
    rig.chip = Aht20Model(rig.clock, lambda _t: rig.air, calibrated=False)
    rig.bus.plug(0x38, rig.chip)
    thermometer = rig.open()
    assert thermometer.read().c == pytest.approx(20.0, abs=0.01)
    rig.chip.brown_out()
    with pytest.raises(ChipError, match="lost its settings"):
        thermometer.read()


def test_a_chip_that_is_busy_for_ever_is_not_waited_for(make):
    rig = make("aht20")
    thermometer = rig.open()
    rig.chip.measuring_s = 60.0
    with pytest.raises(BadReading, match="does not finish measuring"):
        thermometer.read()
    assert rig.clock.monotonic() < 101.0


def test_a_bmp280_has_no_humidity_and_says_its_name(make):
    rig = make("bme280")
    rig.bus.plug(0x76, Bme280Model(rig.clock, lambda _t: rig.air, identity=BMP280))
    for word in ("auto", "bme280"):
        thermometer = rig.open(chip=word)
        assert thermometer.name == "BMP280"
        assert thermometer.read() == (pytest.approx(20.0, abs=0.011), None)


def test_a_tmp117_that_stopped_or_fell_asleep_is_called_so(make):
    rig = make("tmp117")
    thermometer = rig.open()
    thermometer.read()
    rig.chip.write(b"\x01\x04\x20")
    with pytest.raises(ChipError, match="fallen asleep"):
        thermometer.read()
    rig.bus.after = lambda _number, answer: b"\x02\x20"
    with pytest.raises(BadReading, match="stopped measuring"):
        thermometer.read()


class Stranger:
    """A chip of registers in which nothing is known; writing to it is an accident."""

    def __init__(self, byte: int) -> None:
        self.byte = byte

    def write(self, data: bytes) -> None:
        assert len(data) == 1, "a stranger was written to"

    def read(self, length: int) -> bytes:
        return bytes([self.byte]) * length


@pytest.mark.parametrize("byte", [0x00, 0x54, 0x5A, 0x18, 0xFF])
def test_auto_only_reads_and_takes_no_stranger(byte, make):
    rig = make("ds18b20")
    for address in range(0x08, 0x78):
        rig.bus.plug(address, Stranger(byte))
    assert rig.open(chip="auto").name == "DS18B20"
    rig.wire.unplug()
    with pytest.raises(ChipNotFound, match="no thermometer answers on the I2C or the 1-wire bus"):
        rig.open(chip="auto")


@on_i2c
def test_who_else_sits_at_an_address_is_not_asked(chip, make):
    rig = make(chip)
    rig.bus.asked.clear()
    for word in ("auto", chip):
        settings = ThermometerSettings(chip=word)
        with pytest.raises(ChipNotFound):
            open_thermometer(
                lambda: rig.bus, rig.clock, settings, taken=(rig.address,), w1=rig.folder
            )
    assert rig.address not in rig.bus.asked


@pytest.mark.parametrize("word", ["auto", "mcp9808"])
def test_sensor_and_thermometer_at_one_address_is_a_clear_sentence(word, make):
    rig = make("mcp9808")
    settings = ThermometerSettings(chip=word, address=0x18)
    with pytest.raises(WrongChip, match=r"0x18 is where the motion sensor sits: strap"):
        open_thermometer(lambda: rig.bus, rig.clock, settings, taken=(0x18,), w1=rig.folder)
    assert not rig.bus.asked


def test_the_surest_of_several_is_taken(make):
    rig = make("bme280")
    rig.bus.plug(0x48, Tmp117Model(rig.clock, lambda _t: rig.air))
    assert rig.open(chip="auto").name == "TMP117"
    assert rig.open(chip="auto", address=0x76).name == "BME280"


def test_without_an_i2c_bus_there_is_still_the_wire(make):
    rig = make("ds18b20")

    def no_bus() -> SimulatedI2C:
        raise BusError("there is no I2C bus /dev/i2c-1: turn it on")

    for word in ("auto", "ds18b20"):
        settings = ThermometerSettings(chip=word)
        assert open_thermometer(no_bus, rig.clock, settings, w1=rig.folder).name == "DS18B20"
    rig.wire.unplug()
    with pytest.raises(BusError, match="no I2C bus"):
        open_thermometer(no_bus, rig.clock, ThermometerSettings(), w1=rig.folder)


def test_a_bus_at_fault_is_said_and_not_taken_for_an_empty_one(make):
    for chip in MODELS:
        rig = make(chip)
        rig.bus.fail_sometimes(1.0, error=errno.ETIMEDOUT)
        for word in ("auto", chip):
            rig.clock.advance(2.0)
            with pytest.raises(ChipNotFound, match="the bus is stuck"):
                rig.open(chip=word)


def test_a_named_one_elsewhere_is_looked_for_at_all_its_addresses(make):
    rig = make("sht4x")
    with pytest.raises(ChipNotFound, match="no mcp9808 answers at 0x18 to 0x1f"):
        rig.open(chip="mcp9808")
    with pytest.raises(ChipNotFound, match="no bme280 answers at 0x76 or 0x77"):
        rig.open(chip="bme280")
    with pytest.raises(ChipNotFound, match="no thermometer answers at 0x45"):
        rig.open(chip="auto", address=0x45)
