"""What is said of a movement by hand: kept, applied, taken back, and found again."""

import sqlite3
import threading

import pytest

from bedside.errors import StoreError
from bedside.pipeline.movements import Movement
from bedside.store.marks import KeptMovement, Mark, MarkKey, settled
from bedside.store.rows import Row, mark_rows


@pytest.fixture
def kept(store, clock, jerk, heard):
    """Three jerks on record, and how to look at them again."""
    start_s = clock.monotonic()
    store.add_heard(heard(*(jerk(start_s + 10.0 * n) for n in range(3)), minutes=(start_s,)))
    store.flush()
    span = clock.wall() - 1.0, clock.wall() + 60.0
    return lambda: store.movements(*span)


@pytest.fixture
def recorded(store, clock):
    return lambda: store.recorded(clock.wall() - 1.0, clock.wall() + 60.0)


def at(start_s, length_s=0.5, kind="jerk", boot=1):
    return KeptMovement(boot, start_s, Movement(start_s, start_s + length_s, kind, 9.0, 0.1, 0.0))


def mark(start_s, end_s, verdict="wrong", kind="jerk", boot=1):
    return Mark(MarkKey(boot, start_s, kind), end_s, verdict)


def test_nothing_is_marked_at_first(kept, recorded):
    assert [each.verdict for each in kept()] == [None] * 3
    assert recorded().marked == ()


def test_a_wrong_one_is_no_movement(store, kept, recorded):
    store.change(mark_rows(kept()[1], "wrong"))

    assert [each.verdict for each in kept()] == [None, "wrong", None]
    assert [m.start_s for m in recorded().movements] == [
        kept()[0].movement.start_s, kept()[2].movement.start_s
    ]  # fmt: skip
    assert recorded().marked == ((kept()[1].movement, "wrong"),)


def test_the_partners_is_a_far_off_disturbance(store, kept, recorded):
    store.change(mark_rows(kept()[0], "partner"))

    first = recorded().movements[0]
    assert (first.kind, first.far, first.cause) == ("disturbance", True, "partner")
    assert first.start_s == kept()[0].movement.start_s
    assert recorded().marked[0].movement.kind == "jerk", "the name it was heard by stays"


def test_what_was_said_can_be_changed_and_taken_back(store, kept, recorded):
    store.change(mark_rows(kept()[0], "wrong"))
    store.change(mark_rows(kept()[0], "partner"))
    assert kept()[0].verdict == "partner"
    assert len(kept()[0].marks) == 1

    store.change(mark_rows(kept()[0], None))
    assert kept()[0].verdict is None
    assert len(recorded().movements) == 3


def test_the_fingerprint_and_the_versions_tell(store, kept, clock):
    span = clock.wall() - 1.0, clock.wall() + 60.0
    seen = {store.fingerprint(*span)}
    versions = [(store.version(), store.clock_version())]
    for verdict in ("wrong", "partner"):
        store.change(mark_rows(kept()[0], verdict))
        seen.add(store.fingerprint(*span))
        versions.append((store.version(), store.clock_version()))

    assert len(seen) == 3
    assert versions == sorted(set(versions))
    store.change(mark_rows(kept()[0], None))
    assert store.fingerprint(*span) in seen, "taken back, it is as it was"


def test_a_mark_holds_after_the_clock_is_set(store, kept, clock):
    store.change(mark_rows(kept()[2], "wrong"))
    clock.step_wall(3600.0)
    store.flush()

    found = store.movements(clock.wall() - 1.0, clock.wall() + 60.0)
    assert [each.verdict for each in found] == [None, None, "wrong"]


@pytest.mark.parametrize(
    ("marks", "verdicts"),
    [
        ([mark(10.0, 10.5)], ["wrong", None]),
        ([mark(10.1, 10.6)], ["wrong", None]),
        ([mark(10.1, 10.6, kind="turn")], ["wrong", None]),
        ([mark(10.4, 12.4)], [None, "wrong"]),
        ([mark(10.6, 10.9)], [None, None]),
        ([mark(10.1, 10.6, boot=2)], [None, None]),
        ([mark(10.1, 10.6), mark(10.0, 10.5, "partner")], ["partner", None]),
        ([mark(10.0, 10.5, "partner"), mark(10.1, 10.6)], ["partner", None]),
    ],
    ids=["its own", "moved", "of another kind", "overlaps another most", "between two",
         "of another boot", "its own comes first", "in any order"],
)  # fmt: skip
def test_a_mark_finds_its_movement(marks, verdicts):
    movements = [at(10.0), at(11.0, 2.0)]

    assert [each.verdict for each in settled(movements, marks)] == verdicts


def test_taking_back_takes_back_all_that_came_to_hold_for_it():
    both = settled([at(10.0)], [mark(9.9, 10.3), mark(10.1, 10.6, "partner")])[0]

    assert {row.values for row in mark_rows(both, None)} == {(1, 9.9, "jerk"), (1, 10.1, "jerk")}


def test_a_change_is_whole_or_not_at_all(store, kept):
    rows = mark_rows(kept()[0], "wrong")

    with pytest.raises(sqlite3.OperationalError):
        store.change([*rows, Row("DELETE FROM nothing", ())])

    assert kept()[0].verdict is None


def test_a_disk_that_does_not_take_it_is_told(store, kept, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bedside.store.rows.write", full)
    with pytest.raises(StoreError, match="No space left"):
        store.change(mark_rows(kept()[0], "wrong"))
    monkeypatch.undo()

    assert kept()[0].verdict is None


def test_what_waits_is_written_with_it_and_nobody_waits_to_add(store, kept, jerk, heard, clock):
    store.add_heard(heard(jerk(clock.monotonic() + 30.0)))
    store.change(mark_rows(kept()[0], "wrong"))
    assert len(kept()) == 4

    with store._writing:  # as while the disk is slow
        adder = threading.Thread(
            target=lambda: store.add_heard(heard(jerk(clock.monotonic() + 40.0)))
        )
        adder.start()
        adder.join(2.0)
        assert not adder.is_alive()
