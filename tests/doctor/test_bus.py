import errno

import pytest

from bedside.clock import SteppedClock
from bedside.doctor.bus import bus_numbers, examine_bus
from bedside.doctor.chips import ADDRESSES, look
from bedside.drivers.imu import ImuSettings
from bedside.errors import BusError
from bedside.simulator.bus import SimulatedI2C


class Registers:
    """A chip that is its registers: the first byte written points, reads count on from there.

    Past `size` the pointer begins anew, as in a clock chip.
    """

    def __init__(self, held, size=0x80):
        self._held, self._size, self._at = held, size, 0
        self.heard = []

    def write(self, data):
        self.heard.append(bytes(data))
        self._at = data[0] if data else self._at

    def read(self, length):
        places = [(self._at + i) % self._size for i in range(length)]
        return bytes(self._held.get(place, 0) for place in places)


def ds3231(second, minute=0x12):
    """A clock chip on 19 December 2024, past eleven; register 0x75 is one of its 19 again."""
    return Registers(dict(enumerate((second, minute, 0x11, 0x03, 0x19, 0x12, 0x24))), size=0x13)


MPU = {0x75: 0x68}


def bus(**chips):
    at = {int(address[1:], 16): chip for address, chip in chips.items()}
    return SimulatedI2C(
        SteppedClock(),
        {a: chip if hasattr(chip, "read") else Registers(chip) for a, chip in at.items()},
    )


def findings(i2c, numbers=(1,), **settings):
    return list(examine_bus(numbers, lambda _number: i2c, ImuSettings(**settings)))


def words(found):
    return [f"{finding.level} {finding.what}" for finding in found]


@pytest.mark.parametrize("address", [0x68, 0x69])
@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (0x68, "MPU-6050"), (0x70, "MPU-6500"), (0x71, "MPU-9250"), (0x73, "MPU-9255"),
        (0x74, "MPU-6515"), (0x78, "MPU-6880"), (0x98, "ICM-20689"), (0x19, "MPU-6886"),
        (0x12, "ICM-20602"), (0x11, "ICM-20600"), (0xAF, "ICM-20608"),
    ],
)  # fmt: skip
def test_an_mpu_of_any_name_would_be_listened_to(address, identity, name):
    found = findings(bus(**{f"x{address:x}": {0x75: identity}}))

    assert words(found) == [
        "ok the I2C bus /dev/i2c-1 is there and may be used",
        f"ok at {address:#04x} answers: {name}",
        f"ok bedside would listen to the sensor at {address:#04x}",
    ]


@pytest.mark.parametrize(
    ("address", "held", "name"),
    [
        (0x68, {0x75: 0x47}, "ICM-42688-P"),
        (0x6A, {0x0F: 0x69}, "LSM6DS3"),
        (0x6A, {0x0F: 0x6A}, "LSM6DS3TR-C"),
        (0x6B, {0x0F: 0x6C}, "LSM6DSO"),
        (0x18, {0x0F: 0x33}, "LIS3DH"),
        (0x19, {0x0F: 0x44}, "LIS2DW12"),
        (0x53, {0x00: 0xE5}, "ADXL345"),
        (0x1D, {0x00: 0xAD, 0x01: 0x1D, 0x02: 0xED}, "ADXL355"),
    ],
)
def test_a_sensor_of_another_family_would_be_listened_to(address, held, name):
    assert words(findings(bus(**{f"x{address:x}": held}))) == [
        "ok the I2C bus /dev/i2c-1 is there and may be used",
        f"ok at {address:#04x} answers: {name}",
        f"ok bedside would listen to the sensor at {address:#04x}",
    ]


@pytest.mark.parametrize(
    ("address", "held", "name"),
    [
        (0x68, {0x00: 0xEA}, "ICM-20948"),
        (0x69, {0x00: 0xD1}, "BMI160"),
        (0x68, {0x00: 0x24, 0x03: 0x10}, "BMI270"),
        (0x6A, {0x0F: 0x6B}, "ISM330DHCX"),
        (0x1C, {0x0D: 0x1A}, "MMA8451"),
    ],
)
def test_sensors_without_a_driver_are_named(address, held, name):
    found = findings(bus(**{f"x{address:x}": held}))

    assert f"warn at {address:#04x} answers: {name}; bedside has no driver for it yet" in words(
        found
    )
    assert "fail no motion sensor answers that bedside can use" in words(found)


