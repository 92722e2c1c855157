from dataclasses import replace

import pytest

from bedside.bench.accuracy import compare, play
from bedside.bench.chain import tell
from bedside.bench.figures import NightFigures
from bedside.bench.nights import play_all
from bedside.bench.plan import Assignment
from bedside.bench.truth import happened
from bedside.pipeline.listener import Heard, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.recordings import Recording
from bedside.simulator.recording import record

HOUR = Assignment("periodic", "adxl355", 0, 3600.0, with_peer=False)


@pytest.fixture(scope="module")
def played():
    return play(HOUR)


def test_every_true_movement_is_a_hit_or_a_miss(played):
    truth = record("periodic", "adxl355", 0, duration_s=3600.0).truth.happenings
    clear = [h for h in truth if h.kind != "disturbance" and not h.faint]
    assert played.ours.hits + played.ours.missed == len(clear)
    assert played.ours.hits > 0
    assert played.ours.hours == 1.0
    assert played.night.minutes == 60
    assert played.night.cpu_s > 0.0
    assert played.theirs is None


def test_there_is_a_note_for_each_miss_and_each_false_alarm(played):
    kinds = [note.split()[1] for note in played.notes]
    assert kinds.count("missed") == played.ours.missed
    assert kinds.count("false") == played.ours.false.total()


def test_the_same_night_gives_the_same_figures_in_another_process(played):
    (again,) = play_all([HOUR], jobs=2)
    assert again.ours == played.ours
    assert replace(again.night, cpu_s=0.0) == replace(played.night, cpu_s=0.0)


def test_the_truth_told_back_is_perfect():
    made = record("periodic", "adxl355", 3, duration_s=4 * 3600.0)
    heard = Heard(
        [
            Movement(h.start_s, h.end_s, h.kind, h.peak_mg, 1.0, h.tilt_mg, cause=h.cause)
            for h in made.truth.happenings
        ],
        [
            PresenceChange(t_s, present)
            for start_s, end_s in made.truth.presence
            for t_s, present in ((start_s, True), (end_s, False))
        ],
    )
    told = tell(Recording("simulated", made.odr_hz, made.t, made.xyz), heard)
    figures = NightFigures()
    compare(figures, made.truth, told, 4 * 3600.0)
    assert figures.minutes_right == figures.minutes == 240
    assert (figures.changes_right, figures.changes_false) == (figures.changes, 0)
    assert figures.series_found == figures.series_true
    assert not figures.series_false
    ((true_index, said_index),) = figures.index
    assert 0.0 < true_index == pytest.approx(said_index, rel=0.1)


def test_levels_are_over_the_quiet_around_them():
    truth = record("slat", "mpu6050", 2, duration_s=3600.0).truth
    for each, event in zip(truth.happenings, happened(truth), strict=True):
        assert event.level == pytest.approx(each.peak_mg / each.quiet_mg)
        assert event.faint == each.faint or not event.sleepers


def test_the_peer_runs_on_the_same_night():
    pytest.importorskip("obspy")
    both = play(replace(HOUR, with_peer=True))
    assert both.theirs is not None
    assert both.theirs.hits + both.theirs.missed == both.ours.hits + both.ours.missed
    assert both.theirs.at_level == both.ours.at_level
