"""What the light is made of, and what moves it."""

from datetime import time
from typing import Any

import attrs

from bedside.drivers.pins import PwmWish
from bedside.drivers.pwm import PWM_KINDS
from bedside.light.colours import COLOURS
from bedside.schedule import time_of_day
from bedside.settings import setting

_MOST_CHANNELS = 3
_DAY_MIN = 24 * 60
_LONGEST_EVENING_MIN = 12 * 60
ALARM_DAYS = ("every day", "weekdays")


def _level(default: float, doc: str, *, low: float = 0.0) -> Any:
    return setting(default, doc, unit="%", low=low, high=100.0)


@attrs.frozen
class LightSettings:
    """The night light: a soft lamp, how bright it may be, and what may turn it on.

    Brightness is perceived brightness: 50 % looks half as bright as 100 %.
    """

    pins: str = setting(
        "",
        "GPIO numbers of its one to three channels, as in `18` or `18,13`; empty: there is no"
        " light. 12, 13, 18 and 19 are the best, see docs/light.md.",
    )
    colours: str = setting(
        "warm",
        f"Colour of each channel: {', '.join(COLOURS)}; `rgb` is short for red,green,blue.",
    )
    pwm: str = setting(
        "auto",
        "How it is dimmed: `hardware` on pins that can, `software` on any; `auto` takes the best.",
        choices=PWM_KINDS,
    )
    hardware_hz: float = setting(
        2000.0, "Pulses a second made in hardware.", unit="Hz", low=1000.0, high=7000.0
    )
    software_hz: float = setting(
        200.0,
        "Pulses a second made in software: faster flickers less, slower dims more finely.",
        unit="Hz",
        low=100.0,
        high=500.0,
    )
    red_below: float = setting(
        20.0,
        "Dimmer than this the reddest channel glows alone; the others join above.",
        unit="%",
        low=0.0,
        high=50.0,
    )
    night_from: str = setting("22:00", "Start of the night.")
    night_until: str = setting("06:00", "End of the night.")
    night_ceiling: float = _level(20.0, "At night it is never brighter than this.")
    fade_s: float = setting(1.5, "How long a change by hand takes.", unit="s", low=0.4, high=60.0)
    hold_min: float = setting(
        30.0,
        "A change by hand holds for this long, before anything else may change the light.",
        unit="min",
        low=1.0,
        high=720.0,
    )
    button_level: float = _level(
        15.0, "How bright a short press of the button turns it on.", low=1.0
    )
    bedtime: str = setting(
        "", "The evening's light has faded in by this time; empty: no light of its own."
    )
    evening_level: float = _level(30.0, "How bright it is in the evening.")
    evening_fade_min: float = setting(
        30.0, "How long it fades in before bedtime.", unit="min", low=0.0, high=180.0
    )
    lights_out: str = setting("", "The evening's light begins to fade out at this time.")
    lights_out_fade_min: float = setting(
        10.0, "How long it fades out.", unit="min", low=0.0, high=120.0
    )
    path: bool = setting(True, "Light the way for whoever leaves the bed at night.")
    path_level: float = _level(8.0, "How bright the way is lit.")
    path_fade_s: float = setting(
        0.4, "How long that takes to fade in.", unit="s", low=0.2, high=10.0
    )
    path_return_s: float = setting(
        45.0, "It begins to go out this long after the return.", unit="s", low=0.0, high=600.0
    )
    path_out_s: float = setting(8.0, "How long it takes to go out.", unit="s", low=0.4, high=120.0)
    path_longest_min: float = setting(
        20.0, "It goes out after this even if nobody returns.", unit="min", low=1.0, high=240.0
    )
    alarm: str = setting("", "The sunrise is complete at this time; empty: there is none.")
    alarm_days: str = setting("every day", "On which days.", choices=ALARM_DAYS)
    sunrise_min: float = setting(
        30.0, "How long the sunrise takes.", unit="min", low=1.0, high=120.0
    )
    sunrise_level: float = _level(60.0, "How bright it gets.", low=1.0)
    sunrise_stay_min: float = setting(
        30.0, "How long it stays before it fades out.", unit="min", low=0.0, high=240.0
    )
    soothe: bool = setting(
        False, "Glow faintly after a burst of jerks; it may soothe, and it may wake."
    )
    soothe_jerks: int = setting(4, "So many jerks make a burst.", low=2, high=50)
    soothe_within_s: float = setting(60.0, "Within this time.", unit="s", low=2.0, high=600.0)
    soothe_level: float = _level(2.0, "How brightly it glows.")
    soothe_min: float = setting(
        5.0,
        "How long it glows; it does not glow again for six times as long.",
        unit="min",
        low=0.5,
        high=60.0,
    )

    @night_from.validator
    @night_until.validator
    def _is_time(self, _field: "attrs.Attribute[str]", text: str) -> None:
        time_of_day(text)

    @bedtime.validator
    @lights_out.validator
    @alarm.validator
    def _may_be_time(self, _field: "attrs.Attribute[str]", text: str) -> None:
        if text:
            time_of_day(text)

    @pins.validator
    def _are_pins(self, _field: "attrs.Attribute[str]", text: str) -> None:
        numbers = _listed(text)
        wrong = [word for word in numbers if not word.isdecimal() or not 2 <= int(word) <= 27]
        if wrong:
            raise ValueError(f'"{wrong[0]}" is no GPIO number; they go from 2 to 27, as in "18"')
        if len(set(map(int, numbers))) < len(numbers):
            raise ValueError("a pin is there twice; each channel has its own")
        if len(numbers) > _MOST_CHANNELS:
            raise ValueError(f"{len(numbers)} pins; a light has one, two or three channels")

    @colours.validator
    def _are_colours(self, _field: "attrs.Attribute[str]", text: str) -> None:
        names = _colours(text)
        unknown = [name for name in names if name not in COLOURS]
        if unknown:
            raise ValueError(f'"{unknown[0]}" is no colour; there are {", ".join(COLOURS)} and rgb')
        if len(set(names)) < len(names):
            raise ValueError("a colour is there twice; join its strips on one channel")

    def __attrs_post_init__(self) -> None:
        """Refuse what does not go together."""
        pins, colours = self.channels, self.colour_names
        if pins and len(pins) != len(colours):
            raise ValueError(
                f"there are {len(pins)} pins and {len(colours)} colours; give each pin its colour"
            )
        if time_of_day(self.night_from) == time_of_day(self.night_until):
            raise ValueError(
                f"night_from and night_until are both {self.night_from};"
                " let the night have a length"
            )
        self._check_ceiling()
        self._check_evening()
        self._check_sunrise()

    @property
    def channels(self) -> tuple[int, ...]:
        """GPIO numbers; empty where there is no light."""
        return tuple(map(int, _listed(self.pins)))

    @property
    def colour_names(self) -> tuple[str, ...]:
        """Colour of each channel."""
        return tuple(_colours(self.colours))

    @property
    def wish(self) -> PwmWish:
        """How PWM is to be made."""
        [kind] = [kind for kind in PWM_KINDS if kind == self.pwm]
        return PwmWish(kind, self.hardware_hz, self.software_hz)

    @property
    def evening_min(self) -> float:
        """From bedtime to lights-out, minutes; across midnight too."""
        return (_minute(self.lights_out) - _minute(self.bedtime)) % _DAY_MIN

    def _check_ceiling(self) -> None:
        lit = {"path_level": self.path, "soothe_level": self.soothe}
        for name in (name for name, on in lit.items() if on):
            level = getattr(self, name)
            if level > self.night_ceiling:
                raise ValueError(
                    f"{name} ({level:g} %) is brighter than night_ceiling"
                    f" ({self.night_ceiling:g} %); lower the one or raise the other"
                )

    def _check_evening(self) -> None:
        if not self.bedtime:
            return
        if not self.lights_out:
            raise ValueError("bedtime is given and lights_out is not; say when the light goes out")
        if not 0 < self.evening_min <= _LONGEST_EVENING_MIN:
            raise ValueError(
                f"lights_out ({self.lights_out}) does not come after bedtime ({self.bedtime});"
                " let it be later"
            )

    def _check_sunrise(self) -> None:
        """Refuse a sunrise within the night: under its hard ceiling it would be none."""
        if not self.alarm or self.sunrise_level <= self.night_ceiling:
            return
        alarm, night = _minute(self.alarm), _minute(self.night_from)
        start = (alarm - self.sunrise_min) % _DAY_MIN
        into_night = (start - night) % _DAY_MIN
        if into_night < (_minute(self.night_until) - night) % _DAY_MIN:
            began = time(int(start) // 60, int(start) % 60)
            raise ValueError(
                f"the sunrise begins at {began:%H:%M}, in the night with its ceiling of"
                f" {self.night_ceiling:g} %; let night_until be {began:%H:%M} or earlier"
            )


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _colours(text: str) -> list[str]:
    return ["red", "green", "blue"] if text.strip().lower() == "rgb" else _listed(text.lower())


def _minute(text: str) -> int:
    at = time_of_day(text)
    return at.hour * 60 + at.minute