@pytest.mark.parametrize(
    ("address", "held", "name"),
    [
        (0x76, {0xD0: 0x60}, "BME280 thermometer"),
        (0x77, {0xD0: 0x58}, "BMP280 thermometer"),
        (0x77, {0xD0: 0x61}, "BME680 thermometer"),
        (0x18, {0x07: 0x54}, "MCP9808 thermometer"),
        (0x1F, {0x07: 0x54}, "MCP9808 thermometer"),
        (0x48, {0x0F: 0x01, 0x10: 0x17}, "TMP117 thermometer"),
        (0x48, {}, "LM75 or TMP102 thermometer, by its address"),
        (0x4F, {}, "LM75 or TMP102 thermometer, by its address"),
        (0x44, {}, "SHT3x or SHT4x thermometer, by its address"),
        (0x40, {}, "HTU21D or Si7021 thermometer, by its address"),
        (0x38, {}, "AHT20 thermometer, by its address"),
    ],
)
def test_thermometers_are_named(address, held, name):
    found = findings(bus(**{f"x{address:x}": Registers(held, 0x100), "x68": MPU}))

    assert f"ok at {address:#04x} answers: {name}" in words(found)
    assert all(finding.level == "ok" for finding in found)


@pytest.mark.parametrize("second", [0x00, 0x09, 0x11, 0x12, 0x19, 0x24, 0x42, 0x44, 0x47, 0x59])
def test_a_clock_chip_is_never_taken_for_a_sensor(second):
    for minute in (0x11, 0x12, 0x19, 0x24, 0x47):
        found = words(findings(bus(x68=ds3231(second, minute))))

        assert "ok at 0x68 answers: clock chip (DS3231 or DS1307)" in found
        assert not any("listen" in line for line in found)


def test_a_clock_chip_in_the_way_is_told_unless_the_sensor_has_moved():
    alone, moved = findings(bus(x68=ds3231(0x24))), findings(bus(x68=ds3231(0x24), x69=MPU))

    assert "warn where the clock chip sits, at 0x68, no motion sensor can" in words(alone)
    assert any("AD0 to 3.3 V" in finding.mend for finding in alone)
    assert all(finding.level == "ok" for finding in moved)


def test_a_clock_that_counts_to_twelve_is_one_too():
    twelve = Registers(dict(enumerate((0x80, 0x59, 0x72, 0x07, 0x31, 0x92, 0x99))), 0x08)

    assert look(bus(x68=twelve), 0x68).clock


def test_a_stranger_is_told_with_what_it_says():
    found = findings(bus(x68={0x75: 0x5A}))

    assert "warn at 0x68 answers: an unknown chip (register 0x75 holds 0x5a" in words(found)[1]
    assert found[1].mend == 'if it is an MPU copy: [sensor] chip = "clone"'
    assert found[-1].level == "fail"


def test_a_stranger_is_tried_when_the_settings_say_so():
    found = findings(bus(x68={0x75: 0x5A}), chip="clone")

    assert found[1].mend == ""
    assert found[-1].level == "ok"


def test_two_sensors_need_a_choice():
    found = findings(bus(x68=MPU, x69=MPU))

    assert words(found)[-2:] == [
        "ok bedside would listen to the sensor at 0x68",
        "warn there is another one at 0x69, which would not be heard",
    ]
    assert "warn" not in " ".join(words(findings(bus(x68=MPU, x69=MPU), address=0x69)))


@pytest.mark.parametrize("settings", [{"chip": "mpu9250"}, {"address": 0x69}])
def test_a_sensor_other_than_the_settings_ask_for(settings):
    found = findings(bus(x68=MPU), **settings)

    assert found[-1].level == "fail"
    assert "found mpu6050 at 0x68" in found[-1].what
    assert found[-1].mend == 'set [sensor] chip = "auto" and address = 0'


def test_nobody_answers():
    found = findings(bus())

    assert words(found)[1:] == ["fail no motion sensor answers that bedside can use"]
    assert "3.3 V, GND, SDA and SCL" in found[-1].mend


def test_no_bus_at_all():
    (found,) = findings(bus(), numbers=())

    assert words([found]) == ["fail there is no I2C bus (no /dev/i2c-*)"]
    assert "sudo raspi-config nonint do_i2c 0" in found.mend
    assert "modprobe i2c-dev" in found.mend


