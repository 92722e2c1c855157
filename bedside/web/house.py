"""What the pages show and move: everything they are given, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from bedside.access import Access
from bedside.climate import Room
from bedside.clock import Clock
from bedside.doctor import Examination
from bedside.health import Health
from bedside.light.light import Light
from bedside.live import Live
from bedside.machine_state import MachineState
from bedside.nights import Nights
from bedside.nights.summaries import Summaries
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.listener import Listener, Now
from bedside.settings import SettingsTold
from bedside.store import Store
from bedside.web import WebSettings
from bedside.web.jobs import Jobs


@dataclass(frozen=True, slots=True)
class House:
    """The house, as the pages know it.

    summaries  of all nights, read without scoring any
    settings  the section [web]
    access    who may open the pages
    heard     what the listener makes of this moment
    room      what the thermometer makes of it
    comfort   which temperature is called comfortable
    live      what the last two minutes were like
    machine   how the computer itself fares
    examined  what `bedside doctor` would find
    settings_told  every setting in force, and what came of the file's last reload
    new_listener  what hears samples at a rate, by the settings in force
    jobs      long work beside the recording
    """

    nights: Nights
    summaries: Summaries
    store: Store
    health: Health
    clock: Clock
    settings: WebSettings
    access: Access
    light: Light
    heard: Callable[[], Now]
    room: Callable[[], Room]
    comfort: Callable[[], ComfortSettings]
    live: Live
    machine: Callable[[], MachineState]
    examined: Callable[[], Examination]
    settings_told: Callable[[], SettingsTold]
    new_listener: Callable[[float], Listener]
    jobs: Jobs
