import gzip

import numpy as np
import pytest

from bedside.errors import RecordingError
from bedside.recordings import read

HEADER = "t_s,ax_g,ay_g,az_g"
SOME = np.arange(300) / 100.0


def refused(path, odr_hz=None):
    with pytest.raises(RecordingError) as caught:
        read(path, odr_hz)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_a_csv_is_read(table, rows):
    recording = read(table(rows(SOME + 17.5)))

    assert recording.name == "night.csv"
    assert recording.odr_hz == pytest.approx(100.0)
    assert recording.t == pytest.approx(SOME)
    assert recording.xyz.dtype == np.float32
    assert recording.xyz[:2] == pytest.approx(np.array([[0.01, -0.02, 1.0], [0.01, -0.02, 1.001]]))
    assert (recording.gaps, recording.slow, recording.notes) == ((), False, ())
    assert recording.coverage == pytest.approx(1.0)


def test_a_gzipped_csv_is_read_whatever_its_name_says(table, rows):
    zipped = gzip.compress(rows(SOME).encode())

    assert len(read(table(zipped, "night.csv.gz")).t) == 300
    assert len(read(table(zipped, "night.csv")).t) == 300


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", ";").replace(".", ","),
        lambda text: text.replace("\n", "\n\n  \n", 5).replace(HEADER + "\n\n  \n", HEADER + "\n"),
        lambda text: text.replace(HEADER, '"T_s", "ax_g", ay_g ,az_g'),
    ],
    ids=["crlf", "cr", "bom", "no end", "semicolons", "tabs", "decimal commas", "blanks", "quoted"],
)
def test_a_csv_may_come_from_anywhere(table, rows, change):
    recording = read(table(change(rows(SOME))))

    assert recording.t == pytest.approx(SOME)
    assert recording.xyz[1] == pytest.approx((0.01, -0.02, 1.001))


def test_columns_may_stand_in_any_order_beside_others(table):
    lines = [f"hm; {i},1.0,{i / 100},0.25,-0.5" for i in range(50)]
    recording = read(table("remark,az_g,t_s,ax_g,ay_g\n" + "\n".join(lines)))

    assert recording.xyz[7] == pytest.approx((0.25, -0.5, 1.0))
    assert recording.room.shape == (0, 2)


def test_the_temperature_of_the_room_is_kept(table):
    lines = [f"{5 + i / 100},0,0,1,{20.5 if i % 2 else 'nan'}" for i in range(50)]
    recording = read(table(HEADER + ",room_c\n" + "\n".join(lines)))

    assert recording.room[0] == pytest.approx((0.01, 20.5))
    assert len(recording.room) == 25


def test_a_temperature_that_cannot_be_read_is_left_out(table):
    lines = [f"{i / 100},0,0,1,{'broken' if i == 3 else 20.5}" for i in range(50)]

    recording = read(table(HEADER + ",room_c\n" + "\n".join(lines)))

    assert recording.room.shape == (49, 2)
    assert recording.room[3] == pytest.approx((0.04, 20.5))


def test_a_long_csv_is_read_in_chunks(table, rows):
    t = np.arange(120_000) / 100.0
    recording = read(table(rows(t)))

    np.testing.assert_allclose(recording.t, t)
    np.testing.assert_allclose(recording.xyz[:, 2], 1.0 + 0.001 * (np.arange(120_000) % 3), 1e-6)


def test_a_fault_deep_in_a_long_file_names_its_line(table, rows):
    lines = rows(np.arange(120_000) / 100.0).splitlines()
    lines[100_000] = "1000.0,0.01,oops,1.0"
    lines.insert(2, "")

    assert ":100002: ay_g is 'oops'" in refused(table("\n".join(lines)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", ":1: the file is empty; the first line must be t_s,ax_g,ay_g,az_g"),
        ("\n0,0,0,1\n", ":1: starts with an empty line"),
        ("0.0,0.1,0.2,1.0\n0.01,0.1,0.2,1.0\n", ":1: has no header"),
        (HEADER + "\n", "holds a header but no samples"),
        (HEADER + "\n\n  \n", "holds a header but no samples"),
        ("time,x,y,z\n0,0,0,1\n", "lacks the columns t_s, ax_g, ay_g, az_g; expected t_s,ax_g"),
        ("time,x,y,z\n0,0,0,1\n", "found time,x,y,z"),
        ("t_s,ax_g,ay_g\n0,0,0\n", "lacks the column az_g;"),
        ("t_s,ax_g,ay_g,az_g,az_g\n0,0,0,1,1\n", "has the column az_g twice"),
        (HEADER + "\n0,0,0,1\n0.01,nan,0,1\n", ":3: ax_g is nan, not a finite number"),
        (HEADER + "\n0,0,0,1\n0.01,0,inf,1\n", ":3: ay_g is inf, not a finite number"),
        (HEADER + "\nnan,0,0,1\n0.01,0,0,1\n", ":2: t_s is nan, not a finite number"),
        (HEADER + "\n0,0,0,1\n\n0.01,0,zero,1\n", ":4: ay_g is 'zero', not a number"),
        (HEADER + "\n0,0,0,1\n0.01,0,1_0,1\n", ":3: ay_g is '1_0', not a number"),
        (HEADER + "\n0,0,0,1\n0.01,0,\u0663,1\n", ": lines 2-3 hold what is no number"),
        (HEADER + "\n0,0,0,1\n0.01,0,,1\n", ":3: ay_g is empty"),
        (HEADER + "\n0,0,0,1\n0.01,0,1e30,1\n", ":3: ay_g is 1e30, which is no acceleration in g"),
        (HEADER + "\n0,0,0,1\n1e300,0,0,1\n", ":3: t_s is 1e300, which is no time in s"),
        (HEADER + "\n0,0,0,1\n0.01,0,0\n", ":3: has 3 fields where the header has 4"),
        (HEADER + "\n0,0,0,1\n0.01,0,0,1,5\n", ":3: has 5 fields where the header has 4"),
        (HEADER + "\n0,0,0,1,5\n0.01,0,0\n", ":2: has 5 fields"),
        (HEADER + "\n0,0,0,1\nnonsense\n", ":3: has 1 fields"),
        (HEADER + "\n0,0,0,1\n0.02,0,0,1\n0.01,0,0,1\n", ":4: time runs back by 0.01 s"),
        (HEADER + "\n0,0,0,1\n0.02,0,0,1\n0.02,0,0,1\n", ":4: time stands still"),
        (HEADER + "\n0,0,0,1\n", "holds a single sample"),
    ],
)
def test_what_cannot_be_a_night_is_refused_in_one_sentence(table, content, says):
    path = table(content)
    sentence = refused(path)

    assert says in sentence
    assert sentence.startswith(str(path))


