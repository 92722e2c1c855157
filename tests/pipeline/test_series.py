import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import RecordingError
from bedside.pipeline.series import Series, SeriesSettings, find_series, series_from_events


def event(start_s, end_s=None, kind="limb_movement"):
    return {"start_s": start_s, "end_s": start_s + 2 if end_s is None else end_s, "kind": kind}


def test_a_series_is_told_with_its_bounds_and_median_interval(move):
    found = find_series([move(t) for t in (100, 120, 150, 170, 205)])

    assert found == [Series("periodic", 100, 207, 5, 25.0)]


def test_every_kind_is_found_in_order_of_onset(move):
    jerks = [move(t, "jerk") for t in (500, 501, 502, 503, 900, 900.4, 902.6)]
    limbs = [move(t) for t in (0, 20, 40, 60)]

    kinds = [series.kind for series in find_series(jerks + limbs)]
    assert kinds == ["periodic", "rhythmic", "cluster"]


def test_settings_choose_the_rule_and_the_threshold(move):
    close = [move(t) for t in (0, 6, 12, 18)]

    assert find_series(close) == []
    assert [s.count for s in find_series(close, SeriesSettings(rule="aasm"))] == [4]
    assert SeriesSettings().threshold_per_hour == 15.0
    assert SeriesSettings(child=True).threshold_per_hour == 5.0
    with pytest.raises(ValueError, match="'wasm', 'aasm'"):
        SeriesSettings(rule="coleman")


def test_events_need_no_order_and_may_hold_more(move):
    events = [event(t) | {"peak_mg": 3} for t in (60, 0, 40, 20)]

    assert series_from_events(json.loads(json.dumps(events))) == [
        Series("periodic", 0.0, 62.0, 4, 20.0)
    ]
    assert series_from_events([]) == []


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ({}, "a list of objects with start_s, end_s and kind, not an object"),
        (None, "not null"),
        ("0", "not text"),
        (7, "not a number"),
        (True, "not true/false"),
        ([event(0), [1, 2]], "Event 1 must be an object, not a list"),
        ([event(0), None], "Event 1 must be an object, not null"),
        ([{"start_s": 0, "end_s": 1}], "Event 0 has no kind"),
        ([{"kind": "jerk", "end_s": 1}], "Event 0 has no start_s"),
        ([event(0), event(0, "1")], "Event 1: end_s must be a number of seconds, not '1'"),
        ([event(True, 1)], "Event 0: start_s must be a number of seconds, not true"),
        ([event(0, [1])], "Event 0: end_s must be a number of seconds, not a list"),
        ([event(0, float("nan"))], "end_s must be a number of seconds, not nan"),
        ([event(0, float("inf"))], "end_s must be a number of seconds, not inf"),
        ([event(0, 10**400)], "end_s must be a number of seconds, not a number beyond any clock"),
        ([event(3, 2.5)], "Event 0: end_s (2.5) is before start_s (3)"),
        ([event(0, 1, "kick")], "kind must be one of jerk, limb_movement, turn, bed_exit"),
        ([event(0, 1, None)], "not null"),
        ([event(0, 1, ["jerk"])], "not a list"),
        ([event(0, 1, "x" * 300)], "not 'xxxxxxxxxxx"),
    ],
)
def test_events_that_cannot_be_used_are_refused_in_one_sentence(events, said):
    with pytest.raises(RecordingError) as refusal:
        series_from_events(events)

    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 200
    assert "\n" not in str(refusal.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["start_s", "end_s", "kind", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_a_file_holds_there_is_a_list_or_a_sentence(events):
    found, refused = None, None
    try:
        found = series_from_events(events)
    except RecordingError as refusal:
        refused = str(refusal)

    assert isinstance(found, list) or refused.endswith(".")