def test_another_bus_than_the_settings_name():
    (found,) = findings(bus(), numbers=(3, 20))

    assert words([found]) == ["fail there is no /dev/i2c-1, but /dev/i2c-3, /dev/i2c-20"]
    assert "[sensor] bus" in found.mend


def test_a_bus_that_may_not_be_used():
    def refuse(number):
        raise BusError(
            f"/dev/i2c-{number} may not be used by this user: run `sudo usermod -aG i2c $USER`"
        )

    (found,) = examine_bus((1,), refuse, ImuSettings())

    assert words([found]) == ["fail /dev/i2c-1 may not be used by this user"]
    assert found.mend == "run `sudo usermod -aG i2c $USER`"


@pytest.mark.parametrize(
    ("error", "says", "mend"),
    [
        (errno.EIO, "transfers break off (error 5)", "shorten the cable"),
        (errno.EAGAIN, "something disturbs the bus (error 11)", "SDA"),
        (errno.ETIMEDOUT, "the bus is stuck: a line is held low (error 110)", "3.3 V"),
        (errno.ENODEV, "the bus has gone (error 19)", "reboot"),
        (errno.EOPNOTSUPP, "the bus cannot do such transfers (error 95)", "another bus"),
        (errno.EPROTO, "Protocol error (error 71)", "wires"),
    ],
)
def test_a_bus_at_fault_is_told_in_words_and_left_alone(error, says, mend):
    i2c = bus(x68=MPU)
    i2c.fail_sometimes(1.0, error=error)

    found = findings(i2c)

    assert found[-1].level == "fail"
    assert found[-1].what == f"at 0x68: {says}"
    assert mend in found[-1].mend
    assert not any("no motion sensor" in line for line in words(found))


def test_a_chip_that_the_kernel_owns_does_not_hide_the_others():
    class Owned(SimulatedI2C):
        def transfer(self, address, write, read=0):
            if address == 0x68:
                raise OSError(errno.EBUSY, "busy")
            return super().transfer(address, write, read)

    found = findings(Owned(SteppedClock(), {0x69: Registers(MPU)}))

    assert "warn at 0x68: a kernel driver owns the chip (error 16)" in words(found)
    assert "ok bedside would listen to the sensor at 0x69" in words(found)


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.ENXIO])
def test_either_number_for_nobody_is_understood(error):
    i2c = bus(x68=MPU)
    i2c.fail_sometimes(1.0, error=error)

    assert words(findings(i2c))[-1] == "fail no motion sensor answers that bedside can use"


@pytest.mark.parametrize("error", [errno.EIO, errno.EAGAIN])
def test_what_passes_by_itself_is_asked_again(error):
    for chip in (MPU, {0x00: 0xEA}):
        i2c = bus(x68=chip)
        i2c.fail_at = {1: error, 3: error}
        assert look(i2c, 0x68).motion


def test_an_answer_cut_short_is_asked_again():
    i2c = bus(x68=MPU)
    i2c.short_at = {1, 3}

    assert look(i2c, 0x68).name == "MPU-6050"
    i2c.short_at = set(range(100))
    with pytest.raises(OSError, match="Input/output"):
        look(i2c, 0x68)


def test_nothing_but_pointers_is_ever_written():
    chips = {f"x{address:x}": Registers({}, 0x100) for address in ADDRESSES}
    findings(bus(**chips))

    assert all(len(data) <= 1 for chip in chips.values() for data in chip.heard)


def test_buses_are_found_by_their_devices(tmp_path):
    for name in ("i2c-20", "i2c-1", "i2c-x", "spidev0.0"):
        (tmp_path / name).touch()

    assert bus_numbers(tmp_path) == [1, 20]
    assert bus_numbers(tmp_path / "nowhere") == []


def test_the_lines_that_ask_for_what_was_found_are_told():
    found = findings(bus(x1d={0x00: 0xAD, 0x01: 0x1D, 0x02: 0xED, 0x03: 0x01}, x3c={}))
    mends = {finding.what: finding.mend for finding in found}

    assert (
        mends["bedside would listen to the sensor at 0x1d"]
        == 'to be told when it is missing: [sensor] chip = "adxl355"'
    )
    display = "at 0x3c answers: OLED display (SSD1306 or SH1106), by its address"
    assert '[display] panel = "ssd1306"' in mends[display]


def test_what_the_settings_name_already_is_not_suggested():
    found = findings(bus(x68=MPU), chip="mpu6050")

    assert [finding.mend for finding in found] == ["", "", ""]
