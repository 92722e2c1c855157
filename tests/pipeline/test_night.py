import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.pipeline.listener import Minute
from bedside.pipeline.night import NightSettings, Recorded, Temperature, score
from bedside.pipeline.samples import Span
from bedside.pipeline.series import SeriesSettings

HOUR = 3600.0


def test_sol_waso_tst_and_se_of_a_night_made_by_hand(night, move):
    # Awake and out of bed from 3 h to 3 h 10 min, asleep at once after it but for Webster.
    away = (Span(0.0, 3 * HOUR), Span(3 * HOUR + 600.0, 8 * HOUR))
    told = night(move(5 * HOUR, "jerk"), presence=away)

    assert told.tib_s == 8 * HOUR
    assert told.sol_s == told.onset_s == pytest.approx(1200 + 120, abs=30)
    assert told.sleep.period.end_s == pytest.approx(27600, abs=30)
    assert told.waso_s == 600.0 + 180.0
    assert told.tst_s == told.sleep.period.length_s - told.waso_s
    assert told.se == told.tst_s / told.tib_s
    assert told.awakenings == 1
    assert told.away == [Span(3 * HOUR, 3 * HOUR + 600.0)]
    assert told.coverage == 1.0


def test_figures_are_none_and_never_zero_without_sleep(night, move):
    told = night(*(move(t, "turn") for t in np.arange(0, 8 * HOUR, 100.0)))

    assert (told.onset_s, told.sol_s, told.tst_s, told.waso_s, told.se) == (None,) * 5
    assert told.awakenings is None
    assert told.indices.periodic_index is None
    assert told.tib_s == 8 * HOUR
    assert told.counts["turn"].asleep_per_hour is None
    assert told.counts["turn"].awake_per_hour == 308 / 8


def test_an_empty_bed_reports_no_sleep(night, move):
    told = night(move(3 * HOUR, "disturbance", cause="lorry"), presence=())

    assert (told.in_bed, told.bounds, told.sleep) == ((), None, None)
    assert (told.tst_s, told.se, told.tib_s) == (None, None, 0.0)
    assert told.coverage == 1.0
    assert not told.ongoing
    assert told.comfort is None
    assert told.counts["jerk"].asleep == 0
    assert all(m.asleep is None for m in told.movements)


def test_a_bed_still_empty_has_missed_nothing_before_the_first_data(night):
    told = night(until_s=5 * HOUR, presence=(), heard=(Span(4 * HOUR, 5 * HOUR),))

    assert told.coverage == 1.0
    assert night(presence=(), heard=()).coverage == 0.0


def test_a_night_still_going_on(night):
    until = Span(0.0, 5 * HOUR)

    told = night(until_s=5 * HOUR, presence=(until,), heard=(until,))
    assert told.ongoing
    assert told.tib_s == 5 * HOUR
    assert told.coverage == 1.0

    assert not night(until_s=7 * HOUR, presence=(until,), heard=(until,)).ongoing
    assert not night().ongoing
    assert not night(until_s=8 * HOUR).ongoing


def test_what_is_not_known_yet_is_not_counted(night):
    told = night(until_s=5 * HOUR)

    assert told.bounds == Span(0.0, 5 * HOUR)
    assert told.gaps == []


def test_two_hours_only(night):
    both = (Span(0.0, 2 * HOUR),)
    told = night(end_s=2 * HOUR, presence=both, heard=both)

    assert told.tst_s == pytest.approx(2 * HOUR - 1320, abs=30)
    assert told.stretches[0].kind == "quiet"


def test_missing_data_are_neither_sleep_nor_wake(night):
    heard = (Span(0.0, 2 * HOUR), Span(4 * HOUR, 8 * HOUR))
    whole, part = night(), night(heard=heard)

    assert part.coverage == 0.75
    assert part.gaps == [Span(2 * HOUR, 4 * HOUR)]
    assert part.tst_s == whole.tst_s - 2 * HOUR
    assert part.waso_s == whole.waso_s == 0.0
    # Both in the part that was listened to.
    assert part.se == part.tst_s / (6 * HOUR)


def test_a_window_nobody_listened_to(night):
    told = night(heard=(), presence=())

    assert told.coverage == 0.0
    assert told.gaps == [Span(0.0, 8 * HOUR)]


def test_a_recording_without_length(night):
    assert night(end_s=0.0, presence=(), heard=()).coverage == 0.0


def test_the_longest_time_in_bed_is_the_night_and_others_are_naps(recorded, move):
    nap, bed = Span(HOUR, 2 * HOUR), Span(10 * HOUR, 18 * HOUR)
    window = {"start_s": 0.0, "end_s": 24 * HOUR, "heard": (Span(0.0, 24 * HOUR),)}
    jerks = [move(1.05 * HOUR, "jerk"), move(1.5 * HOUR, "jerk"), move(12 * HOUR, "jerk")]
    told = score(Recorded(**window, presence=(nap, bed), movements=tuple(jerks)))

    assert told.bounds == bed
    assert [(each.start_s, each.asleep_s) for each in told.naps] == [(HOUR, HOUR)]
    # The nap has an onset of its own, but only the night is counted.
    assert [m.hypnic for m in told.movements] == [True, False, False]
    assert [m.asleep for m in told.movements] == [True, True, True]
    assert told.counts["jerk"].asleep == 1


