"""What the settings of the light refuse, each in one sentence."""

import attrs
import pytest

from bedside.config.manual import manual_of
from bedside.config.reading import read_sections
from bedside.drivers.button import ButtonSettings
from bedside.errors import ConfigError
from bedside.light.settings import LightSettings


def test_there_is_no_light_unless_pins_are_named():
    assert LightSettings().channels == ()


def test_channels_and_colours():
    light = LightSettings(pins="18, 13", colours="Warm,amber")
    assert (light.channels, light.colour_names) == ((18, 13), ("warm", "amber"))
    assert LightSettings(pins="12,13,18", colours="RGB").colour_names == ("red", "green", "blue")
    assert light.wish == ("auto", 2000.0, 200.0)
    assert LightSettings(bedtime="23:30", lights_out="00:15").evening_min == 45


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"pins": "GPIO18"}, '"GPIO18" is no GPIO number; they go from 2 to 27'),
        ({"pins": "1"}, '"1" is no GPIO number'),
        ({"pins": "28"}, '"28" is no GPIO number'),
        ({"pins": "18,18", "colours": "warm,amber"}, "a pin is there twice"),
        ({"pins": "12,13,18,19"}, "4 pins; a light has one, two or three channels"),
        ({"pins": "18", "colours": "purple"}, '"purple" is no colour; there are red, amber'),
        ({"pins": "12,13", "colours": "warm,warm"}, "a colour is there twice"),
        ({"pins": "18,13"}, "there are 2 pins and 1 colours; give each pin its colour"),
        ({"night_from": "25:00"}, '"25:00" is no time of day; write hours and minutes'),
        ({"night_until": ""}, '"" is no time of day'),
        ({"alarm": "7"}, '"7" is no time of day'),
        ({"night_until": "22:00"}, "night_from and night_until are both 22:00; let"),
        ({"path_level": 30.0}, r"path_level \(30 %\) is brighter than night_ceiling \(20 %\);"),
        ({"soothe": True, "soothe_level": 21.0}, r"soothe_level \(21 %\) is brighter than"),
        ({"bedtime": "22:00"}, "bedtime is given and lights_out is not"),
        ({"bedtime": "22:00", "lights_out": "21:00"}, "does not come after bedtime"),
        ({"bedtime": "22:00", "lights_out": "22:00"}, "does not come after bedtime"),
        ({"alarm": "06:20"}, "the sunrise begins at 05:50, in the night with its ceiling of 20 %;"),
        ({"night_ceiling": 101.0}, "above the highest value"),
        ({"hardware_hz": 500.0}, "below the lowest value"),
        ({"pwm": "fast"}, "is not one of"),
    ],
)
def test_what_cannot_be(settings, told):
    with pytest.raises(ValueError, match=told):
        LightSettings(**settings)


def test_what_can_be():
    LightSettings(path=False, path_level=50.0)
    LightSettings(soothe_level=50.0)
    LightSettings(alarm="06:30")
    LightSettings(alarm="06:00", sunrise_level=20.0)
    LightSettings(alarm="23:00", night_from="23:30")


def test_a_file_tells_the_line(tmp_path):
    file = tmp_path / "bedside.toml"
    file.write_text('[light]\npins = "18"\nalarm = "25:00"\nbutton_level = 200\n')
    with pytest.raises(ConfigError) as told:
        read_sections(file, {"light": LightSettings})
    assert len(told.value.problems) == 2
    assert told.value.problems[0].startswith(f'{file}:3: [light] alarm: "25:00" is no time of day')


@pytest.mark.parametrize("made", [LightSettings, ButtonSettings])
def test_every_setting_is_in_the_manual(made):
    manual = manual_of({"part": made})
    for field in attrs.fields(made):
        assert f"\n{field.name} = " in manual
