from dataclasses import replace

from bedside.bench import tables
from bedside.bench.goals import goals
from bedside.bench.summary import summarise


def test_columns_line_up():
    table = tables.grid(("", "a", "long"), [("row", "1", "2"), ("r", "100", "3")])
    assert table.splitlines() == [
        "       a  long",
        "row    1     2",
        "r    100     3",
    ]


def test_the_report_has_every_part_and_every_profile(played):
    summary = summarise([played("quiet"), played("slat", "adxl355")])
    text = tables.report(summary, goals(summary))
    for title in ("Movements by profile", "Movements by sensor", "Series", "Night", "Verdict"):
        assert f"{title}\n{'-' * len(title)}\n" in text
    for name in ("quiet", "slat", "adxl355", "mpu6050", "all"):
        assert f"\n{name} " in text


def test_a_row_of_movements(played):
    summary = summarise([played("quiet")])
    row = tables.events_table(summary.by_profile).splitlines()[1].split()
    assert row[:7] == ["quiet", "1", "100", "0.950", "0.990", "0.969", "0.12"]
    assert row[-4:] == ["0.600", "0.870", "0.710", "1.12"]


def test_without_the_peer_its_columns_are_empty(played):
    summary = summarise([replace(played("quiet"), theirs=None)])
    assert tables.events_table(summary.by_profile).split()[-4:] == ["-"] * 4
    assert tables.levels_table(summary.total).splitlines()[-1].split()[-1] == "-"


def test_levels_have_a_row_each(played):
    rows = tables.levels_table(summarise([played()]).total).splitlines()
    assert [row.split()[:2] for row in rows[1:3]] == [["0-1", "x"], ["1-2", "x"]]
    assert rows[-1].split() == [">", "10", "x", "50", "1.000", "-"]


def test_kinds_are_rows_of_truth(played):
    row = tables.kinds_table(summarise([played()]).total).splitlines()[1].split()
    assert row == ["jerk", "90", "5", "0", "0", "0", "0.947", "0"]
