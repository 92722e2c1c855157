import errno

import numpy as np
import pytest

from bedside.errors import RecordingError
from bedside.pipeline.samples import Span
from bedside.recordings import Recording, blocks, read
from bedside.recordings.held import unreadable


def refused(path, odr_hz=None):
    with pytest.raises(RecordingError) as caught:
        read(path, odr_hz)
    return str(caught.value)


@pytest.mark.parametrize("name", ["night.csv", "night.csv.gz", "night.npz", "night.edf"])
def test_a_file_that_is_not_there(tmp_path, name):
    sentence = refused(tmp_path / name)

    assert sentence == f"{tmp_path / name}: there is no such file; check the path"


@pytest.mark.parametrize("name", ["night.csv", "night.npz", "night.edf"])
def test_a_folder(tmp_path, name):
    (tmp_path / name).mkdir()

    assert "is a folder" in refused(tmp_path / name)


@pytest.mark.parametrize("name", ["night", "night.xlsx", "night.gz", "night.csv.zip", ".csv"])
def test_an_unknown_kind(tmp_path, name):
    (tmp_path / name).write_text("whatever")

    assert "a recording ends in .csv, .csv.gz, .npz or .edf" in refused(tmp_path / name)


def test_the_name_may_be_loud_and_dotted(tmp_path, table, rows):
    t = np.arange(100) / 100.0

    assert len(read(table(rows(t), "NIGHT.2026.CSV")).t) == 100


def test_why_a_file_cannot_be_read_is_said_in_words(tmp_path):
    denied = unreadable(tmp_path / "n.csv", PermissionError(errno.EACCES, "Permission denied"))
    broken = unreadable(tmp_path / "n.csv", OSError(errno.EIO, "Input/output error"))

    assert "may not be read by this user; try `chmod u+r" in str(denied)
    assert "cannot be read: Input/output error" in str(broken)


def test_a_rate_may_put_the_stamps_of_a_csv_right_a_little(table, rows):
    path = table(rows(np.arange(200) / 100.0))

    assert read(path, 104.0).odr_hz == 104.0
    assert "its time stamps tell 100 Hz, --rate 50 Hz" in refused(path, 50.0)


def test_an_axis_that_is_dead_or_clipped_is_told(tmp_path, still):
    xyz = still(1000)
    xyz[:, 0] = 0.25
    xyz[100:150, 2] = 1.99994
    xyz[150:153, 1] = -2.0
    np.savez(tmp_path / "night.npz", xyz=xyz, fs=100.0)

    recording = read(tmp_path / "night.npz")

    assert recording.dead_axes == ("x",)
    assert recording.clipped_axes == ("z",)


def test_a_lively_axis_is_neither(tmp_path, still):
    np.savez(tmp_path / "night.npz", xyz=still(1000) * 2.0, fs=100.0)
    np.savez(tmp_path / "one.npz", xyz=still(1), fs=100.0)

    for name in ("night.npz", "one.npz"):
        recording = read(tmp_path / name)
        assert (recording.dead_axes, recording.clipped_axes) == ((), ())


def with_gaps(still):
    t = np.arange(1000) / 100.0
    t[300:] += 10.0
    t[700:] += 20.0
    gaps = (Span(t[299], t[300]), Span(t[699], t[700]))
    return Recording("night", 100.0, t, still(1000), gaps)


@pytest.mark.parametrize("block_samples", [1, 7, 100, 300, 5000])
def test_blocks_give_everything_once_and_gaps_where_they_are(still, block_samples):
    recording = with_gaps(still)
    cut = list(blocks(recording, block_samples))

    assert np.array_equal(np.concatenate([block.t for block in cut]), recording.t)
    assert np.array_equal(np.concatenate([block.accel for block in cut]), recording.xyz)
    assert [block.t[0] for block in cut if block.gap] == [recording.t[300], recording.t[700]]
    assert all(0 < len(block.t) <= block_samples for block in cut)


def test_a_recording_is_what_its_blocks_were(still):
    recording = with_gaps(still)
    again = Recording.from_blocks("night", 100.0, blocks(recording, 64))

    assert np.array_equal(again.t, recording.t)
    assert np.array_equal(again.xyz, recording.xyz)
    assert again.gaps == recording.gaps


def test_duration_and_coverage_count_gaps(still):
    recording = with_gaps(still)

    assert recording.duration_s == pytest.approx(40.0)
    assert recording.coverage == pytest.approx(10.0 / 40.0)
