"""EDF+ written piece by piece: edfio is the oracle, and so is our own reader."""

import io
from datetime import UTC, datetime

import edfio
import numpy as np
import pytest

from bedside.recordings import read
from bedside.recordings.edf_stream import TEXT_BYTES, EdfStream

START = datetime(2026, 11, 14, 22, 30, 15, tzinfo=UTC)


@pytest.fixture
def samples():
    """Give samples (n, 3), g, at rest with some noise."""

    def make(n, seed=1):
        noise = np.random.default_rng(seed).normal(0.0, 0.01, (n, 3))
        return (noise + np.array([0.1, -0.2, 1.0])).astype(np.float32)

    return make


@pytest.fixture
def write(tmp_path):
    """Write pieces (t_s, xyz, gap) and notes (t_s, length_s, text); give the path."""

    def make(pieces, notes=(), odr_hz=100.0, scale_g=2.0):
        file = io.BytesIO()
        stream = EdfStream(file, odr_hz, scale_g, START)
        for note in notes:
            stream.annotate(*note)
        for t_s, xyz, gap in pieces:
            stream.add(t_s, xyz, gap=gap)
        stream.close()
        path = tmp_path / "night.edf"
        path.write_bytes(file.getvalue())
        return path

    return make


def test_edfio_reads_what_was_written(write, samples):
    xyz = samples(12_345)
    pieces = [(at / 100.0, xyz[at : at + 777], False) for at in range(0, len(xyz), 777)]
    file = edfio.read_edf(write(pieces, [(3.25, 0.4, "Jerk"), (60.0, 6.0, "Turn")]))

    assert file.reserved == "EDF+C"
    assert [signal.label for signal in file.signals] == ["acc x", "acc y", "acc z"]
    assert {signal.sampling_frequency for signal in file.signals} == {100.0}
    for axis, signal in enumerate(file.signals):
        assert np.abs(signal.data[: len(xyz)] - xyz[:, axis]).max() < 4e-5
    assert (file.startdate, file.starttime) == (START.date(), START.time())
    told = [(mark.onset, mark.duration, mark.text) for mark in file.annotations]
    assert told[:2] == [(3.25, 0.4, "Jerk"), (60.0, 6.0, "Turn")]
    assert told[2][2] == "no data"
    assert told[2][0] == pytest.approx(123.45, abs=0.006)


@pytest.mark.parametrize("odr_hz", [98.713, 100.0, 101.3, 25.02, 12.5, 200.0])
def test_what_is_read_back_is_what_was_felt(write, samples, odr_hz):
    xyz = samples(5_001)
    pieces = [(at / odr_hz, xyz[at : at + 600], False) for at in range(0, len(xyz), 600)]
    recording = read(write(pieces, odr_hz=odr_hz))

    assert recording.odr_hz == pytest.approx(odr_hz, rel=1e-4)
    assert len(recording.xyz) == len(xyz)
    assert np.abs(recording.xyz - xyz).max() < 4e-5
    assert recording.gaps == ()


@pytest.mark.parametrize("lost_s", [0.5, 7.0, 4000.0])
def test_a_gap_is_a_gap_again(write, samples, lost_s):
    xyz = samples(3_000)
    pieces = [(0.0, xyz[:1500], True), (15.0 + lost_s, xyz[1500:], True)]
    recording = read(write(pieces))

    (gap,) = recording.gaps
    assert gap.length_s == pytest.approx(lost_s, abs=0.03)
    assert np.abs(recording.xyz - xyz).max() < 4e-5


def test_what_is_beyond_the_scale_is_cut_off_and_nothing_wraps(write, samples):
    xyz = samples(200)
    xyz[50] = 3.0, -3.0, 2.0
    recording = read(write([(0.0, xyz, False)]))

    assert recording.xyz[50] == pytest.approx([2.0, -2.0, 2.0])


def test_more_notes_than_samples_have_room_for(write, samples):
    notes = [(0.01 * n, 0.5, f"Not the sleeper: a lorry, {n}") for n in range(400)]
    file = edfio.read_edf(write([(0.0, samples(300), False)], notes))

    texts = [mark.text for mark in file.annotations if mark.text != "no data"]
    assert texts == [text for *_, text in notes]
    assert len(read(write([(0.0, samples(300), False)], notes)).xyz) == 300


def test_a_note_is_never_longer_than_there_is_room_for(write, samples):
    file = edfio.read_edf(write([(0.0, samples(300), False)], [(1.0, 1.0, "x" * 5 * TEXT_BYTES)]))

    assert len(file.signals[0].data) >= 300
