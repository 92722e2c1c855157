import os
import pickle
import zipfile

import numpy as np
import pytest

from bedside.errors import RecordingError
from bedside.recordings import read


@pytest.fixture
def npz(tmp_path):
    def write(**arrays):
        path = tmp_path / "night.npz"
        np.savez(path, **arrays)
        return path

    return write


def refused(path, odr_hz=None):
    with pytest.raises(RecordingError) as caught:
        read(path, odr_hz)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8"])
def test_an_npz_is_read(npz, still, dtype):
    recording = read(npz(xyz=still(400).astype(dtype), fs=50.0))

    assert recording.odr_hz == 50.0
    assert recording.xyz.dtype == np.float32
    assert recording.xyz == pytest.approx(still(400), abs=1e-3)
    assert recording.t == pytest.approx(np.arange(400) / 50.0)
    assert recording.duration_s == pytest.approx(8.0)


def test_the_rate_may_come_in_an_array_or_from_outside(npz, still):
    assert read(npz(xyz=still(40), fs=[104])).odr_hz == 104.0
    assert read(npz(xyz=still(40)), 25.0).odr_hz == 25.0
    assert read(npz(xyz=still(40), fs=5.0), 25.0).odr_hz == 25.0


def test_times_of_a_night_with_a_gap_are_kept(npz, still):
    t = np.arange(400) / 50.0
    t[200:] += 60.0
    recording = read(npz(xyz=still(400), fs=50.0, t=t))

    assert [gap.length_s for gap in recording.gaps] == [pytest.approx(60.02)]
    assert recording.coverage == pytest.approx(8.0 / 68.0)


@pytest.mark.parametrize("odr_hz", [9.9, 5.0, 0.0, -100.0, 1001.0, float("nan"), float("inf")])
def test_a_rate_outside_10_to_1000_hz_is_refused(npz, still, odr_hz):
    assert "is outside 10-1000 Hz" in refused(npz(xyz=still(40), fs=odr_hz))
    assert "is outside 10-1000 Hz; check --rate" in refused(npz(xyz=still(40), fs=100.0), odr_hz)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"acc": np.ones((9, 3)), "fs": 100.0}, "lacks the array xyz; found acc, fs"),
        ({"xyz": np.ones((9, 3))}, "does not tell its rate (fs); say it with --rate"),
        ({"xyz": np.ones((9, 2)), "fs": 100.0}, "xyz has the shape (9, 2) where (n, 3)"),
        ({"xyz": np.ones((3, 9)), "fs": 100.0}, "turn it over with xyz.T"),
        ({"xyz": np.ones(9), "fs": 100.0}, "xyz has the shape (9,)"),
        ({"xyz": np.ones((0, 3)), "fs": 100.0}, "xyz holds no samples"),
        ({"xyz": np.full((9, 3), "1"), "fs": 100.0}, "xyz holds no plain numbers"),
        ({"xyz": np.ones((9, 3), complex), "fs": 100.0}, "xyz holds no plain numbers"),
        ({"xyz": np.ones((9, 3)), "fs": "fast"}, "fs holds no plain numbers"),
        ({"xyz": np.ones((9, 3)), "fs": [1.0, 2.0]}, "fs holds 2 numbers"),
        ({"xyz": np.array([[1, None, 2]]), "fs": 100.0}, "xyz holds Python objects"),
        ({"xyz": np.ones((9, 3)), "fs": np.array(None)}, "fs holds Python objects"),
        ({"xyz": np.ones((9, 3)), "fs": 99.0, "t": np.zeros(9)}, "t must be finite and grow"),
        ({"xyz": np.ones((9, 3)), "fs": 99.0, "t": np.zeros(3)}, "t has the shape (3,)"),
        ({"xyz": np.ones((9, 3)) * 9.8, "fs": 100.0}, "perhaps in m/s2; divide by 9.80665"),
        ({"xyz": np.ones((9, 3)) * 577.0, "fs": 100.0}, "perhaps in mg; divide by 1000"),
        ({"xyz": np.ones((9, 3), int) * 9459, "fs": 100.0}, "perhaps in raw counts"),
    ],
)
def test_other_arrays_are_refused_in_one_sentence(npz, arrays, says):
    path = npz(**arrays)
    sentence = refused(path)

    assert says in sentence
    assert sentence.startswith(str(path))


@pytest.mark.parametrize("value", [np.nan, -np.inf, 1e30, 1e300])
def test_what_is_no_acceleration_is_refused_with_its_row(npz, value):
    xyz = np.ones((9, 3))
    xyz[4, 1] = value

    assert "xyz row 4 (1, " in refused(npz(xyz=xyz, fs=100.0))


@pytest.mark.parametrize(
    "content", [b"", b"t_s,ax_g\n", b"PK\x03\x04 rubbish", bytes(1000)], ids=str
)
def test_what_is_no_npz_is_refused(tmp_path, content):
    path = tmp_path / "night.npz"
    path.write_bytes(content)

    assert "is no NPZ file, or a damaged one" in refused(path)


def test_a_cut_off_npz_is_refused(npz, still):
    path = npz(xyz=still(4000), fs=100.0)
    path.write_bytes(path.read_bytes()[:-2000])

    assert "is no NPZ file, or a damaged one" in refused(path)


def test_a_spoilt_npz_is_refused(npz, still):
    path = npz(xyz=still(4000), fs=100.0)
    content = bytearray(path.read_bytes())
    content[5000:5100] = bytes(100)
    path.write_bytes(content)

    assert "is no NPZ file, or a damaged one" in refused(path)


def claiming(path, shape, content=b""):
    """An NPZ whose xyz claims a shape, whatever that is, and holds `content`."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".ljust(117) + "\n"
    magic = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xyz.npy", magic + header.encode() + content)
    return path


def test_an_npz_that_claims_more_than_it_holds_is_refused(tmp_path):
    assert "damaged" in refused(claiming(tmp_path / "a.npz", (9, 3), bytes(8)))
    assert "damaged" in refused(claiming(tmp_path / "c.npz", "((9, 3)"))
    assert "too large for this machine" in refused(claiming(tmp_path / "b.npz", (10**14, 3)))


def test_an_npz_of_other_files_is_refused(tmp_path):
    path = tmp_path / "night.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xyz", "no array at all")
        file.writestr("fs.npy", "neither")

    assert "no plain numbers" in refused(path)


def test_a_single_array_is_refused(tmp_path):
    path = tmp_path / "night.npz"
    with path.open("wb") as file:
        np.save(file, np.ones((9, 3)))

    assert "is a single array, no NPZ" in refused(path)


class Evil:
    def __reduce__(self):
        return os.abort, ()


def test_a_pickle_is_never_loaded(tmp_path):
    bare, within = tmp_path / "bare.npz", tmp_path / "within.npz"
    bare.write_bytes(pickle.dumps(Evil()))
    np.savez(within, xyz=np.array([Evil()]), fs=100.0)

    assert "is no NPZ file" in refused(bare)
    assert "holds Python objects" in refused(within)
