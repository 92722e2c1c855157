import sys

import edfio
import numpy as np
import pytest

from bedside.errors import RecordingError
from bedside.recordings import read

ODR_HZ = 50.0


@pytest.fixture
def edf(tmp_path):
    """Writes channels (label, unit, data[, rate]) as EDF and gives the path."""

    def write(*channels, annotations=None):
        signals = [
            edfio.EdfSignal(data, *(rate or [ODR_HZ]), label=label, physical_dimension=unit)
            for label, unit, data, *rate in channels
        ]
        path = tmp_path / "night.edf"
        edfio.Edf(signals, annotations=annotations).write(path)
        return path

    return write


def refused(path):
    with pytest.raises(RecordingError) as caught:
        read(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def accel(n=500):
    rng = np.random.default_rng(5)
    return rng.normal(0.0, 0.01, (n, 3)) + np.array([0.1, -0.2, 0.95])


@pytest.mark.parametrize(
    ("unit", "factor"), [("g", 1.0), ("mg", 1e3), ("m/s2", 9.80665), ("m/s^2", 9.80665)]
)
def test_units_become_g(edf, unit, factor):
    xyz = accel()
    recording = read(edf(*((f"acc {a}", unit, xyz[:, i] * factor) for i, a in enumerate("xyz"))))

    assert recording.odr_hz == ODR_HZ
    assert recording.xyz == pytest.approx(xyz, abs=1e-4)
    assert recording.xyz.dtype == np.float32
    assert recording.t == pytest.approx(np.arange(500) / ODR_HZ)


def test_labels_tell_the_axes_and_other_channels_are_ignored(edf):
    xyz = accel()
    recording = read(
        edf(
            ("EEG Fpz", "uV", xyz[:, 0]),
            ("AZ", "g", xyz[:, 2]),
            ("AX", "g", xyz[:, 0]),
            ("AY", "g", xyz[:, 1]),
        )
    )

    assert recording.xyz == pytest.approx(xyz, abs=1e-4)


def test_among_many_in_g_the_accelerometer_is_chosen(edf):
    xyz = accel()
    channels = [("load", "g", xyz[:, 0]), ("mass x", "mg", xyz[:, 0])]
    channels += [(f"Accel {a.upper()}", "g", xyz[:, i]) for i, a in enumerate("xyz")]

    assert read(edf(*channels)).xyz == pytest.approx(xyz, abs=1e-4)


def test_three_without_axes_are_taken_in_order(edf):
    xyz = accel()
    recording = read(edf(*((f"channel {i}", "g", xyz[:, i]) for i in range(3))))

    assert recording.xyz == pytest.approx(xyz, abs=1e-4)


def test_channels_that_do_not_fit_are_refused(edf):
    xyz = accel()
    two = edf(("acc x", "g", xyz[:, 0]), ("acc y", "g", xyz[:, 1]), ("acc z", "", xyz[:, 2]))
    assert "found acc x [g], acc y [g], acc z [no unit]" in refused(two)

    four = edf(*((f"channel {i}", "g", xyz[:, 0]) for i in range(4)))
    assert "labelled as x, y and z where there are more" in refused(four)

    mixed = edf(
        ("acc x", "g", xyz[:, 0]),
        ("acc y", "g", xyz[:, 1]),
        ("acc z", "g", xyz[:250, 2], ODR_HZ / 2),
    )
    assert "differ in rate (acc x 50 Hz, acc y 50 Hz, acc z 25 Hz)" in refused(mixed)

    slow = edf(*((f"acc {a}", "g", xyz[:, i], 5.0) for i, a in enumerate("xyz")))
    assert "a rate of 5 Hz is outside 10-1000 Hz" in refused(slow)

    only_words = edf(annotations=[edfio.EdfAnnotation(0, None, "hello")])
    assert "found none" in refused(only_words)


def test_nothing_but_filler_is_refused(edf):
    xyz = accel()
    marks = [edfio.EdfAnnotation(0.0, 10.0, "no data")]
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")), annotations=marks)

    assert "holds no samples" in refused(path)


def test_a_scaling_beyond_all_numbers_is_refused(edf):
    xyz = accel()
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")))
    content = bytearray(path.read_bytes())
    start = 256 + 3 * (16 + 80 + 8 + 8)
    content[start : start + 8] = b"1e300   "
    path.write_bytes(content)

    assert "gives no accelerations in g" in refused(path)


@pytest.mark.parametrize(
    "content", [b"", b"t_s,ax_g\n" * 100, b"0" + b" " * 255, bytes(4096)], ids=len
)
def test_what_is_no_edf_is_refused(tmp_path, content):
    path = tmp_path / "night.edf"
    path.write_bytes(content)

    assert "is no EDF file, or a damaged one" in refused(path)


def test_any_cut_of_an_edf_is_read_or_refused(edf):
    xyz = accel(200)
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")))
    content = path.read_bytes()
    for size in range(0, len(content), 97):
        path.write_bytes(content[:size])
        try:
            notes = read(path).notes
        except RecordingError:
            continue
        assert any("truncated" in note.lower() for note in notes)


def test_without_edfio_the_mending_command_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "edfio", None)

    assert "pip install 'bedside[edf]'" in refused(tmp_path / "night.edf")


def discontinuous(path, onsets_s):
    """Turn an EDF+C of 1-s records into an EDF+D whose records begin at `onsets_s`."""
    content = path.read_bytes().replace(b"EDF+C", b"EDF+D")
    for i, onset_s in enumerate(onsets_s):
        old, new = b"+%d\x14\x14\0" % i, b"+%d\x14\x14\0" % onset_s
        assert old.ljust(6, b"\0") in content
        content = content.replace(old.ljust(6, b"\0"), new.ljust(6, b"\0"), 1)
    path.write_bytes(content)
    return path


def test_a_discontinuous_edf_has_its_gaps(edf):
    xyz = accel()
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")), annotations=[])

    recording = read(discontinuous(path, [0, 1, 2, 3, 64, 65, 66, 67, 98, 99]))

    assert [(round(a, 3), round(b, 3)) for a, b in recording.gaps] == [(3.98, 64), (67.98, 98)]
    assert len(recording.t) == 500
    assert recording.xyz == pytest.approx(xyz, abs=1e-4)


def test_records_that_run_backwards_are_refused(edf):
    xyz = accel()
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")), annotations=[])

    assert "run backwards" in refused(discontinuous(path, [0, 1, 2, 3, 1]))


def test_records_that_do_not_tell_their_time_are_refused(edf):
    xyz = accel()
    path = edf(*((f"acc {a}", "g", xyz[:, i]) for i, a in enumerate("xyz")), annotations=[])
    path.write_bytes(path.read_bytes().replace(b"EDF+C", b"EDF+D").replace(b"+3\x14", b"?3\x14"))

    assert "is no EDF file, or a damaged one" in refused(path)
