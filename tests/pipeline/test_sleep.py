import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pipeline.samples import Span
from bedside.pipeline.sleep import Sleep, SleepSettings, activity, covered_s, score_sleep
from bedside.simulator.profiles import PROFILES
from bedside.simulator.sleeper import Sleeper

QUIET_MG = 4.0
BED = Span(0.0, 8 * 3600.0)


def scored(movements, in_bed=(BED,), heard=(BED,), **changes):
    return score_sleep(movements, in_bed, heard, QUIET_MG, SleepSettings(**changes))


@pytest.fixture(scope="module")
def fidgets(move):
    """A turn every 100 s."""
    return lambda start_s, end_s: [move(t, "turn") for t in np.arange(start_s, end_s, 100.0)]


def test_activity_is_seconds_of_movement_weighed_by_size(move):
    edges = np.arange(5) * 30.0
    twitch = move(10.0, "limb_movement", 2.0, peak_mg=7 * QUIET_MG)
    turn = move(55.0, "turn", 10.0, peak_mg=127 * QUIET_MG)

    counts = activity([twitch, turn], edges, QUIET_MG)

    assert counts == pytest.approx([6.0, 35.0, 35.0, 0.0])


def test_only_the_sleeper_is_active(move):
    others = [
        move(10.0, "disturbance", 20.0, cause="lorry"),
        move(40.0, "turn", far=True),
        move(-100.0, "turn", 20.0),
        move(999.0, "turn"),
    ]

    assert not activity(others, np.arange(5) * 30.0, QUIET_MG).any()


def test_spans_are_shared_among_epochs():
    spans = [Span(-5.0, 10.0), Span(25.0, 70.0), Span(110.0, 500.0)]

    assert covered_s(spans, np.array([0.0, 30.0, 60.0, 90.0, 115.0])) == pytest.approx(
        [15.0, 30.0, 10.0, 5.0]
    )


def test_a_still_night_is_slept_through():
    sleep = scored([])

    assert set(sleep.states) == {"asleep"}
    assert (sleep.period, sleep.awakenings) == (BED, 0)


def test_sleep_begins_when_the_fidgeting_ends(fidgets):
    sleep = scored([*fidgets(0, 1500), *fidgets(28000, 28800)])

    # Webster: after so long awake the first four minutes of sleep are wake.
    assert sleep.period.start_s == pytest.approx(1410 + 240, abs=30)
    assert sleep.period.end_s == pytest.approx(28000, abs=120)
    assert sleep.at(600.0) == "awake"


def test_isolated_twitches_in_a_still_night_wake_nobody(move):
    twitches = [move(t, kind) for t, kind in [(4000, "jerk"), (9000, "limb_movement")] * 2]
    twitches += [move(15000.0, "limb_movement", 4.0), move(20000.0, "jerk", peak_mg=200.0)]

    assert set(scored(twitches).states) == {"asleep"}


def test_a_turn_is_a_brief_arousal(move):
    sleep = scored([move(10010.0, "turn")])

    assert sleep.spans("awake") == [Span(9990.0, 10020.0)]
    assert sleep.awakenings == 0


def test_periodic_movements_wake_nobody(move):
    sleep = scored([move(10000.0 + 25 * n, "limb_movement", 5.0) for n in range(200)])

    assert set(sleep.states) == {"asleep"}


def test_some_minutes_of_turning_are_an_awakening(fidgets):
    sleep = scored(fidgets(10000, 10400))

    assert sleep.awakenings == 1
    assert sleep.seconds("awake") == pytest.approx(400, abs=90)


def test_out_of_bed_is_never_sleep():
    sleep = scored([], in_bed=[Span(0.0, 10000.0), Span(10600.0, 28800.0)])

    assert sleep.spans("away") == [Span(9990.0, 10590.0)]
    assert sleep.at(10300.0) == "away"
    # Webster: ten minutes of wake take three of the sleep after them.
    assert sleep.spans("awake") == [Span(10590.0, 10770.0)]
    assert sleep.awakenings == 1


