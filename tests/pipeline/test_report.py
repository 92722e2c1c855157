import dataclasses
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.pipeline.night import Recorded, score
from bedside.pipeline.recorded import LightChange, Temperature
from bedside.pipeline.report import Report, as_json, score_json, tell
from bedside.pipeline.samples import Span

HOUR = 3600.0
AUTUMN_S = 1_792_890_000.0  # 2026-10-25 01:00 UTC, when Berlin goes back to 02:00


def test_a_report_is_told(night, move):
    told = tell(night(move(3 * HOUR, "jerk")), [], [(0.0, 22 * HOUR)], "2026-11-21")

    assert told.opening == "Calm night: 1 twitch in 7 h 18 min."
    assert told.warnings == ()
    assert [hour.label for hour in told.hours] == ["22", "23", "0", "1", "2", "3", "4", "5"]
    assert (told.start_s, told.end_s) == (0.0, 8 * HOUR)
    assert (told.asleep, told.ongoing, told.clock_known, told.coverage) == (True, False, True, 1.0)
    assert "not a medical device" in told.disclaimer
    assert any("Oakley" in sentence for sentence in told.method)


def test_no_report_holds_a_score_or_a_diagnosis(night, move):
    told = tell(night(*(move(2000.0 + 600.0 * n, "jerk") for n in range(42))))
    words = json.dumps(as_json(told)).lower()

    for never in ("score", "patholog", "disorder", "disease", "normal people", "you have"):
        assert never not in words


@pytest.mark.parametrize("shift_h", [-1.0, 1.0])
def test_a_night_in_which_the_clock_changes(shift_h):
    bed = Span(AUTUMN_S - 3 * HOUR, AUTUMN_S + 5 * HOUR)
    night = score(Recorded(*bed, presence=(bed,), heard=(bed,)))

    told = tell(night, [], [(0.0, 2 * HOUR), (AUTUMN_S, (2 + shift_h) * HOUR)])

    labels = [hour.label for hour in told.hours]
    back = ["0", "1", "2", "2 again", "3", "4", "5", "6"]
    assert labels == (back if shift_h < 0 else ["0", "1", "2", "4", "5", "6", "7", "8"])
    seams = [mark for mark in told.marks if mark.lane == "seam"]
    assert [(m.start_s, m.value) for m in seams] == [(AUTUMN_S, shift_h * HOUR)]
    assert told.opening.endswith("in 8 h 0 min.")


def test_without_a_clock_no_time_of_day_is_shown(night, move):
    told = tell(night(move(3 * HOUR, "jerk"), clock_known=False), [], [(0.0, HOUR)])

    assert told.offsets == ()
    assert "clock was not set" in told.warnings[0]
    assert "+3:00 jerk, 30 mg, asleep" in [mark.text for mark in told.marks]


def test_the_rule_in_force_is_named(recorded):
    from bedside.pipeline.series import SeriesSettings

    wasm = tell(score(recorded()))
    aasm = tell(score(recorded(), series=SeriesSettings(rule="aasm")))

    assert "WASM 2016" in " ".join(wasm.method)
    assert "AASM" in " ".join(aasm.method)


def test_the_json_has_every_field_in_plain_types(night, move):
    told = tell(
        night(
            *(move(3 * HOUR + 30.0 * n) for n in range(6)),
            temperatures=(Temperature(0.0, 19.0),),
            light=(LightChange(HOUR, 0.1, "button"),),
        )
    )
    plain = as_json(told)

    assert set(plain) == {field.name for field in dataclasses.fields(Report)}
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["figures"][0]["key"] == "tib"


def test_the_score_json_has_the_keys_of_the_manual(recorded, move):
    jerks = [move(np.float64(3 * HOUR), "jerk", peak_mg=np.float32(30.0))]
    limbs = [move(2 * HOUR + 30.0 * n) for n in range(6)]
    night = score(recorded(*jerks, *limbs))

    plain = score_json("night.csv", 100.0, night)

    assert list(plain) == [
        "recording", "odr_hz", "duration_s", "coverage",
        "movements", "series", "presence", "sleep", "indices",
    ]  # fmt: skip
    assert (plain["recording"], plain["odr_hz"]) == ("night.csv", 100.0)
    assert (plain["duration_s"], plain["coverage"]) == (8 * HOUR, 1.0)
    assert set(plain["movements"][0]) >= {
        "start_s", "end_s", "kind", "peak_mg", "peak_jerk_g_s", "tilt_mg",
        "hypnic", "reflex", "asleep",
    }  # fmt: skip
    assert plain["series"] == [
        {"kind": "periodic", "start_s": 7200.0, "end_s": 7352.0, "count": 6, "median_imi_s": 30.0}
    ]
    assert plain["presence"] == [{"start_s": 0.0, "end_s": 8 * HOUR}]
    assert list(plain["sleep"]) == ["sol_s", "tst_s", "waso_s", "se", "onset_s"]
    assert plain["sleep"]["onset_s"] == night.onset_s
    assert plain["indices"]["asleep_per_hour"]["jerk"] > 0
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_the_score_json_counts_from_the_first_sample(move):
    zero_s = 1_795_300_000.0
    bed = Span(zero_s, zero_s + 2 * HOUR)
    night = score(
        Recorded(*bed, presence=(bed,), heard=(bed,), movements=(move(zero_s + 5000.0, "jerk"),))
    )

    plain = score_json("x", 50.0, night)
    assert plain["movements"][0]["start_s"] == 5000.0
    assert plain["presence"] == [{"start_s": 0.0, "end_s": 2 * HOUR}]
    assert plain["sleep"]["onset_s"] == 0.0


def test_the_score_json_of_an_empty_bed_holds_none(night):
    plain = score_json("x", 100.0, night(presence=()))

    assert set(plain["sleep"].values()) == {None}
    assert plain["presence"] == []


movements = st.lists(
    st.tuples(
        st.integers(0, 28800).map(float),
        st.sampled_from(["jerk", "limb_movement", "turn", "bed_exit", "bed_entry", "disturbance"]),
    ),
    max_size=40,
)
edges = st.lists(st.integers(0, 28800), max_size=8, unique=True).map(sorted)


def spans(drawn):
    return tuple(Span(float(a), float(b)) for a, b in zip(drawn[::2], drawn[1::2], strict=False))


@settings(deadline=None)
@given(movements, edges, edges, st.booleans(), st.booleans(), st.none() | st.integers(0, 28800))
def test_whatever_happened_there_are_words_for_it(
    move, moved, presence, heard, clock_known, timed, until_s
):
    night = score(
        Recorded(
            0.0,
            28800.0,
            movements=tuple(move(*each) for each in moved),
            presence=spans(presence),
            heard=spans(heard),
            until_s=until_s,
            clock_known=clock_known,
        )
    )
    told = tell(night, [], [(0.0, HOUR)] if timed else [])

    plain = as_json(told)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    sentences = [told.opening, *told.warnings, *told.meaning, *told.stretches, *told.method]
    assert all(re.fullmatch(r"[A-Z0-9].*\.", sentence) for sentence in sentences)
    assert (told.coverage < 0.8) == bool(
        told.opening.startswith("Only") or told.opening.startswith("Nothing was")
    )
    for mark in told.marks:
        assert mark.start_s <= mark.end_s
        assert mark.text
