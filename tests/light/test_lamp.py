"""From a brightness to pulses: distinct, dithered, dark when it should be."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.clock import SteppedClock
from bedside.drivers.pins import PiPins
from bedside.errors import PinError
from bedside.light.colours import Mixture
from bedside.light.curve import luminance
from bedside.light.fade import Fade
from bedside.light.lamp import Dither, Lamp, open_lamp
from bedside.light.settings import LightSettings
from bedside.light.trial import slow_fade
from bedside.simulator.pwm import PwmTree, SimulatedPins, SimulatedPwm

HARDWARE, SOFTWARE = 1.0 / 25_000, 1.0 / 5_000


def lamp_of(step, clock=None):
    pwm = SimulatedPwm(clock or SteppedClock(), 18, step)
    return Lamp([pwm], Mixture(["warm"], 0.2)), pwm


def shown(lamp, pwm, levels):
    sent = []
    for level in levels:
        lamp.show(level)
        sent.append(pwm.duty)
    return np.array(sent)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=200), st.sampled_from([HARDWARE, SOFTWARE])
)
def test_what_is_owed_never_grows(duties, step):
    dither = Dither(step)
    owed = 0.0
    for duty in duties:
        steps = dither.steps(duty)
        assert steps >= 0
        owed += duty / step - steps
        assert abs(owed) <= 0.5 + 1e-6


@pytest.mark.parametrize("step", [HARDWARE, SOFTWARE])
@pytest.mark.parametrize("top", [0.02, 0.2])
def test_the_mean_of_a_slow_fade_follows_the_curve_between_the_steps(step, top):
    lamp, pwm = lamp_of(step)
    frames = 60 * round(1 / lamp.frame_s)
    levels = np.linspace(0.0, top, frames)
    sent = shown(lamp, pwm, levels)
    wanted = np.array([luminance(level) for level in levels])
    window = np.ones(25) / 25
    error = np.convolve(sent, window, "valid") - np.convolve(wanted, window, "valid")
    assert np.abs(error).max() < 0.05 * step
    assert np.abs(sent - wanted).max() <= step * (1.0 + 1e-6)  # a neighbour, never farther


def test_without_dither_the_dim_end_has_steps_that_are_seen():
    """At 200 Hz a step at 1 % is a fifth of the light; its mean moves fifty times finer."""
    lamp, pwm = lamp_of(SOFTWARE)
    sent = shown(lamp, pwm, np.linspace(0.01, 0.02, 3000))
    mean = np.convolve(sent, np.ones(100) / 100, "valid")
    assert SOFTWARE / luminance(0.01) > 0.15
    assert np.abs(np.diff(mean)).max() / luminance(0.01) < 0.005


def test_coarse_steps_are_dithered_faster():
    assert lamp_of(SOFTWARE)[0].frame_s < lamp_of(HARDWARE)[0].frame_s == 0.02


def test_at_rest_it_keeps_the_nearest_step_and_does_not_flicker():
    lamp, pwm = lamp_of(SOFTWARE)
    lamp.show(0.1)
    lamp.rest(0.1)
    count = len(pwm.sent)
    for _ in range(100):
        lamp.rest(0.1)
    assert len(pwm.sent) == count
    assert pwm.duty == pytest.approx(luminance(0.1), abs=SOFTWARE / 2)


@pytest.mark.parametrize("level", [1e-6, 1e-4, 1e-3])
def test_what_shall_glow_is_not_rounded_to_nothing(level):
    lamp, pwm = lamp_of(SOFTWARE)
    lamp.rest(level)
    assert pwm.duty == SOFTWARE
    lamp.rest(0.0)
    assert pwm.duty == 0.0


def test_full_is_full():
    lamp, pwm = lamp_of(1.0 / 30_001)
    lamp.rest(1.0)
    assert pwm.duty == 1.0
    lamp.show(1.0)
    assert pwm.duty == 1.0


@pytest.mark.parametrize("clock_hz", [None, 10_000_000])
def test_a_fade_to_a_fifth_has_two_hundred_distinct_duties_at_the_hardware_pin(tmp_path, clock_hz):
    clock = SteppedClock()
    tree = PwmTree(tmp_path, clock)
    chip = tree.add_chip(0, "fe20c000.pwm", 2, clock_hz)
    lamp = open_lamp(PiPins(clock, root=tree.root, write=tree.write), LightSettings(pins="18"))
    fade = Fade(clock.monotonic(), 0.0, clock.monotonic() + 10.0, 0.2)
    while not fade.done(clock.monotonic()):
        lamp.show(fade.level(clock.monotonic()))
        clock.advance(lamp.frame_s)
    pulses = [ns for _, ns in tree.sent["pwmchip0/pwm0"]]
    assert lamp._channels[0].step <= 1 / 4096
    assert len(set(pulses)) >= 200
    period_ns = int((chip / "pwm0/period").read_text())
    assert period_ns <= 1_000_000  # 1 kHz or more
    assert pulses[-1] == pytest.approx(0.0299 * period_ns, rel=0.02)
    lamp.close()
    assert tree.sent["pwmchip0/pwm0"][-1][1] == 0


def test_two_and_three_channels():
    clock = SteppedClock()
    pins = SimulatedPins(clock)
    lamp = open_lamp(pins, LightSettings(pins="12, 13,18", colours="rgb"))
    lamp.show(0.1)
    assert [pins.pwm[pin].duty > 0 for pin in (12, 13, 18)] == [True, False, False]
    lamp.rest(1.0)
    assert lamp.duties == pytest.approx((1.0, 0.25, 0.01), abs=1e-4)
    assert lamp.name.count("GPIO") == 3
    lamp.close()
    assert [pins.pwm[pin].closed for pin in (12, 13, 18)] == [True, True, True]
    assert [pins.pwm[pin].duty for pin in (12, 13, 18)] == [0.0, 0.0, 0.0]


def test_a_lamp_whose_second_pin_is_taken_gives_the_first_one_back():
    pins = SimulatedPins(SteppedClock())

    def refuse():
        if 12 in pins.pwm:
            raise PinError("GPIO 13 is taken")

    pins.refuse = refuse
    with pytest.raises(PinError, match="GPIO 13 is taken"):
        open_lamp(pins, LightSettings(pins="12,13", colours="warm,amber"))
    assert pins.pwm[12].closed


def test_a_slow_fade_to_look_at_tells_every_duty_that_was_sent():
    clock = SteppedClock()
    lamp, pwm = lamp_of(HARDWARE, clock)
    sent = list(slow_fade(lamp, clock, threading.Event(), length_s=10.0))
    assert [one.duties[0] for one in sent[1:]] == [duty for _, duty in pwm.sent]
    assert len({one.duties for one in sent}) >= 200
    assert max(one.level for one in sent) == pytest.approx(0.2, abs=0.001)
    assert sent[-1].duties == (0.0,)
    assert all(later.t_s >= earlier.t_s for earlier, later in pairwise(sent))


def test_a_slow_fade_that_is_stopped_ends_dark():
    clock, stop = SteppedClock(), threading.Event()
    lamp, pwm = lamp_of(HARDWARE, clock)
    for one in slow_fade(lamp, clock, stop):
        if one.t_s > 3.0:
            stop.set()
    assert pwm.duty == 0.0
    fade = slow_fade(lamp, clock, threading.Event())
    for _ in range(20):
        next(fade)
    assert pwm.duty > 0.0
    fade.close()
    assert pwm.duty == 0.0
