"""Pins and addresses that two sections ask for."""

import pytest

from bedside.config import load
from bedside.config.conflicts import conflicts

SHARED = {
    "a button on the pin of the lamp": (
        '[light]\npins = "18"\n[button]\npin = 18\n',
        "4: [button] pin: GPIO 18 has two jobs, the light and the button: move one to another pin",
    ),
    "a lamp on the bus": (
        '[light]\npins = "3"\n',
        "2: [light] pins: GPIO 3 has two jobs, the I2C bus and the light: move one to another pin",
    ),
    "a thermometer at the sensor's address": (
        '[sensor]\naddress = 0x18\n[climate]\nchip = "mcp9808"\naddress = 0x18\n',
        "5: [climate] address: the motion sensor and the thermometer cannot both sit at 0x18:"
        " strap one of them to another address and set it, or set 0 to have it looked for",
    ),
}


@pytest.fixture
def found(tmp_path):
    def read(text):
        path = tmp_path / "bedside.toml"
        path.write_text(text)
        return [each.removeprefix(f"{path}:") for each in conflicts(load(path))]

    return read


@pytest.mark.parametrize("case", SHARED)
def test_two_wishes_for_one_thing_are_told_with_the_line_of_the_second(found, case):
    text, sentence = SHARED[case]

    assert found(text) == [sentence]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[light]\npins = "18,13"\ncolours = "warm,red"\n[button]\npin = 17\n',
        "[sensor]\naddress = 0x68\n[climate]\naddress = 0x44\n",
        "[sensor]\nbus = 3\n[button]\npin = 3\n",
        '[sensor]\naddress = 0x3c\n[display]\npanel = "none"\naddress = 0x3c\n',
        '[sensor]\naddress = 0x68\n[climate]\nchip = "ds18b20"\naddress = 0x68\n',
    ],
)
def test_what_does_not_meet_is_no_conflict(found, text):
    assert found(text) == []


def test_three_at_one_address_are_named_together(found):
    [sentence] = found(
        "[sensor]\naddress = 0x3c\n[climate]\naddress = 0x3c\n"
        '[display]\npanel = "sh1106"\naddress = 0x3c\n'
    )

    assert "the motion sensor and the thermometer and the display" in sentence