def test_times_in_bed_may_be_joined_by_settings(recorded):
    spans = (Span(0.0, 3 * HOUR), Span(4.5 * HOUR, 8 * HOUR))

    assert score(recorded(presence=spans)).bounds == spans[1]
    far = NightSettings(join_min=120.0)
    assert score(recorded(presence=spans), far).bounds == Span(0.0, 8 * HOUR)


@pytest.mark.parametrize("hours", [23.0, 25.0])
def test_windows_of_23_and_25_hours(recorded, hours):
    bed = Span(9 * HOUR, 17 * HOUR)
    told = score(Recorded(0.0, hours * HOUR, presence=(bed,), heard=(Span(0.0, hours * HOUR),)))

    assert (told.tib_s, told.tst_s, told.coverage) == (8 * HOUR, 8 * HOUR, 1.0)


def test_movements_are_counted_asleep_against_awake(night, move):
    told = night(
        *(move(t, "jerk") for t in (2 * HOUR, 3 * HOUR, 4 * HOUR)),
        move(3.5 * HOUR, "limb_movement"),
        move(650.0, "limb_movement"),
        move(1300.0, "jerk"),
        move(5 * HOUR, "turn"),
    )

    jerks, limbs, turns = (told.counts[k] for k in ("jerk", "limb_movement", "turn"))
    assert (jerks.asleep, jerks.awake, jerks.hypnic) == (3, 0, 1)
    assert (limbs.asleep, limbs.awake) == (1, 1)
    # The turn that wakes began in sleep; so did the first one of the morning.
    assert turns.asleep == 2
    assert jerks.asleep_per_hour == pytest.approx(3 / told.tst_s * HOUR)


def test_series_and_index(night, move):
    limbs = [move(3 * HOUR + 25.0 * n) for n in range(20)]
    told = night(*limbs)

    assert [(s.kind, s.count, s.median_imi_s) for s in told.series] == [("periodic", 20, 25.0)]
    assert told.indices.periodic_index == pytest.approx(20 / told.tst_s * HOUR)
    assert told.indices.periodicity_index == 1.0


def test_the_aasm_rule_by_setting(recorded, move):
    close = recorded(*(move(3 * HOUR + 6.0 * n) for n in range(10)))

    assert score(close).indices.periodic_index == 0.0
    assert score(close, series=SeriesSettings(rule="aasm")).indices.periodic_index > 0.0


def test_disturbances_by_cause(night, move):
    told = night(
        *(move(t * HOUR, "disturbance", cause="door") for t in (2, 3)),
        move(4 * HOUR, "disturbance", cause="lorry"),
        move(5 * HOUR, "disturbance"),
        move(6 * HOUR, "turn", far=True),
    )

    assert dict(told.disturbances) == {"door": 2, "lorry": 1, "other": 1, "partner": 1}
    assert told.disturbances[0] == ("door", 2)


def test_light_makes_reflexes(night, move):
    told = night(move(3 * HOUR + 1.0, "jerk"), stimuli_s=(3 * HOUR,))

    assert told.counts["jerk"].reflex == 1


def minutes(floor_mg):
    return tuple(Minute(60.0 * n, 60.0, 1.0, floor_mg, 9.0, 14.0, 0.9) for n in range(480))


def test_breathing_and_room(night):
    told = night(
        minutes=minutes(4.0), temperatures=tuple(Temperature(600.0 * n, 19.0) for n in range(48))
    )

    assert (told.breathing.per_min, told.breathing.share) == (14.0, 1.0)
    assert told.comfort.inside_s == 8 * HOUR


def test_the_quiet_level_is_that_of_the_minutes(recorded, move):
    # The same movement is a stir beside a quiet bed, and nothing beside a loud one.
    stir = recorded(move(3 * HOUR, "turn", 12.0, peak_mg=60.0))
    quiet = score(dataclasses.replace(stir, minutes=minutes(2.0)))
    loud = score(dataclasses.replace(stir, minutes=minutes(30.0)))

    assert quiet.sleep.at(3 * HOUR) == "awake"
    assert loud.sleep.at(3 * HOUR) == "asleep"


movements = st.lists(
    st.tuples(
        st.integers(0, 28800 * 4).map(lambda quarter: quarter / 4.0),
        st.sampled_from(["jerk", "limb_movement", "turn", "bed_exit", "disturbance"]),
    ),
    max_size=50,
)
edges = st.lists(st.integers(0, 28800), max_size=8, unique=True).map(sorted)


def spans(drawn):
    return tuple(Span(float(a), float(b)) for a, b in zip(drawn[::2], drawn[1::2], strict=False))


@settings(deadline=None)
@given(movements, edges, edges)
def test_parts_never_exceed_the_whole(move, moved, presence, heard):
    told = score(
        Recorded(
            0.0,
            28800.0,
            movements=tuple(move(*each) for each in moved),
            presence=spans(presence),
            heard=spans(heard),
        )
    )

    assert 0.0 <= told.coverage <= 1.0
    assert len(told.movements) == len(moved)
    if told.tst_s is None:
        assert (told.sol_s, told.waso_s, told.se) == (None, None, None)
    else:
        assert told.tst_s > 0.0
        assert told.sol_s + told.tst_s + told.waso_s <= told.tib_s + 1e-6
        assert 0.0 < told.se <= 1.0
    for each in told.counts.values():
        assert each.asleep + each.awake + each.hypnic <= len(moved)
