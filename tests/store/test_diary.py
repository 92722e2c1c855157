"""What is kept beside the records: words for an evening, and figures of a night."""

import sqlite3

from bedside.store import Archive, Store


def test_words_for_an_evening_take_the_place_of_those_before(store):
    store.keep_diary("2026-11-21", ["coffee", "🛁 späte Suppe"])
    store.keep_diary("2026-11-22", [])
    store.flush()
    assert store.diary() == {"2026-11-21": ("coffee", "🛁 späte Suppe"), "2026-11-22": ()}

    store.keep_diary("2026-11-21", ["bath"])
    store.flush()
    assert store.diary()["2026-11-21"] == ("bath",)


def test_an_evening_of_which_nobody_wrote_is_not_there(store):
    assert store.diary() == {}


def test_they_are_there_after_a_restart(settings, clock):
    with Store(settings, clock) as store:
        store.keep_diary("2026-11-21", ["coffee"])
        store.keep_summary("2026-11-21", "abc", "{}")
    with Archive(settings) as archive:
        assert archive.diary() == {"2026-11-21": ("coffee",)}
        assert archive.summaries() == [("2026-11-21", "abc", "{}")]


def test_figures_are_replaced_and_dropped(store):
    store.keep_summary("2026-11-21", "abc", "{}")
    store.keep_summary("2026-11-20", "abc", "{}")
    store.keep_summary("2026-11-21", "def", '{"a":1}')
    store.flush()

    assert store.summaries() == [("2026-11-20", "abc", "{}"), ("2026-11-21", "def", '{"a":1}')]
    assert store.summarised("2026-11-21") == "def"
    assert store.summarised("2026-11-22") is None

    store.drop_summary("2026-11-20")
    store.flush()
    assert [row[0] for row in store.summaries()] == ["2026-11-21"]


def test_an_older_database_gets_both(settings, clock):
    with Store(settings, clock):
        pass
    with sqlite3.connect(settings.path) as db:
        for table in ("marks", "diary", "summaries"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 1")
    db.close()

    with Store(settings, clock) as store:
        assert store.diary() == {}
        assert store.summaries() == []
