"""What of another settings file can be in force at once."""

import attrs

from bedside.config import Config
from bedside.config.changes import compare


def other(**sections):
    plain = Config()
    parts = {name: attrs.evolve(getattr(plain, name), **new) for name, new in sections.items()}
    return attrs.evolve(plain, **parts)


def test_nothing_changes_when_the_file_says_the_same():
    changes = compare(Config(), Config(), ())

    assert changes.config == Config()
    assert (changes.sections, changes.changed, changes.needs_restart) == (frozenset(), (), ())


def test_what_changes_is_told_by_its_value_before_and_after():
    wanted = other(light={"path_level": 12.0, "alarm": "06:30"}, series={"rule": "aasm"})

    changes = compare(Config(), wanted, ())

    assert changes.config == wanted
    assert changes.sections == {"light", "series"}
    assert set(changes.changed) == {
        "[light] path_level: 8.0 → 12.0",
        '[light] alarm: "" → "06:30"',
        '[series] rule: "wasm" → "aasm"',
    }


def test_what_needs_a_restart_stays_as_it_was():
    wanted = other(light={"path_level": 12.0, "pins": "18"}, web={"port": 80})

    changes = compare(Config(), wanted, {("light", "pins"), ("web", "*")})

    assert changes.config == other(light={"path_level": 12.0})
    assert changes.sections == {"light"}
    assert changes.changed == ("[light] path_level: 8.0 → 12.0",)
    assert changes.needs_restart == ('[light] pins: "" → "18"', "[web] port: 8080 → 80")
