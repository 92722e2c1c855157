from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bedside.light.jobs import appointments, work
from bedside.light.settings import LightSettings
from bedside.schedule import upcoming

BERLIN = ZoneInfo("Europe/Berlin")
TIMES = {"bedtime": "21:30", "lights_out": "22:30", "alarm": "07:00"}


def coming(settings, *when):
    wall_s = datetime(*when, tzinfo=BERLIN).timestamp()
    due = upcoming(appointments(settings).values(), wall_s, BERLIN)
    return [(one.name, f"{one.at(BERLIN):%a %H:%M}") for one in due]


def test_what_the_light_does_by_the_time_of_day():
    settings = LightSettings(pins="18", **TIMES)
    assert coming(settings, 2026, 6, 1, 12) == [
        ("evening light", "Mon 21:00"),
        ("lights-out", "Mon 22:30"),
        ("sunrise", "Tue 06:30"),
    ]


def test_a_sunrise_on_weekdays():
    settings = LightSettings(pins="18", alarm="07:00", alarm_days="weekdays")
    assert coming(settings, 2026, 6, 5, 12) == [("sunrise", "Mon 06:30")]


def test_nothing_without_a_light_or_without_times():
    assert appointments(LightSettings(**TIMES)) == {}
    assert appointments(LightSettings(pins="18")) == {}


def test_each_does_what_it_says(bedroom):
    room = bedroom(12, **TIMES)
    done = {appointment.name: do for appointment, do in work(room.light, room.settings)}
    done["evening light"](0.0)
    room.live(5.0)
    done["lights-out"](0.0)
    room.live(5.0)
    done["sunrise"](600.0)
    assert [cause for _, _, cause in room.told] == ["evening", "lights-out", "sunrise"]
    room.live(1200.0)
    assert room.level == pytest.approx(0.6)