def test_without_data_there_is_neither_sleep_nor_wake():
    sleep = scored([], heard=[Span(0.0, 10000.0), Span(13600.0, 28800.0)])

    assert sleep.spans("unknown") == [Span(9990.0, 13590.0)]
    assert sleep.seconds("asleep") == 28800.0 - 3600.0
    assert sleep.awakenings == 0


def test_no_data_at_all_is_no_sleep():
    sleep = scored([], heard=[])

    assert sleep.period is None
    assert set(sleep.states) == {"unknown"}


def test_never_still_is_never_asleep(fidgets):
    sleep = scored(fidgets(0, 28800))

    assert (sleep.period, sleep.awakenings) == (None, 0)
    assert set(sleep.states) == {"awake"}


def test_a_time_in_bed_may_end_within_an_epoch():
    sleep = scored([], in_bed=[Span(7.0, 1000.0)])

    assert len(sleep.states) == 34
    assert sleep.seconds("asleep") == 993.0
    assert sleep.at(999.9) == "asleep"
    assert sleep.at(1000.0) == sleep.at(6.9) == "unknown"


def test_too_short_for_stillness_is_no_sleep():
    assert scored([], in_bed=[Span(0.0, 120.0)]).period is None
    assert scored([], in_bed=[Span(0.0, 120.0)], stillness_min=1.0).period == Span(0.0, 120.0)


def test_the_movement_that_wakes_belongs_to_the_sleep_it_ends():
    states = ("awake", "awake", "asleep", "awake", "awake", "unknown", "away")
    sleep = Sleep(0.0, 210.0, states, Span(60.0, 90.0), 0)

    told = [sleep.asleep_at(15.0 + 30.0 * at) for at in range(7)]
    assert told == [False, False, True, True, False, None, None]


movements = st.lists(
    st.tuples(
        st.floats(0.0, 20000.0),
        st.sampled_from(["jerk", "limb_movement", "turn", "disturbance"]),
        st.floats(0.05, 60.0),
    ),
    max_size=60,
)
bounds = st.lists(st.integers(0, 20000), min_size=2, max_size=8, unique=True).map(sorted)


def spans(edges):
    return [Span(float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@given(movements, bounds, bounds)
def test_states_add_up_to_the_time_in_bed(move, drawn, bed, heard):
    moved = [move(*each) for each in drawn]
    in_bed = spans(bed)
    sleep = scored(moved, in_bed, spans(heard))

    total_s = sum(sleep.seconds(state) for state in ("asleep", "awake", "away", "unknown"))
    assert total_s == pytest.approx(in_bed[-1].end_s - in_bed[0].start_s)
    if sleep.period is None:
        assert "asleep" not in sleep.states
    else:
        assert sleep.at(sleep.period.start_s) == "asleep"
        assert sleep.seconds("asleep", sleep.period) == sleep.seconds("asleep")


@given(movements, st.integers(0, 10**6))
def test_sleep_does_not_depend_on_the_zero_of_time(move, drawn, zero_s):
    bed = Span(0.0, 20000.0)
    moved_bed = Span(float(zero_s), 20000.0 + zero_s)
    here = scored([move(round(t, 3), *rest) for t, *rest in drawn], [bed], [bed])
    there = scored(
        [move(round(t, 3) + zero_s, *rest) for t, *rest in drawn], [moved_bed], [moved_bed]
    )

    assert here.states == there.states


def test_sleep_onset_of_simulated_nights_is_within_five_minutes(move):
    errors_s = []
    for profile in PROFILES.values():
        for seed in range(3):
            truth = Sleeper(profile, seed).truth
            moved = [
                move(h.start_s, h.kind, h.length_s, peak_mg=h.peak_mg) for h in truth.happenings
            ]
            in_bed = [Span(*span) for span in truth.presence]
            period = scored(moved, in_bed).period
            errors_s.append(abs(period.start_s - truth.asleep[0][0]))

    assert np.mean(np.array(errors_s) <= 300.0) >= 0.9