def test_foreign_bytes_are_refused(table, rows):
    assert "UTF-8" in refused(table(rows(SOME).encode("utf-16")))
    assert "lacks the columns" in refused(table(b"\x89PNG\r\n\x1a\nrubbish"))
    assert "\x1b" not in refused(table("\x1b[31mred,b\n"))
    broken = rows(SOME).encode() + b"3.01,0.0,\xff\xfe,1.0\n"
    assert ":302: ay_g is" in refused(table(broken))


def test_a_damaged_gzip_is_refused(table, rows):
    zipped = gzip.compress(rows(np.random.default_rng(1).random(3000).cumsum() / 50).encode())

    assert "cut off or damaged" in refused(table(zipped[: len(zipped) // 2], "night.csv.gz"))
    spoilt = zipped[:2000] + bytes(100) + zipped[2100:]
    assert "cut off or damaged" in refused(table(spoilt, "night.csv.gz"))
    assert "is not gzipped" in refused(table(rows(SOME), "night.csv.gz"))


def test_time_may_not_jump_back_in_a_night_that_is_fast_enough(table, rows):
    t = np.arange(3000) / 100.0
    t[1500:] -= 0.5

    assert ":1502: time runs back by 0.49 s" in refused(table(rows(t.round(2).tolist())))


def slow(n=6000, odr_hz=1.6):
    return np.arange(n) / odr_hz


def test_a_slow_night_of_an_hour_may_pass(table, rows):
    recording = read(table(rows(slow())))

    assert recording.slow
    assert recording.odr_hz == pytest.approx(1.6)
    assert recording.coverage == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("n", "odr_hz", "says"),
    [
        (3000, 1.6, "a rate of 1.6 Hz is outside 10-1000 Hz: too slow for jerks"),
        (3000, 5.0, "a rate of 5 Hz is outside 10-1000 Hz: too slow for jerks"),
        (3000, 0.5, "a rate of 0.5 Hz is outside 10-1000 Hz"),
        (3000, 1500.0, "a rate of 1500 Hz is outside 10-1000 Hz; time is expected in seconds"),
    ],
)
def test_other_rates_may_not(table, rows, n, odr_hz, says):
    assert says in refused(table(rows(slow(n, odr_hz))))


@pytest.mark.parametrize("by_s", [0.5, 2.0])
def test_a_clock_that_was_set_back_in_a_slow_night_is_moved_on(table, rows, by_s):
    t = slow()
    t[1000:] -= by_s + 0.625

    recording = read(table(rows(t)))

    assert recording.slow
    assert recording.notes == (
        "the clock was set back at line 1002: the time after it was moved on",
    )
    np.testing.assert_allclose(np.diff(recording.t), 0.625)


def test_a_slow_clock_may_not_be_set_back_far_or_often_or_stand_still(table, rows):
    far, often, still = slow(), slow(), slow()
    far[1000:] -= 20.0
    for i in (1000, 2000, 3000):
        often[i:] -= 2.0
    still[1000:] -= 0.625

    assert ":1002: time runs back by 19.375 s" in refused(table(rows(far)))
    assert ":1002: time runs back by 1.375 s" in refused(table(rows(often)))
    assert ":1002: time stands still" in refused(table(rows(still)))


@pytest.mark.parametrize(("name", "odr_hz"), [("bed-night-1", 1.639), ("bed-night-2", 1.621)])
def test_the_real_slow_nights_are_read_from_end_to_end(real_recordings, name, odr_hz):
    recording = read(real_recordings / f"{name}.csv.gz")

    assert recording.slow
    assert recording.odr_hz == pytest.approx(odr_hz, abs=1e-3)
    assert recording.duration_s > 6.5 * 3600
    assert recording.gaps == ()
    assert len(recording.room) >= 40000


def test_the_real_still_chip_keeps_its_samples_and_loses_its_ragged_stamps(real_recordings):
    recording = read(real_recordings / "mpu6050-still.csv.gz")

    assert recording.odr_hz == pytest.approx(99.3, abs=0.1)
    assert len(recording.t) == 65067
    assert recording.gaps == ()
    np.testing.assert_allclose(np.diff(recording.t), 1 / recording.odr_hz, rtol=0.01)
