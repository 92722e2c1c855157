"""What stands on the doctor's sheets besides the drawings."""

from datetime import date, timedelta

import pytest

from bedside.pipeline.recorded import Fault
from bedside.pipeline.samples import Span
from bedside.web.sheets import faults_told, night_sheet, span_sheet

NIGHT = Span(1000.0, 2000.0)
EVENING = date(2026, 11, 21)


def fault(start_s, end_s, sentence):
    return Fault(start_s, end_s, "sensor", sentence)


def test_faults_are_said_once_the_most_frequent_first():
    faults = [
        fault(1100.0, 1110.0, "the display is dark; plug it in"),
        fault(1200.0, 1210.0, "nobody answers; check its wires"),
        fault(1300.0, None, "nobody answers; check its wires"),
        fault(1400.0, 1410.0, "the disk is full"),
    ]

    assert faults_told(faults, NIGHT) == [
        "2 times: Nobody answers.",
        "The display is dark.",
        "And 1 of other kinds.",
    ]


def test_faults_of_other_times_are_left_out():
    faults = [fault(10.0, 999.0, "before"), fault(2001.0, None, "after"), fault(1.0, None, "long")]

    assert faults_told(faults, NIGHT) == ["Long."]


def test_a_fault_that_two_nights_share_is_one():
    same = fault(1100.0, 1110.0, "nobody answers")

    assert faults_told([same, same], NIGHT) == ["Nobody answers."]


@pytest.fixture
def asked(rested):
    """Ask as a browser does, so that there is a language."""
    with rested.app.test_request_context("/", headers={"Accept-Language": "en-GB"}):
        yield rested


def test_the_figures_are_those_of_the_morning_page(asked):
    sheet = night_sheet(asked.nights, asked.store, EVENING)
    report = asked.nights.report(EVENING)

    assert sheet["report"] is report
    assert [line.kind for line, _count in sheet["kinds"]] == ["jerk", "limb_movement", "turn"]
    assert [sum(counts) for _label, counts in sheet["hour_rows"]] == [
        sum(hour.jerks for hour in report.hours),
        sum(hour.limb_movements for hour in report.hours),
        sum(hour.turns for hour in report.hours),
    ]
    assert sheet["device"] == [("mpu6050", 100.0)]


def test_rates_that_cannot_be_told_are_a_dash(asked):
    rate = night_sheet(asked.nights, asked.store, EVENING)["rate"]

    assert (rate(None), rate(12.34)) == ("–", "12.3")


@pytest.mark.parametrize("nights", [1, 8])
def test_a_span_has_a_row_for_each_night(asked, nights):
    days = [EVENING - timedelta(nights - 1 - number) for number in range(nights)]

    sheet = span_sheet(asked.nights, asked.store, days)

    assert [row.day for row in sheet["rows"]] == days
    assert sheet["fit"] == nights
    assert all(row.counted and row.bed == "22:30–06:30" for row in sheet["rows"])
    assert sheet["crowd"] == "roomy"
