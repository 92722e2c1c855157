"""What the light does by the time of day."""

from collections.abc import Callable

from bedside.light.light import Light
from bedside.light.settings import ALARM_DAYS, LightSettings
from bedside.schedule import Appointment, time_of_day
from bedside.schedule.days import EVERY_DAY, WEEKDAYS

_HALF_A_DAY_S = 12 * 3600.0


def appointments(settings: LightSettings) -> dict[str, Appointment]:
    """Give the light's appointments by name; none where there is no light."""
    found: list[Appointment] = []
    if settings.channels and settings.bedtime:
        fade_s = settings.evening_fade_min * 60.0
        bedtime, out = time_of_day(settings.bedtime), time_of_day(settings.lights_out)
        late_s = fade_s + settings.evening_min * 60.0
        found.append(Appointment("evening light", bedtime, late_s, fade_s))
        found.append(Appointment("lights-out", out, _HALF_A_DAY_S))
    if settings.channels and settings.alarm:
        rise_s = settings.sunrise_min * 60.0
        late_s = rise_s + settings.sunrise_stay_min * 60.0
        days = EVERY_DAY if settings.alarm_days == ALARM_DAYS[0] else WEEKDAYS
        found.append(Appointment("sunrise", time_of_day(settings.alarm), late_s, rise_s, days))
    return {appointment.name: appointment for appointment in found}


def work(
    light: Light, settings: LightSettings
) -> list[tuple[Appointment, Callable[[float], None]]]:
    """Give each appointment of the light with what is done then."""
    done = {
        "evening light": light.evening,
        "lights-out": light.lights_out,
        "sunrise": light.sunrise,
    }
    return [(appointment, done[name]) for name, appointment in appointments(settings).items()]
