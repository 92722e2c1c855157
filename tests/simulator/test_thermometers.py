"""The models against the data sheets, byte by byte; no driver in between."""

import pytest

from bedside.clock import SteppedClock
from bedside.simulator.aht20 import Aht20Model
from bedside.simulator.bme280 import BMP280, Bme280Model
from bedside.simulator.crc import crc8, with_crc
from bedside.simulator.mcp9808 import Mcp9808Model
from bedside.simulator.room import Air, night_air
from bedside.simulator.sht3x import Sht3xModel
from bedside.simulator.sht4x import Sht4xModel
from bedside.simulator.tmp117 import Tmp117Model


class Desk:
    """A chip with a clock, and what a controller would do with it."""

    def __init__(self, model, c=25.0, humidity=50.0, **chip) -> None:
        self.clock, self.air = SteppedClock(), Air(c, humidity)
        self.chip = model(self.clock, lambda _t: self.air, **chip)

    def write(self, text: str, wait_s: float = 0.0) -> None:
        self.chip.write(bytes.fromhex(text))
        self.clock.advance(wait_s)

    def read(self, length: int) -> str:
        return self.chip.read(length).hex(" ")

    def ask(self, text: str, length: int, wait_s: float = 0.0) -> str:
        self.write(text, wait_s)
        return self.read(length)


def test_the_checksum_of_the_data_sheet():
    assert crc8(b"\xbe\xef") == 0x92
    assert with_crc(0xBEEF) == b"\xbe\xef\x92"


def test_sht4x_measures_only_when_told_and_answers_once():
    desk = Desk(Sht4xModel)
    with pytest.raises(OSError, match="121"):
        desk.read(6)
    # 25 °C is 70/175 of the scale, 50 % is 56/125 of it.
    assert desk.ask("fd", 6, 0.0083) == (with_crc(26214) + with_crc(29360)).hex(" ")
    with pytest.raises(OSError, match="121"):
        desk.read(6)
    desk.write("fd", 0.008)
    with pytest.raises(OSError, match="121"):
        desk.read(6)


@pytest.mark.parametrize("command", ["39", "32", "2f", "24", "1e", "15"])
def test_sht4x_counts_how_often_its_heater_came_on(command):
    desk = Desk(Sht4xModel)
    desk.write(command, 1.2)
    assert desk.chip.heated == 1
    assert len(desk.chip.read(6)) == 6


@pytest.mark.parametrize("command", ["00", "fd 00", "f3 2d"])
def test_sht4x_refuses_what_is_no_command(command):
    with pytest.raises(OSError, match="121"):
        Desk(Sht4xModel).write(command)


def test_sht3x_takes_two_bytes_and_never_stretches_the_clock():
    desk = Desk(Sht3xModel)
    assert desk.ask("24 00", 6, 0.0155) == (with_crc(26214) + with_crc(32768)).hex(" ")
    assert desk.ask("f3 2d", 3) == with_crc(0x8010).hex(" ")
    desk.write("30 41")
    desk.write("30 6d")
    assert desk.chip.status == 0x2000
    desk.write("30 66")
    assert desk.chip.status == 0
    desk.write("24")  # half a command
    with pytest.raises(OSError, match="121"):
        desk.read(1)
    with pytest.raises(OSError, match="5"):
        desk.write("2c 06")
    with pytest.raises(OSError, match="121"):
        desk.write("12 34")


def test_sht3x_that_measures_by_itself_hears_only_the_stop():
    desk = Desk(Sht3xModel)
    desk.write("21 30")
    with pytest.raises(OSError, match="121"):
        desk.write("24 00")
    desk.write("30 93")
    desk.write("30 a2")
    with pytest.raises(OSError, match="121"):  # still in its reset
        desk.write("24 00")


