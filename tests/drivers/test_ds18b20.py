import pytest

from bedside.drivers.ds18b20 import Ds18b20, serials
from bedside.errors import BadReading, ChipNotFound
from bedside.simulator.ds18b20 import SERIAL, Ds18b20Model, maxim_crc8


@pytest.fixture
def wire(tmp_path):
    return Ds18b20Model(tmp_path)


@pytest.fixture
def chip(wire, tmp_path):
    return Ds18b20(devices=tmp_path)


def test_the_kernels_own_words(wire, chip):
    wire.write("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n")
    assert chip.read() == (23.125, None)
    wire.write("5e ff 4b 46 7f ff 02 10 a6 : crc=a6 YES\n5e ff 4b 46 7f ff 02 10 a6 t=-10125\n")
    assert chip.read().c == -10.125


def test_the_model_makes_the_same_words():
    assert maxim_crc8(bytes.fromhex("72 01 4b 46 7f ff 0e 10")) == 0x57
    assert maxim_crc8(bytes.fromhex("50 05 4b 46 7f ff 0c 10")) == 0x1C


def test_a_wrong_checksum_is_refused(wire, chip):
    wire.corrupt()
    with pytest.raises(BadReading, match=rf"DS18B20 {SERIAL} sends a value with a wrong checksum"):
        chip.read()


def test_85_degrees_are_a_loss_of_power_unless_it_was_hot_before(wire, chip):
    wire.power_up()
    with pytest.raises(BadReading, match="85 °C, as after a loss of power"):
        chip.read()
    wire.set(20.0)
    chip.read()
    wire.power_up()
    with pytest.raises(BadReading):
        chip.read()
    wire.set(80.5)
    chip.read()
    wire.set(85.0)
    assert chip.read().c == 85.0
    wire.set(84.9375)
    assert chip.read().c == pytest.approx(84.937)


def test_too_little_power_and_a_short_are_refused(wire, chip):
    wire.starve()
    with pytest.raises(BadReading, match="too little power"):
        chip.read()
    wire.short()
    with pytest.raises(BadReading, match="nothing but 0x00"):
        chip.read()


@pytest.mark.parametrize("thousandths", [-55063, 125063])
def test_what_it_cannot_measure_is_refused(wire, chip, thousandths):
    wire.show(bytes.fromhex("72 01 4b 46 7f ff 0e 10"), thousandths)
    with pytest.raises(BadReading, match="cannot measure"):
        chip.read()


@pytest.mark.parametrize(
    "text",
    ["", "\n", "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n", "t=23125\n", "YES t=x", "\x00" * 40],
)
def test_an_answer_cut_short_is_refused(wire, chip, text):
    wire.write(text)
    with pytest.raises(ChipNotFound, match="broke off"):
        chip.read()


def test_a_file_that_cannot_be_read_is_nobody(wire, chip, tmp_path):
    file = tmp_path / SERIAL / "w1_slave"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ChipNotFound, match="nobody answers"):
        chip.read()
    file.unlink()
    file.mkdir()
    with pytest.raises(ChipNotFound, match="nobody answers"):
        chip.read()


def test_one_of_several_is_chosen_by_its_serial_number(tmp_path):
    cold, warm = Ds18b20Model(tmp_path, 4.0, "28-aa"), Ds18b20Model(tmp_path, 24.0, "28-bb")
    (tmp_path / "w1_bus_master1").mkdir()
    (tmp_path / "10-000802824e58").mkdir()
    assert serials(tmp_path) == ["28-aa", "28-bb"]
    assert Ds18b20(devices=tmp_path).read().c == 4.0
    chosen = Ds18b20("28-bb", devices=tmp_path)
    assert (chosen.name, chosen.place, chosen.read().c) == ("DS18B20", "28-bb", 24.0)
    with pytest.raises(ChipNotFound, match=r"no DS18B20 28-cc, but 28-aa, 28-bb: see \[climate\]"):
        Ds18b20("28-cc", devices=tmp_path)
    cold.unplug()
    warm.unplug()
    with pytest.raises(ChipNotFound, match="no DS18B20 hangs on the 1-wire bus: check its three"):
        Ds18b20("28-bb", devices=tmp_path)


def test_no_one_wire_bus_says_how_to_turn_it_on(tmp_path):
    with pytest.raises(ChipNotFound, match="no 1-wire bus: add dtoverlay=w1-gpio"):
        Ds18b20(devices=tmp_path / "nowhere")
    assert serials(tmp_path / "nowhere") == []
