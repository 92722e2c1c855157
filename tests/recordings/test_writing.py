from datetime import UTC, datetime

import edfio
import numpy as np
import pytest

from bedside.errors import RecordingError
from bedside.pipeline.samples import Span
from bedside.recordings import Recording, read, write_csv, write_edf, write_npz

GAPS = [(), (Span(7.0, 70.0),), (Span(1.0, 4.0), Span(9.0, 3609.0))]
ODRS_HZ = [50.0, 99.2974, 104.0, 62.5, 951.3]


def recorded(odr_hz, gaps, still):
    """Samples (n, 3) of 12 s, with the given gaps; n is no multiple of anything."""
    n = int(12.13 * odr_hz)
    t = np.arange(n) / odr_hz
    kept = []
    for gap in gaps:
        i = int(np.searchsorted(t, gap.start_s))
        t[i:] += gap.length_s
        kept.append(Span(float(t[i - 1]), float(t[i])))
    return Recording("night", odr_hz, t, still(n), tuple(kept))


def same(read_back, recording, within_g, within_s):
    assert read_back.odr_hz == pytest.approx(recording.odr_hz, rel=2e-5)
    assert read_back.xyz.shape == recording.xyz.shape
    np.testing.assert_allclose(read_back.xyz, recording.xyz, rtol=0, atol=within_g)
    np.testing.assert_allclose(read_back.t, recording.t, rtol=0, atol=within_s)
    assert len(read_back.gaps) == len(recording.gaps)
    for ours, theirs in zip(read_back.gaps, recording.gaps, strict=True):
        assert ours == pytest.approx(theirs, abs=within_s)
    assert read_back.coverage == pytest.approx(recording.coverage, abs=1e-3)


@pytest.mark.parametrize("gaps", GAPS, ids=len)
@pytest.mark.parametrize(
    ("name", "odr_hz"), [("out.csv", 50.0), ("out.csv.gz", 99.2974), ("out.csv", 951.3)]
)
def test_csv_round_trip(tmp_path, still, name, odr_hz, gaps):
    recording = recorded(odr_hz, gaps, still)
    write_csv(tmp_path / name, recording)

    same(read(tmp_path / name), recording, 1e-6, 1e-4)


@pytest.mark.parametrize("gaps", GAPS, ids=len)
@pytest.mark.parametrize("odr_hz", ODRS_HZ)
def test_npz_round_trip(tmp_path, still, odr_hz, gaps):
    recording = recorded(odr_hz, gaps, still)
    write_npz(tmp_path / "out.npz", recording)

    same(read(tmp_path / "out.npz"), recording, 0.0, 1e-9)


@pytest.mark.parametrize("gaps", GAPS, ids=len)
@pytest.mark.parametrize("odr_hz", ODRS_HZ)
def test_edf_round_trip(tmp_path, still, odr_hz, gaps):
    recording = recorded(odr_hz, gaps, still)
    write_edf(tmp_path / "out.edf", recording)

    # 16 bits over 4 g; time to the sample, and the rate to a few parts in a million.
    same(read(tmp_path / "out.edf"), recording, 4.0 / 2**16, 1.0 / odr_hz)


def test_an_edf_says_when_it_began_and_holds_a_wide_range(tmp_path, still):
    recording = recorded(100.0, (), still)
    recording.xyz[5] = (-7.5, 0.0, 30.0)
    write_edf(tmp_path / "out.edf", recording, datetime(2026, 11, 21, 22, 30, 5, tzinfo=UTC))

    file = edfio.read_edf(tmp_path / "out.edf")
    assert f"{file.startdate} {file.starttime}" == "2026-11-21 22:30:05"
    assert read(tmp_path / "out.edf").xyz[5] == pytest.approx((-7.5, 0.0, 16.0), abs=1e-3)


@pytest.mark.parametrize("write", [write_csv, write_npz, write_edf])
def test_a_folder_that_is_not_there_is_said(tmp_path, still, write):
    with pytest.raises(RecordingError, match="cannot be written"):
        write(tmp_path / "nowhere" / "out.csv", recorded(100.0, (), still))