def test_aht20_is_busy_for_a_while_and_then_tells():
    desk = Desk(Aht20Model)
    assert desk.read(1) == "18"
    desk.write("ac 33 00", 0.07)
    assert desk.read(1) == "98"
    desk.clock.advance(0.01)
    frame = desk.chip.read(7)
    # 50 % is half of 2^20, 25 °C three eighths of it.
    assert frame.hex(" ") == "18 80 00 06 00 00 " + bytes([crc8(frame[:6])]).hex()
    desk.write("00 00 00")  # no command: nothing happens
    assert desk.chip.read(7) == frame
    desk.write("ba")
    for ask in (lambda: desk.read(1), lambda: desk.write("ac 33 00")):
        with pytest.raises(OSError, match="121"):
            ask()


@pytest.mark.parametrize(
    ("c", "word"), [(25.0, "c1 90"), (0.0, "80 00"), (-0.25, "3f fc"), (-10.0, "3f 60")]
)
def test_mcp9808_tells_sixteenths_below_three_alerts(c, word):
    desk = Desk(Mcp9808Model, c)
    assert desk.ask("05", 2) == "00 00"
    desk.clock.advance(0.26)
    assert desk.read(2) == word
    assert desk.ask("06", 2) == "00 54"
    assert desk.ask("07", 2) == "04 00"
    assert desk.ask("08", 1) == "03"
    assert desk.ask("0f", 2) == "ff ff"


def test_mcp9808_sleeps_when_told_and_rounds_as_told():
    desk = Desk(Mcp9808Model, 20.0)
    desk.clock.advance(1.0)
    desk.write("01 01 00", 1.0)
    desk.air = Air(21.3)
    desk.clock.advance(1.0)
    assert desk.ask("05", 2)[-2:] == "40"
    desk.write("01 00 00")
    desk.write("08 00", 1.0)
    assert desk.ask("05", 2)[-2:] == "58"  # 21.5: half degrees


def test_tmp117_measures_once_a_second_and_flags_what_is_new():
    desk = Desk(Tmp117Model, -25.0)
    assert desk.ask("00", 2) == "80 00"
    assert desk.ask("01", 2) == "02 20"
    desk.clock.advance(0.13)
    assert desk.read(2) == "22 20"
    assert desk.read(2) == "02 20"  # reading takes the flag away
    assert desk.ask("00", 2) == "f3 80"
    desk.air = Air(25.0)
    desk.clock.advance(0.8)
    assert desk.read(2) == "f3 80"
    desk.clock.advance(0.3)
    assert desk.read(2) == "0c 80"
    assert desk.ask("0f", 2) == "01 17"


def test_bme280_measures_when_forced_and_skips_what_is_not_asked_for():
    desk = Desk(Bme280Model, 25.08, 50.0)
    assert desk.ask("d0", 1) == "60"
    assert desk.ask("f7", 8) == "80 00 00 80 00 00 80 00"
    assert desk.ask("f3", 1) == "01"  # its calibration is being copied
    desk.clock.advance(0.003)
    assert desk.read(1) == "00"
    desk.write("f4 21")
    assert desk.ask("f3", 1) == "08"
    desk.clock.advance(0.004)
    raw = bytes.fromhex(desk.ask("f7", 8))
    assert raw[:3] == b"\x80\x00\x00"
    assert int.from_bytes(raw[3:6], "big") >> 4 == pytest.approx(519888, abs=200)
    assert raw[6:] == b"\x80\x00"  # nobody asked for the humidity before
    assert desk.ask("f4", 1) == "20"  # asleep again
    desk.write("f2 01 f4 27", 0.01)
    assert desk.ask("fd", 2) != "80 00"


def test_bmp280_has_no_humidity():
    desk = Desk(Bme280Model, identity=BMP280)
    desk.write("f2 01 f4 21", 0.02)
    assert desk.ask("fd", 2) == "80 00"
    assert desk.ask("d0", 1) == "58"
    assert desk.ask("e1", 7) == "00 00 00 00 00 00 00"


def test_a_room_cools_through_the_night():
    room = night_air(100.0)
    assert room(100.0) == (pytest.approx(21.4), 42.0)
    hours = [room(100.0 + 3600.0 * hour).c for hour in range(9)]
    assert 17.0 < hours[8] < 17.6
    steps = [abs(room(t + 60.0).c - room(t).c) for t in range(100, 28_900, 60)]
    assert max(steps) < 0.1
