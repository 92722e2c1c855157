"""A settings file that is saved in the ways editors save."""

import os

import pytest

from bedside.config.watch import Watch


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text("[web]\nport = 8080\n")
    return path


def write(path, text, mtime_s):
    path.write_text(text)
    os.utime(path, (mtime_s, mtime_s))


def test_a_file_that_rests_is_not_read_again(file):
    watch = Watch(file)

    assert [watch.changed() for _ in range(3)] == [False, False, False]


def test_a_saved_file_is_told_once_and_when_it_rests(file):
    watch = Watch(file)
    write(file, "[web]\nport = 8081\n", 1_000_000)

    assert [watch.changed() for _ in range(4)] == [False, True, False, False]


def test_a_file_that_is_still_being_written_is_waited_for(file):
    watch = Watch(file)
    told = []
    for size in range(4):
        write(file, "# more\n" * size, 1_000_000 + size)
        told.append(watch.changed())

    assert told == [False] * 4
    assert watch.changed()


def test_a_new_file_in_the_place_of_the_old_is_a_change(file):
    """Of the same length and the same time: some editors put it there by a rename."""
    state = file.stat()
    watch = Watch(file)
    other = file.with_name("other")
    other.write_text("[web]\nport = 8081\n")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(file)

    assert [watch.changed(), watch.changed()] == [False, True]


def test_a_file_that_is_away_for_a_moment_is_no_change(file):
    watch = Watch(file)
    away = file.with_name("away")
    file.rename(away)
    told = [watch.changed()]
    away.rename(file)

    assert [*told, watch.changed(), watch.changed()] == [False, False, False]


def test_a_file_that_has_gone_is_a_change(file):
    watch = Watch(file)
    file.unlink()

    assert [watch.changed(), watch.changed(), watch.changed()] == [False, True, False]
