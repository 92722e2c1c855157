import pytest

from bedside.pipeline.series import SeriesSettings
from bedside.pipeline.tally import count, indices, per_hour, scored

HOUR = 3600.0


def asleep_after_an_hour(t_s):
    return t_s >= HOUR


def marked(movements, onsets_s=(HOUR,), stimuli_s=()):
    return scored(movements, asleep_after_an_hour, onsets_s, stimuli_s)


@pytest.mark.parametrize(
    ("at_s", "hypnic"),
    [(-901.0, False), (-900.0, True), (0.0, True), (600.0, True), (600.1, False)],
)
def test_hypnic_is_a_jerk_around_sleep_onset(move, at_s, hypnic):
    assert marked([move(HOUR + at_s, "jerk")])[0].hypnic is hypnic


def test_only_a_brief_jerk_of_the_sleeper_is_hypnic(move):
    movements = [
        move(HOUR, "jerk", 1.0),
        move(HOUR, "jerk", 1.01),
        move(HOUR, "limb_movement", 0.8),
        move(HOUR, "jerk", far=True),
        move(HOUR, "disturbance", 0.2),
    ]

    assert [m.hypnic for m in marked(movements)] == [True, False, False, False, False]
    assert not marked([movements[0]], onsets_s=())[0].hypnic


@pytest.mark.parametrize(
    ("at_s", "reflex"), [(-0.1, False), (0.0, True), (1.9, True), (2.0, True), (2.1, False)]
)
@pytest.mark.parametrize("zero_s", [100.3, 1_795_300_000.7])
def test_a_reflex_follows_the_light_within_two_seconds(move, at_s, reflex, zero_s):
    stimulus_s = zero_s
    jerk = move(zero_s + at_s, "jerk")

    assert marked([jerk], stimuli_s=[stimulus_s])[0].reflex is reflex


def test_a_reflex_follows_the_start_of_a_disturbance(move):
    lorry = move(100.0, "disturbance", 10.0, cause="lorry")
    glitch = move(200.0, "disturbance", 0.1, cause="glitch")
    movements = [
        lorry,
        move(101.0, "jerk"),
        move(108.0, "jerk"),
        glitch,
        move(201.0, "jerk"),
        move(101.0, "limb_movement"),
        move(101.0, "turn"),
        move(101.0, "jerk", far=True),
    ]

    reflexes = [m.reflex for m in marked(movements)]
    assert reflexes == [False, True, False, False, False, True, False, False]


def test_counts_set_hypnic_apart(move):
    movements = marked(
        [
            move(100.0, "jerk"),
            move(HOUR + 60.0, "jerk"),
            *(move(2 * HOUR + t, "jerk") for t in (0, 500, 900)),
            move(2 * HOUR, "jerk", far=True),
            move(2 * HOUR, "limb_movement"),
        ],
        stimuli_s=[2 * HOUR + 499.0],
    )

    jerks = count("jerk", movements, tst_s=2 * HOUR, awake_s=HOUR)
    assert (jerks.asleep, jerks.awake, jerks.hypnic, jerks.reflex) == (3, 1, 1, 1)
    assert (jerks.asleep_per_hour, jerks.awake_per_hour) == (1.5, 1.0)


def test_a_rate_without_time_is_not_told():
    assert per_hour(0, 0.0) is None
    assert per_hour(3, 1800.0) == 6.0


def test_a_movement_nobody_can_place_is_in_no_count(move):
    movements = scored([move(0.0, "jerk")], lambda _t_s: None, (), ())

    jerks = count("jerk", movements, HOUR, HOUR)
    assert (jerks.asleep, jerks.awake) == (0, 0)


def test_the_index_counts_members_in_sleep(move):
    # A series across sleep onset: 3 of its 6 in sleep.
    limbs = [move(HOUR - 90.0 + 30.0 * n) for n in range(6)]

    wasm = indices(limbs, asleep_after_an_hour, 2 * HOUR, HOUR, SeriesSettings())
    assert (wasm.periodic_index, wasm.periodic_awake_index) == (1.5, 3.0)
    assert wasm.periodicity_index == 1.0
    assert sum(number for _, number in wasm.imi_histogram) == 3

    aasm = indices(limbs, asleep_after_an_hour, 2 * HOUR, HOUR, SeriesSettings(rule="aasm"))
    assert (aasm.periodic_index, aasm.periodic_awake_index) == (0.0, None)
    assert (aasm.rule, aasm.threshold_per_hour) == ("aasm", 15.0)


def test_without_sleep_there_is_no_index(move):
    found = indices([move(0.0)], lambda _t_s: False, 0.0, HOUR, SeriesSettings(child=True))

    assert (found.periodic_index, found.periodic_awake_index) == (None, 0.0)
    assert (found.periodicity_index, found.threshold_per_hour) == (None, 5.0)
