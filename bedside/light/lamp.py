"""The lamp: a brightness made into pulses, finer than the pulses' own steps."""

from collections.abc import Sequence
from contextlib import ExitStack

from bedside.drivers.pins import Pins
from bedside.drivers.pwm import Pwm
from bedside.light.colours import Mixture
from bedside.light.settings import LightSettings

FRAME_S = 0.02
COARSE_FRAME_S = 0.01
COARSE_STEP = 1.0 / 10_000
"""Steps of the duty from this on are dithered faster, so that nobody sees it."""

JOB = "the light"


class Dither:
    """Takes whole steps whose mean follows what is asked for (error feedback, first order)."""

    def __init__(self, step: float) -> None:
        self._step, self._owed = step, 0.0

    def steps(self, duty: float) -> int:
        """Whole steps for the next frame of a fade."""
        wanted = duty / self._step + self._owed
        steps = round(wanted)
        self._owed = wanted - steps
        return steps

    def rest(self, duty: float) -> int:
        """Whole steps to stay at: the nearest, but what shall glow is not put out."""
        self._owed = 0.0
        return max(1, round(duty / self._step)) if duty > 0.0 else 0


class Lamp:
    """One lamp of one to three channels.

    Attributes
    ----------
    duties : what every channel was last sent.
    frame_s : how long a fade should show one brightness.
    """

    def __init__(self, channels: Sequence[Pwm], mixture: Mixture) -> None:
        self._channels, self._mixture = tuple(channels), mixture
        self._dithers = [Dither(channel.step) for channel in channels]
        self._steps: list[int | None] = [None] * len(channels)
        coarse = max(channel.step for channel in channels) >= COARSE_STEP
        self.frame_s = COARSE_FRAME_S if coarse else FRAME_S
        self.name = ", ".join(channel.name for channel in channels)
        for channel in channels:
            channel.off()

    @property
    def duties(self) -> tuple[float, ...]:
        """What every channel was last sent, 0-1."""
        pairs = zip(self._steps, self._channels, strict=True)
        return tuple((steps or 0) * channel.step for steps, channel in pairs)

    def show(self, level: float) -> None:
        """Show the next frame of a fade, at a perceived brightness of 0-1; raises PinError."""
        for n, duty in enumerate(self._mixture.duties(level)):
            self._send(n, self._dithers[n].steps(duty))

    def rest(self, level: float) -> None:
        """Stay at a perceived brightness of 0-1, without flicker; raises PinError."""
        for n, duty in enumerate(self._mixture.duties(level)):
            self._send(n, self._dithers[n].rest(duty))
        if level <= 0.0:
            for channel in self._channels:
                channel.off()

    def close(self) -> None:
        """Go dark and give the pins back."""
        with ExitStack() as pins:
            for channel in self._channels:
                pins.callback(channel.close)

    def _send(self, n: int, steps: int) -> None:
        if steps != self._steps[n]:
            self._channels[n].set_duty(min(1.0, steps * self._channels[n].step))
            self._steps[n] = steps


def open_lamp(pins: Pins, settings: LightSettings) -> Lamp:
    """Open the lamp of the settings, dark; PinError when one of its pins cannot be had."""
    with ExitStack() as opened:
        channels = []
        for pin in settings.channels:
            channel = pins.open_pwm(pin, JOB, settings.wish)
            opened.callback(channel.close)
            channels.append(channel)
        lamp = Lamp(channels, Mixture(settings.colour_names, settings.red_below / 100.0))
        opened.pop_all()
    return lamp
