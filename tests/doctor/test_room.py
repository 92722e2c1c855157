import errno

import pytest

from bedside.clock import SteppedClock
from bedside.doctor import examine
from bedside.doctor.room import examine_room, judge_room
from bedside.drivers.imu import ImuSettings
from bedside.drivers.thermometer import Identity, ThermometerSettings
from bedside.errors import BusError
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.ds18b20 import Ds18b20Model
from bedside.simulator.mcp9808 import Mcp9808Model
from bedside.simulator.room import Air
from bedside.simulator.sht3x import Sht3xModel
from bedside.simulator.sht4x import Sht4xModel


def room(_t_s):
    return Air(20.0)


def findings(chips, folder, **settings):
    clock = SteppedClock()
    bus = SimulatedI2C(clock, {a: make(clock, room) for a, make in chips.items()})
    found = examine_room(lambda: bus, clock, ThermometerSettings(**settings), folder)
    return [(finding.level, finding.what, finding.mend) for finding in found]


@pytest.mark.parametrize(
    ("address", "model", "word", "name"),
    [
        (0x44, Sht4xModel, "sht4x", "SHT4x"),
        (0x45, Sht3xModel, "sht3x", "SHT3x"),
        (0x1A, Mcp9808Model, "mcp9808", "MCP9808"),
    ],
)
def test_a_thermometer_is_named_with_the_line_that_asks_for_it(
    address, model, word, name, tmp_path
):
    assert findings({address: model}, tmp_path) == [
        (
            "ok",
            f"the room's temperature would come from the {name} at {address:#04x}",
            f'to be told when it is missing: [climate] chip = "{word}"',
        )
    ]
    [(level, _, mend)] = findings({address: model}, tmp_path, chip=word)
    assert (level, mend) == ("ok", "")


def test_all_the_others_are_named_with_what_would_choose_them(tmp_path):
    Ds18b20Model(tmp_path, serial="28-aa")
    first, second, third = findings({0x44: Sht4xModel, 0x18: Mcp9808Model}, tmp_path)
    assert "the SHT4x at 0x44" in first[1]
    assert "the MCP9808 at 0x18, which would not be read" in second[1]
    assert second[2] == 'to choose it: [climate] chip = "mcp9808" and address = 0x18'
    assert third[2] == 'to choose it: [climate] chip = "ds18b20" and serial = "28-aa"'


def test_another_than_the_settings_ask_for_is_a_warning(tmp_path):
    [found] = findings({0x44: Sht4xModel}, tmp_path, chip="bme280")
    assert found == (
        "warn",
        '[climate] asks for chip = "bme280", found SHT4x at 0x44',
        'set [climate] chip = "sht4x" and address = 0x44',
    )
    [found] = findings({0x44: Sht4xModel}, tmp_path, address=0x45)
    assert found[:2] == ("warn", '[climate] asks for chip = "auto" at 0x45, found SHT4x at 0x44')
    Ds18b20Model(tmp_path, serial="28-aa")
    [found] = findings({}, tmp_path, chip="ds18b20", serial="28-bb")
    assert found[1] == '[climate] asks for chip = "ds18b20" 28-bb, found DS18B20 28-aa'


def test_none_is_no_fault_unless_one_is_asked_for(tmp_path):
    [auto] = findings({}, tmp_path)
    [named] = findings({}, tmp_path, chip="aht20")
    [unwanted] = findings({0x44: Sht4xModel}, tmp_path, chip="none")
    assert auto == ("ok", "no thermometer answers: the room's temperature is left out", "")
    assert named[:2] == ("warn", "no aht20 answers: the room's temperature would be missing")
    assert unwanted == ("ok", "the settings want no thermometer", "")


def test_a_bus_at_fault_is_left_to_others_and_the_wire_is_looked_at(tmp_path):
    Ds18b20Model(tmp_path, serial="28-aa")

    def refuse():
        raise BusError("no bus")

    [found] = examine_room(refuse, SteppedClock(), ThermometerSettings(), tmp_path)
    assert found.what == "the room's temperature would come from the DS18B20 28-aa"
    clock = SteppedClock()
    stuck = SimulatedI2C(clock, {0x44: Sht4xModel(clock, room)})
    stuck.fail_sometimes(1.0, error=errno.ETIMEDOUT)
    [found] = examine_room(lambda: stuck, clock, ThermometerSettings(), tmp_path)
    assert "DS18B20" in found.what


def test_judging_is_pure():
    found = {0x76: Identity("bme280", "BMP280")}
    [told] = judge_room(found, [], ThermometerSettings())
    assert told.what == "the room's temperature would come from the BMP280 at 0x76"


def test_the_look_at_the_bus_does_not_hide_a_thermometer_from_the_next(tmp_path):
    """An SHT4x that was just asked for its serial number is deaf for a moment."""
    clock = SteppedClock()
    bus = SimulatedI2C(clock, {0x44: Sht4xModel(clock, room)})

    found = examine([1], lambda _number: bus, ImuSettings(), tmp_path, clock)

    told = [finding.what for finding in found.findings]
    assert "the room's temperature would come from the SHT4x at 0x44" in told
