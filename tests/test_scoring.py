import json
from datetime import UTC

import numpy as np
import pytest

from bedside import scoring
from bedside.clock import SteppedClock
from bedside.config import Config
from bedside.recordings import Recording, write_csv, write_npz
from bedside.simulator.recording import record
from bedside.store import Store, StoreSettings

KEYS = {"start_s", "end_s", "kind", "peak_mg", "peak_jerk_g_s", "tilt_mg"}
KEYS |= {"hypnic", "reflex", "asleep"}


@pytest.fixture(scope="module")
def night():
    """Two hours of an ordinary sleeper, as a recording."""
    made = record("ordinary", "lsm6dso", 11, duration_s=7200.0)
    return Recording("night", made.odr_hz, made.t, made.xyz), made.truth


@pytest.fixture(scope="module")
def scored(night, tmp_path_factory):
    path = tmp_path_factory.mktemp("scored") / "night.npz"
    write_npz(path, night[0])
    return scoring.score(path, None, Config())


def test_the_object_printed_is_the_one_that_was_designed(scored):
    told = json.loads(json.dumps(scored.as_json()))

    assert {"recording", "odr_hz", "duration_s", "coverage", "movements", "series"} <= set(told)
    assert (told["recording"], told["odr_hz"]) == ("night.npz", 100.0)
    assert told["duration_s"] == pytest.approx(7200.0)
    assert told["coverage"] == pytest.approx(1.0)
    assert set(told["movements"][0]) >= KEYS
    assert set(told["sleep"]) == {"sol_s", "tst_s", "waso_s", "se", "onset_s"}
    assert {"start_s", "end_s"} == set(told["presence"][0])
    assert "periodic_index" in told["indices"]


def test_presence_is_that_of_the_sleeper(scored, night):
    told, truth = scored.as_json()["presence"], night[1].presence

    assert len(told) == len(truth)
    for span, (start_s, end_s) in zip(told, truth, strict=True):
        assert span["start_s"] == pytest.approx(start_s, abs=10.0)
        assert span["end_s"] == pytest.approx(end_s, abs=10.0)


def test_the_text_opens_with_a_sentence_and_says_what_it_is_not(scored):
    text = scored.as_text()

    assert "twitch" in text.splitlines()[3]
    assert "not a medical device" in text


def test_a_file_of_another_kind_makes_the_same_night(scored, night, tmp_path):
    write_csv(tmp_path / "night.csv", night[0])

    again = scoring.score(tmp_path / "night.csv", None, Config())

    kinds = [movement["kind"] for movement in scored.as_json()["movements"]]
    assert [movement["kind"] for movement in again.as_json()["movements"]] == kinds


def test_an_hour_without_data_is_a_gap_and_lowers_coverage(night, tmp_path):
    recording, _ = night
    kept = (recording.t < 2400.0) | (recording.t >= 6000.0)
    torn = Recording.from_blocks(
        "torn", 100.0, _blocks(recording.t[kept], recording.xyz[kept], at_s=6000.0)
    )
    write_npz(tmp_path / "torn.npz", torn)

    told = scoring.score(tmp_path / "torn.npz", None, Config()).as_json()

    assert told["coverage"] < 0.8
    assert not [m for m in told["movements"] if 2402.0 < m["start_s"] < 5998.0]


def _blocks(t, xyz, at_s):
    from bedside.pipeline.samples import Block

    cut = int(np.searchsorted(t, at_s))
    yield Block(t[:cut], xyz[:cut])
    yield Block(t[cut:], xyz[cut:], gap=True)


def test_the_nights_on_record_are_scored_by_the_settings(tmp_path):
    clock = SteppedClock()
    with Store(StoreSettings(folder=str(tmp_path)), clock) as store:
        nights = scoring.nights_of(store, clock, Config())

        assert nights.dates() == []
        assert nights.zone.utcoffset(None) is None or UTC
