"""The light by the bed: what moves it, what may not, and that it is dark otherwise."""

import threading
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.clock import SteppedClock, SystemClock
from bedside.errors import PinError
from bedside.health import Health
from bedside.light import Light, LightSettings
from bedside.light.light import IDLE_S
from bedside.pipeline.listener import PresenceChange
from bedside.simulator.pwm import SimulatedPins

EVENING = {"bedtime": "21:30", "lights_out": "22:30"}
MIN = 60.0


def lie_down(room):
    room.sleeper(True)
    room.live(2.0)


# ── leaving the bed ─────────────────────────────────────────────────────────────────────────


def test_the_way_is_lit_within_half_a_second_and_out_after_the_return(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.sleeper(False)
    room.live(0.5)
    assert room.level == pytest.approx(0.08)
    room.live(5 * MIN)
    room.sleeper(True)
    room.live(44.0)
    assert room.level == pytest.approx(0.08)
    room.live(12.0)
    assert room.level == 0.0
    assert room.told == [(2, 8, "out of bed"), (348, 0, "back in bed")]
    assert room.pins.pwm[18].duty == 0.0


def test_the_lamp_itself_is_lit_within_half_a_second_on_the_real_clock():
    """From the call to the pin, through the light's own thread."""
    clock, stop = SystemClock(), threading.Event()
    clock.known = lambda: False  # so that it may be night
    pins = SimulatedPins(clock)
    zone = None
    light = Light(pins, clock, Health(clock), LightSettings(pins="18"), zone)
    light.step()
    lit = threading.Event()
    pins.pwm[18].refuse = lit.set
    lit.clear()
    thread = threading.Thread(target=light.run, args=(stop,))
    thread.start()
    light.on_presence(PresenceChange(clock.monotonic(), True))
    said_s = clock.monotonic()
    light.on_presence(PresenceChange(said_s, False))
    assert lit.wait(5.0)
    stop.set()
    thread.join(5.0)
    first_s, duty = pins.pwm[18].sent[0]
    assert duty > 0.0
    assert first_s - said_s < 0.5
    assert pins.pwm[18].duty == 0.0


def test_it_goes_out_even_if_nobody_returns(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.sleeper(False)
    room.live(21 * MIN)
    assert room.told == [(2, 8, "out of bed"), (1202, 0, "nobody came back to bed")]


def test_leaving_again_lights_it_again_from_where_it_is(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.sleeper(False)
    room.live(60.0)
    room.sleeper(True)
    room.live(49.0)
    assert 0.0 < room.level < 0.08
    room.sleeper(False)
    room.live(1.0)
    assert room.level == pytest.approx(0.08)
    room.live(MIN)
    assert room.level == pytest.approx(0.08)


def test_the_first_sign_lights_the_way_and_the_proof_keeps_it_lit(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.stirs()
    room.live(0.5)
    assert room.level == pytest.approx(0.08)
    room.live(30.0)
    room.sleeper(False)
    room.live(5 * MIN)
    assert room.level == pytest.approx(0.08)
    room.sleeper(True)
    room.live(MIN)
    assert room.told == [(2, 8, "out of bed"), (378, 0, "back in bed")]


def test_a_first_sign_that_is_not_proven_lets_the_light_go_out(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.stirs()
    room.live(2 * MIN)
    assert room.level == 0.0
    assert room.told == [(2, 8, "out of bed"), (48, 0, "nobody had left the bed")]


def test_a_second_sign_does_not_cut_a_proven_path_short(bedroom):
    room = bedroom(3)
    lie_down(room)
    room.sleeper(False)
    room.live(10.0)
    room.stirs()
    room.live(2 * MIN)
    assert room.level == pytest.approx(0.08)


@pytest.mark.parametrize("why", ["by day", "turned off", "nobody in bed", "old news", "held off"])
def test_a_first_sign_leaves_it_dark(bedroom, why):
    room = bedroom(13 if why == "by day" else 3, path=why != "turned off")
    if why != "nobody in bed":
        lie_down(room)
    if why == "held off":
        room.light.hold_off("button")
        room.live(10.0)
    lit_before = room.told
    room.stirs(ago_s=301.0 if why == "old news" else 0.0)
    room.live(10.0)
    assert room.level == 0.0
    assert room.told == lit_before


@pytest.mark.parametrize(
    "why",
    [
        "by day",
        "turned off",
        "an empty bed at the start",
        "somebody sleeps on",
        "old news",
        "told before",
    ],
)
def test_it_stays_dark(bedroom, why):
    room = bedroom(13 if why == "by day" else 3, path=why != "turned off")
    if why == "told before":
        room.light.know_presence(True)
        room.light.know_presence(False)
    elif why == "an empty bed at the start":
        room.sleeper(False)
    else:
        room.sleeper(True)
        if why == "somebody sleeps on":  # the bed is not empty: the other one lies there still
            room.jerk(kind="turn")
            room.sleeper(True)
        elif why == "old news":
            room.light.on_presence(PresenceChange(room.clock.monotonic() - 301.0, False))
        else:
            room.sleeper(False)
    room.live(10.0)
    assert room.told == []
    assert room.pins.pwm[18].sent == []


def test_while_the_time_is_not_known_the_way_is_lit(bedroom):
    room = bedroom(13, known=False)
    lie_down(room)
    room.sleeper(False)
    room.live(1.0)
    assert room.level == pytest.approx(0.08)


# ── by hand ─────────────────────────────────────────────────────────────────────────────────


def test_a_change_by_hand_holds_until_its_time_runs_out(bedroom):
    room = bedroom(12)
    assert room.light.set_by_hand(0.7, "phone", hold_s=600.0) == 0.7
    room.live(2.0)
    now = room.light.now
    assert (now.level, now.target, now.cause, round(now.hold_s)) == (0.7, 0.7, "phone", 598)
    room.live(590.0)
    assert room.level == 0.7
    room.live(15.0)
    assert room.level == 0.0
    assert room.told == [(0, 70, "phone"), (600, 0, "the change by hand ran out")]
    assert room.light.now.cause == ""


def test_nothing_overrides_it_meanwhile(bedroom):
    room = bedroom(3, soothe=True, soothe_jerks=2, alarm="07:00", **EVENING)
    lie_down(room)
    room.light.set_by_hand(0.0, "phone", 1800.0)
    room.sleeper(False)
    room.light.evening()
    room.light.sunrise()
    room.sleeper(True)
    for _ in range(5):
        room.jerk()
    room.live(1700.0)
    assert room.told == []
    assert room.pins.pwm[18].sent == []


def test_when_it_runs_out_the_light_gets_no_brighter(bedroom):
    room = bedroom(21, 0, **EVENING)
    room.light.evening()
    room.live(20 * MIN)
    room.light.set_by_hand(0.1, "phone", 600.0)
    room.live(15 * MIN)
    assert room.level == pytest.approx(0.1)
    room.light.lights_out()
    room.live(11 * MIN)
    assert room.level == 0.0
    assert [(percent, cause) for _, percent, cause in room.told] == [
        (30, "evening"), (10, "phone"), (0, "lights-out"),
    ]  # fmt: skip


def test_put_out_by_hand_it_stays_out_for_the_evening(bedroom):
    room = bedroom(21, 0, **EVENING)
    room.light.evening()
    room.live(5 * MIN)
    room.light.press()
    room.live(50 * MIN)
    assert room.level == 0.0
    assert [(percent, cause) for _, percent, cause in room.told] == [(30, "evening"), (0, "button")]


def test_made_brighter_by_hand_it_comes_back_to_the_evening(bedroom):
    room = bedroom(21, 0, **EVENING)
    room.light.evening()
    room.live(10 * MIN)
    room.light.set_by_hand(0.8, "phone", 600.0)
    room.live(11 * MIN)
    assert room.level == pytest.approx(0.3 * 21 / 30, abs=0.01)
    assert room.light.now.cause == "evening"


def test_a_sunrise_goes_on_where_a_hand_let_go(bedroom):
    room = bedroom(6, 20, alarm="07:00")
    room.light.set_by_hand(0.0, "button", 20 * MIN)
    room.live(10 * MIN)
    room.light.sunrise()
    room.live(9 * MIN)
    assert room.level == 0.0
    room.live(21 * MIN)
    assert room.level == pytest.approx(0.6)
    assert [(percent, cause) for _, percent, cause in room.told] == [
        (60, "the change by hand ran out"),
    ]


def test_a_short_press_turns_it_on_and_off(bedroom):
    room = bedroom(3)
    room.light.press()
    room.live(2.0)
    assert room.level == pytest.approx(0.15)
    room.light.press()
    room.live(2.0)
    assert room.level == 0.0
    room.light.press()
    room.live(0.5)
    room.light.press()
    room.live(0.1)
    room.light.press()
    room.live(2.0)
    assert room.level == pytest.approx(0.15)
    room.live(31 * MIN)
    assert room.level == 0.0
    assert [cause for _, _, cause in room.told] == ["button"] * 5 + ["the change by hand ran out"]


def test_a_long_press_holds_it_off_for_the_night_but_not_for_a_hand(bedroom):
    room = bedroom(1)
    lie_down(room)
    room.light.press()
    room.live(2.0)
    room.light.hold_off("button")
    assert room.light.now.held_off_s == pytest.approx(5 * 3600.0 - 4.0)
    room.live(2.0)
    assert room.level == 0.0
    room.sleeper(False)
    room.light.evening()
    room.live(2.0)
    assert room.level == 0.0
    room.light.press()
    room.live(2.0)
    assert room.level == pytest.approx(0.15)
    room.live(31 * MIN)
    assert room.level == 0.0
    room.light.let_go("phone")
    room.sleeper(True)
    room.sleeper(False)
    room.live(2.0)
    assert room.level == pytest.approx(0.08)


def test_pressed_long_in_the_dark_it_nods(bedroom):
    room = bedroom(1)
    room.light.hold_off("button")
    room.live(0.4)
    assert room.level == pytest.approx(0.15)
    room.live(2.0)
    assert room.level == 0.0
    assert room.told == [(0, 15, "button"), (0, 0, "off for the night")]


def test_it_is_held_off_as_long_as_asked_for(bedroom):
    room = bedroom(1)
    lie_down(room)
    room.light.hold_off("phone", until_s=room.clock.monotonic() + 100.0)
    room.live(101.0)
    room.sleeper(False)
    room.live(1.0)
    assert room.level == pytest.approx(0.08)


def test_the_sunrise_ends_the_night_it_was_held_off_for(bedroom):
    room = bedroom(5, 59, alarm="07:00")
    room.light.hold_off("button", until_s=room.clock.monotonic() + 7200.0)
    room.live(31 * MIN)
    room.light.sunrise()
    room.live(30 * MIN)
    assert room.level == pytest.approx(0.6)
    assert room.light.now.held_off_s == 0.0


def test_letting_go_ends_a_change_by_hand(bedroom):
    room = bedroom(12)
    room.light.set_by_hand(0.5, "phone")
    room.live(2.0)
    room.light.let_go("phone")
    room.live(2.0)
    assert room.level == 0.0
    assert room.light.now.hold_s == 0.0


# ── by the clock ────────────────────────────────────────────────────────────────────────────


def test_the_evening_fades_in_before_bedtime_and_out_at_lights_out(bedroom):
    room = bedroom(21, 0, **EVENING, night_from="23:00")
    room.light.evening()
    room.live(15 * MIN)
    assert room.level == pytest.approx(0.15)
    room.live(15 * MIN)
    assert room.level == pytest.approx(0.3)
    room.live(60 * MIN)
    room.light.lights_out()
    room.live(5 * MIN)
    assert room.level == pytest.approx(0.15)
    room.live(5 * MIN + 1.0)
    assert room.level == 0.0
    assert room.told == [(0, 30, "evening"), (5400, 0, "lights-out")]


def test_an_evening_whose_lights_out_never_comes_ends_all_the_same(bedroom):
    room = bedroom(21, 0, **EVENING)
    room.light.evening(late_s=600.0)
    room.live(20 * MIN)
    assert room.level == pytest.approx(0.3)
    room.live(100 * MIN)
    assert room.level == 0.0


def test_a_sunrise_rises_stays_and_goes(bedroom):
    room = bedroom(6, 30, alarm="07:00")
    room.light.sunrise()
    room.live(15 * MIN)
    assert room.level == pytest.approx(0.3)
    room.live(44 * MIN)
    assert room.level == pytest.approx(0.6)
    room.live(2 * MIN + 1.0)
    assert room.level == pytest.approx(0.0)
    assert room.told == [(0, 60, "sunrise"), (3600, 0, "the sunrise is over")]


def test_a_late_sunrise_is_there_on_time(bedroom):
    room = bedroom(6, 50, alarm="07:00")
    room.light.sunrise(late_s=20 * MIN)
    room.live(10 * MIN)
    assert room.level == pytest.approx(0.6)
    room.live(29 * MIN)
    assert room.level == pytest.approx(0.6)
    room.live(3 * MIN)
    assert room.level == 0.0


# ── jerks ───────────────────────────────────────────────────────────────────────────────────


def test_a_burst_of_jerks_is_soothed_if_that_is_wanted(bedroom):
    room = bedroom(3, soothe=True)
    lie_down(room)
    for ago_s in (50.0, 30.0, 20.0):
        room.jerk(ago_s)
    assert room.told == []
    room.jerk(10.0)
    room.live(11.0)
    assert room.level == pytest.approx(0.02)
    room.live(6 * MIN)
    assert room.told == [(2, 2, "soothing after twitches"), (302, 0, "the soothing is over")]
    for _ in range(10):
        room.jerk()
    room.live(20 * MIN)
    assert len(room.told) == 2
    room.live(10 * MIN)
    for _ in range(10):
        room.jerk()
    assert len(room.told) == 3


@pytest.mark.parametrize(
    "words", [{"kind": "turn"}, {"kind": "disturbance"}, {"far": True}, {"ago_s": 400.0}]
)
def test_what_is_no_burst_of_jerks(bedroom, words):
    room = bedroom(3, soothe=True)
    lie_down(room)
    for _ in range(10):
        room.jerk(**words)
    assert room.told == []


def test_jerks_are_not_soothed_by_default_nor_in_an_empty_bed_nor_one_by_one(bedroom):
    room = bedroom(3)
    lie_down(room)
    for _ in range(10):
        room.jerk()
    empty = bedroom(3, soothe=True)
    for _ in range(10):
        empty.jerk()
    slow = bedroom(3, soothe=True)
    lie_down(slow)
    for _ in range(10):
        slow.jerk()
        slow.live(30.0)
    assert room.told == empty.told == slow.told == []


# ── the ceiling ─────────────────────────────────────────────────────────────────────────────


def test_a_hand_gets_no_more_than_the_ceiling_at_night(bedroom):
    room = bedroom(3)
    assert room.light.set_by_hand(1.0, "phone") == 0.2
    room.live(3.0)
    assert room.level == 0.2
    assert room.told == [(0, 20, "phone")]


def test_a_bright_light_has_come_down_when_the_night_begins_and_stays_down(bedroom):
    room = bedroom(21, 50)
    room.light.set_by_hand(0.9, "phone", 12 * 3600.0)
    room.live(10 * MIN - 8.0)
    assert room.level == 0.9
    room.live(8.0)
    assert room.level == pytest.approx(0.2)
    assert room.told == [(0, 90, "phone"), (593, 20, "night ceiling")]
    room.live(9 * 3600.0)
    assert room.level == pytest.approx(0.2)
    assert len(room.told) == 2


def test_a_clock_that_steps_into_the_night_brings_it_down(bedroom):
    room = bedroom(12)
    room.light.set_by_hand(0.9, "phone", 12 * 3600.0)
    room.live(60.0)
    room.clock.step_wall(12 * 3600.0)
    room.live(6.5)
    assert room.level == pytest.approx(0.2)
    room.clock.step_wall(-12 * 3600.0)
    room.live(300.0)
    assert room.level == pytest.approx(0.2)


def test_while_the_time_is_not_known_the_ceiling_holds(bedroom):
    room = bedroom(12, known=False)
    assert room.light.set_by_hand(1.0, "phone") == 0.2
    room.clock.step_wall(0.0, known=True)
    room.live(120.0)
    assert room.level == 0.2
    assert room.light.set_by_hand(1.0, "phone") == 1.0


def test_an_evening_is_dimmed_as_the_night_begins_and_goes_on_under_the_ceiling(bedroom):
    room = bedroom(21, 0, **EVENING)
    room.light.evening()
    room.live(61 * MIN)
    assert room.level == pytest.approx(0.2)
    assert room.told[-1][1:] == (20, "night ceiling")


EVENTS = st.lists(
    st.tuples(
        st.floats(0.0, 400.0),
        st.sampled_from(
            ["press", "hand", "off", "let_go", "in", "out", "jerk", "evening", "lights_out",
             "sunrise", "night", "day"]
        ),
        st.floats(0.0, 1.0),
    ),
    max_size=25,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EVENTS)
def test_whatever_happens_it_never_jumps_nor_passes_the_ceiling(bedroom, events):
    room = bedroom(
        21, 55, **EVENING, soothe=True, soothe_jerks=2, night_ceiling=15.0, path_fade_s=0.4
    )
    layers = room.light._glow.layers
    do = {
        "press": lambda _x: room.light.press(),
        "hand": lambda x: room.light.set_by_hand(x, "phone", 1000.0 * x),
        "off": lambda x: room.light.hold_off("button", room.clock.monotonic() + 1000.0 * x),
        "let_go": lambda _x: room.light.let_go("phone"),
        "in": lambda _x: room.sleeper(True),
        "out": lambda _x: room.sleeper(False),
        "jerk": lambda _x: [room.jerk() for _ in range(3)],
        "evening": lambda x: room.light.evening(1000.0 * x),
        "lights_out": lambda _x: room.light.lights_out(),
        "sunrise": lambda x: room.light.sunrise(1000.0 * x),
        "night": lambda _x: room.clock.step_wall(6 * 3600.0),
        "day": lambda _x: room.clock.step_wall(-6 * 3600.0),
    }
    for wait_s, event, x in events:
        before, count = room.level, len(room.changes)
        target = layers.target
        do[event](x)
        assert room.level == pytest.approx(before, abs=1e-9), "an event makes nothing jump"
        if layers.target != target:
            assert len(room.changes) == count + 1, "every change is written down"
        room.levels.clear()
        room.live(min(wait_s, 20.0))
        for (earlier_s, earlier), (later_s, later) in pairwise(room.levels):
            assert abs(later - earlier) <= (later_s - earlier_s) / 0.4 + 1e-9
        if wait_s > 6.5 and room.light._hours.night(room.clock.wall()):
            assert room.level <= 0.15 + 1e-9
    assert all(cause for _, _, cause in room.changes)
    for earlier, later in pairwise(room.changes):
        assert earlier.t_s <= later.t_s
        assert earlier.level != later.level


# ── never by accident ───────────────────────────────────────────────────────────────────────


def test_it_is_dark_at_the_start_and_says_so(bedroom):
    room = bedroom(3)
    assert room.pins.pwm[18].sent == []
    assert [(level, cause) for _, level, cause in room.changes] == [(0.0, "off at the start")]


def test_it_is_dark_when_it_stops(bedroom):
    room = bedroom(12)
    room.light.set_by_hand(0.5, "phone")
    room.run(5.0)
    assert room.pins.pwm[18].duty == 0.0
    assert room.pins.pwm[18].closed
    assert room.told[-1][1:] == (0, "off at the end")
    assert room.light.step() == IDLE_S
    room.light.close()
    assert len(room.changes) == 3


def test_it_is_dark_when_its_thread_fails(bedroom):
    room = bedroom(12)
    room.light.set_by_hand(0.5, "phone")
    room.live(2.0)

    def slip():
        raise RuntimeError("a slip")

    room.pins.pwm[18].refuse = slip
    room.light.set_by_hand(0.2, "phone")
    with pytest.raises(RuntimeError, match="a slip"):
        room.run(5.0)
    assert room.pins.pwm[18].duty == 0.0


def test_while_nothing_moves_nothing_is_sent_and_it_looks_once_a_second(bedroom):
    room = bedroom(12)
    room.light.set_by_hand(0.5, "phone", 3600.0)
    room.live(2.0)
    sent = len(room.pins.pwm[18].sent)
    assert sent > 70
    assert room.light.step() == IDLE_S
    room.levels.clear()
    room.live(100.0)
    assert len(room.pins.pwm[18].sent) == sent
    assert len(room.levels) == 100


def test_no_pins_no_light(bedroom):
    room = bedroom(3, pins="")
    with pytest.raises(PinError, match=r"there is no light: name its pins in \[light\] pins"):
        room.light.set_by_hand(0.5, "phone")
    lie_down(room)
    room.sleeper(False)
    room.light.press()
    room.run(5.0)
    assert room.changes == []
    assert room.faults == []
    assert room.light.now.lamp == ""


def test_a_lamp_that_cannot_be_had_is_a_fault_and_tried_again(bedroom):
    room = bedroom(3)

    def refuse():
        raise PinError("GPIO 18 is already in use")

    room.pins.pwm[18].refuse = refuse
    room.pins.refuse = refuse
    lie_down(room)
    room.sleeper(False)
    room.live(10.0)
    assert [(fault.part, fault.sentence, over) for fault, over in room.faults] == [
        ("light", "GPIO 18 is already in use", False)
    ]
    assert room.told == [(2, 8, "out of bed"), (2, 0, "fault of the light")]
    with pytest.raises(PinError, match="already in use"):
        room.light.set_by_hand(0.5, "phone")
    room.sleeper(True)
    room.pins.refuse = lambda: None
    room.live(60.0)
    assert [over for _, over in room.faults] == [False, True]
    assert room.level == 0.0
    assert room.light.now.lamp == "GPIO 18 (simulated PWM)"
    room.sleeper(False)
    room.live(1.0)
    assert room.level == pytest.approx(0.08)


def test_a_lamp_that_is_not_there_at_the_start_comes_later(bedroom):
    pins = SimulatedPins(SteppedClock())

    def refuse():
        raise PinError("lgpio is not installed")

    pins.refuse = refuse
    room = bedroom(3)
    other = Light(pins, room.clock, room.health, room.settings, None)
    assert other.step() == IDLE_S
    with pytest.raises(PinError, match="lgpio is not installed"):
        other.set_by_hand(0.5, "phone")
    room.clock.advance(0.5)
    pins.refuse = lambda: None
    other.step()
    assert other.now.lamp == ""  # it waits a second before it tries again
    room.clock.advance(0.6)
    other.step()
    assert other.now.lamp != ""
    assert other.set_by_hand(0.1, "phone") == 0.1


def test_the_pages_know_why_there_is_no_lamp_and_how_bright_it_may_be():
    clock = SteppedClock()
    none = Light(SimulatedPins(clock), clock, Health(clock), LightSettings(), None)
    lamp = Light(SimulatedPins(clock), clock, Health(clock), LightSettings(pins="18"), None)
    before = lamp.refusal
    lamp.step()

    assert none.refusal == "there is no light: name its pins in [light] pins"
    assert before == "the light is not lit yet: it has just started"
    assert lamp.refusal == ""
    assert lamp.usual == 0.15
    assert lamp.now.ceiling in (0.2, 1.0)
