import pytest

from bedside.bench import speed
from bedside.bench.measure import Measured, MeasureFailed


def test_small_blocks_and_large_hear_the_same():
    recording = speed.night(1200.0)
    assert speed.stream(recording, speed.SMALL) == speed.stream(recording, speed.LARGE)


def test_the_shortest_of_some_runs_counts():
    lengths = iter([200_000, 0, 200_000])
    calls = []

    def work():
        calls.append(sum(range(next(lengths))))

    assert speed.shortest_s(work, repeats=3) < 0.005
    assert len(calls) == 3


def test_streaming_has_its_two_figures_and_the_peer_beside_them():
    pytest.importorskip("obspy")
    goals = speed.streaming(600.0)
    assert [goal.met for goal in goals] == [True, True, None]
    assert "x ours in small blocks" in goals[2].measured


def test_without_the_peer_there_are_two():
    assert len(speed.streaming(600.0, with_peer=False)) == 2


def test_the_demo_is_judged_by_time_memory_and_bytes():
    told = speed.demo_goals(Measured(20.1, 15.0, 96.0, None), 12.0)
    assert [goal.met for goal in told] == [False, True, None, None]


def test_a_folder_is_as_large_as_its_files(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"x" * 1_500_000)
    (tmp_path / "b").write_bytes(b"x" * 500_000)
    assert speed.folder_mb(tmp_path) == 2.0


def test_a_program_that_fails_is_a_miss_and_says_why():
    def fail():
        raise MeasureFailed("`bedside score` failed: no such file")

    (goal,) = speed.ran("bedside score", fail)
    assert (goal.word, goal.measured) == ("MISSED", "`bedside score` failed: no such file")
