"""The sheets for the doctor, as pages."""

import re
from contextlib import closing
from datetime import date, timedelta
from html import unescape

import pytest

from bedside.access import Access
from bedside.clock import SteppedClock
from bedside.nights import ClockSettings, Nights
from bedside.pipeline.recorded import Fault
from bedside.store import Store, StoreSettings
from bedside.web.doctor import MOST_NIGHTS

SPAN = "/doctor/span?from=2026-11-14&to=2026-11-21"


def text_of(answer):
    """Leave the words alone."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    plain = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(plain.split())


def test_a_night_on_a_sheet(rested):
    answer = rested.get("/doctor/2026-11-21", Accept_Language="en-GB")
    said, night = text_of(answer), rested.nights.night(date(2026, 11, 21))

    assert answer.status_code == 200
    assert "night beginning Saturday 21 November 2026" in said
    assert f"{night.counts['jerk'].asleep_per_hour:.1f} an hour" in said
    assert "Recorded: 96 % of the time in bed, one gap from 04:31 to 04:48." in said
    assert "Periodic index, asleep" in said
    assert "MPU6050 under the mattress at 100 Hz" in said
    assert "no PLMS index" in said
    assert "bedside is not a medical device" in said


def test_every_kind_has_its_counts_and_the_range_of_the_nights_before(rested):
    said = text_of(rested.get("/doctor/2026-11-21", Accept_Language="en-GB"))
    report = rested.nights.report(date(2026, 11, 21))

    for line in report.kinds:
        mean, low, high = line.mean, line.low, line.high
        assert f"{mean:.1f} ({low:.1f}–{high:.1f}), 7 nights" in said
        assert f"{line.label} {line.asleep} {line.asleep_per_hour:.1f} {line.awake}" in said


def test_the_first_night_has_none_to_compare_with(rested):
    said = text_of(rested.get("/doctor/2026-11-14", Accept_Language="en-GB"))

    assert "last seven nights" not in said
    assert "nights)" not in said


def test_a_span_on_a_sheet(rested):
    answer = rested.get(SPAN, Accept_Language="en-GB")
    said = text_of(answer)

    assert answer.status_code == 200
    assert "8 nights on record; 8 recorded well enough (80 % and more) and slept" in said
    assert "above 15 in none of eight nights" in said
    assert "Sat 21 Nov 22:30–06:30" in said
    assert answer.text.count('class="row-strip"') == 1 + 8
    assert "Per hour of sleep, mean (range): jerks" in said
    assert "By hour after falling asleep" in said


def test_a_night_that_is_not_in_the_figures_is_marked(bedroom):
    bedroom.sleep(date(2026, 11, 14))
    bedroom.sleep(date(2026, 11, 15), hours=0.2)
    bedroom.clock.advance(86_400.0)

    said = text_of(bedroom.get("/doctor/span?from=2026-11-14&to=2026-11-15",
                               Accept_Language="en-GB"))  # fmt: skip

    assert "1 recorded well enough" in said
    assert "Sun 15 Nov †" in said
    assert "† Not in the figures." in said


def test_a_night_with_faults_says_what_was_wrong_and_not_how_to_mend_it(bedroom):
    bedroom.sleep(date(2026, 11, 14))
    fault = "nobody answers at 0x68; check its wires"
    start_s = bedroom.nights.night().bounds.start_s - bedroom.clock.wall()
    for number in range(3):
        begun_s = bedroom.clock.monotonic() + start_s + 600.0 * number
        bedroom.store.add_fault(_fault(begun_s, fault))
    bedroom.store.flush()

    said = text_of(bedroom.get("/doctor/2026-11-14"))

    assert "3 times: Nobody answers at 0x68." in said
    assert "check its wires" not in said


def _fault(start_s, sentence):
    return Fault(start_s, start_s + 60.0, "sensor", sentence)


def test_one_chooses_a_night_or_a_span(rested):
    page = rested.get("/doctor")

    assert 'href="/doctor/2026-11-21"' in page.text
    assert 'href="/doctor/span?from=2026-11-15&amp;to=2026-11-21"' in page.text
    assert 'action="/doctor/span" method="get"' in page.text


def test_a_night_chosen_in_the_form_leads_to_its_sheet(rested):
    answer = rested.get("/doctor?night=2026-11-15")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/doctor/2026-11-15")


def test_before_the_first_night_there_is_nothing_to_choose(bedroom):
    page = bedroom.get("/doctor")

    assert page.status_code == 200
    assert "There is no night on record yet." in page.text
    assert "<form" not in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/doctor/2026-13-01", 400),
        ("/doctor/latest", 400),
        ("/doctor/2020-01-01", 404),
        ("/doctor?night=../../etc/passwd", 400),
        ("/doctor?night=2020-01-01", 404),
        ("/doctor/span", 400),
        ("/doctor/span?from=2026-11-14", 400),
        ("/doctor/span?from=2026-11-21&to=2026-11-14", 400),
        ("/doctor/span?from=2026-11-14&to=%00", 400),
        ("/doctor/span?from=2020-01-01&to=2020-01-05", 404),
        ("/doctor/span?from=0001-01-01&to=9999-12-31", 400),
        (f"/doctor/span?from={'2' * 5000}&to=1", 400),
    ],
)
def test_what_cannot_be_shown(rested, path, status):
    answer = rested.get(path)

    assert answer.status_code == status
    assert "<main" in answer.text


def test_no_more_nights_than_fit_on_a_sheet(rested):
    last = date(2026, 11, 21)

    def asked(nights):
        return rested.get(f"/doctor/span?from={last - timedelta(nights - 1)}&to={last}").status_code

    assert (asked(MOST_NIGHTS), asked(MOST_NIGHTS + 1)) == (200, 400)


def test_a_night_whose_clock_is_unknown_has_no_strip_but_its_figures(tmp_path, furnish):
    clock = SteppedClock(wall=1_000_000.0, known=False)
    store = Store(StoreSettings(folder=str(tmp_path), min_free_mb=0), clock)
    nights = Nights(store, clock, ClockSettings(time_zone="Europe/Berlin"))
    with closing(store), closing(Access(tmp_path, clock)) as access:
        bedroom = furnish(clock, store, nights, access)
        bedroom.sleep(date(1970, 1, 13))
        the_sheets_go_without_a_time_of_day(bedroom)


def the_sheets_go_without_a_time_of_day(bedroom):
    day = bedroom.nights.dates()[0]

    said = text_of(bedroom.get(f"/doctor/span?from={day}&to={day}"))

    assert bedroom.get(f"/doctor/{day}").status_code == 200
    assert "1 recorded well enough" in said
    assert "22:30" not in said


def test_a_sheet_need_not_be_sent_twice(rested):
    tag = rested.get(SPAN).headers["ETag"]

    assert rested.get(SPAN, If_None_Match=tag).status_code == 304


def test_decimals_are_the_readers(rested):
    said = text_of(rested.get(SPAN, Accept_Language="de"))

    assert re.search(r"jerks \d,\d \(\d,\d to \d,\d\)", said)
