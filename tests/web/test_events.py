"""The list of a night's movements: by hour, by kind, page by page, and strict in what it takes."""

import gzip
import html
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement

HOUR = 3600.0
NIGHT = "/night/2026-11-21/events"


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", html.unescape(text))


def lines(answer):
    """The list as (address, time, rest)."""
    found = re.findall(r'<li id="e[^"]+"><a href="([^"]+)">(.*?)</a></li>', answer.text, re.S)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inner)).strip() for _, inner in found]
    return [(address, *text.split(" ", 1)) for (address, _), text in zip(found, told, strict=True)]


@pytest.fixture
def busy(bedroom):
    """A night of 2,000 movements; gives their bedroom."""
    bed_s = bedroom.clock.monotonic() + 3600.0
    kinds = ("jerk", "limb_movement", "turn", "disturbance")
    found = [
        Movement(at, at + 1.0, kinds[n % 4], 20.0, 0.5, 0.2, cause="door" if n % 4 == 3 else "")
        for n, at in enumerate(bed_s + 60.0 + 14.0 * n for n in range(2000))
    ]
    minutes = [Minute(bed_s + 60.0 * n, 60.0, 1.0, 0.8, 5.0, 14.0, 0.9) for n in range(480)]
    bedroom.store.add_heard(Heard(found, [PresenceChange(bed_s, True)], minutes))
    bedroom.clock.advance(9 * HOUR)
    bedroom.store.flush()
    return bedroom


def test_every_movement_has_its_line_in_order_of_time(rested):
    page = rested.get(NIGHT)
    listed = lines(page)
    heard = rested.store.movements(*rested.nights.window(date(2026, 11, 21)))

    assert page.status_code == 200
    assert len(listed) == len(heard) > 60
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d", at) for _, at, _ in listed)
    seconds = [
        (int(at[:2]) - 12) % 24 * 3600 + int(at[3:5]) * 60 + int(at[6:]) for _, at, _ in listed
    ]
    assert seconds == sorted(seconds)
    assert all(address.startswith(f"{NIGHT}/1-") for address, _, _ in listed)


def test_a_line_says_what_when_how_long_and_how_strong(rested):
    told = [rest for _, _, rest in lines(rested.get(NIGHT))]

    assert any(re.match(r"Jerk 0\.\d\d s, \d+ mg, while falling asleep", rest) for rest in told)
    assert any(re.match(r"Limb movement 1\.8 s, 15 mg", rest) for rest in told)
    assert any(rest.startswith("Not the sleeper: something that was not") for rest in told)


@pytest.mark.parametrize("kind", ["jerk", "limb_movement", "turn", "bed", "disturbance", "marked"])
def test_one_kind_alone(rested, kind):
    page = rested.get(f"{NIGHT}?kind={kind}")
    counts = dict(re.findall(r">\s*([A-Z][\w ]+) (\d+)\s*<", re.sub(r"</?span>", "", page.text)))

    assert page.status_code == 200
    labels = {"jerk": "Jerks", "limb_movement": "Limb movements", "turn": "Turns",
              "bed": "In and out of bed", "disturbance": "Not the sleeper"}  # fmt: skip
    assert len(lines(page)) == int(counts[labels[kind]]) if kind in labels else not lines(page)
    assert page.text.count('aria-current="true"') >= 1


def test_the_morning_page_leads_there(rested):
    assert f'href="{NIGHT}"' in rested.get("/night/2026-11-21").text


def test_a_night_of_2000_movements_stays_light(busy):
    page = busy.get("/night/2026-11-14/events", Accept_Encoding="gzip")

    assert len(page.data) < 12_000
    assert len(gzip.decompress(page.data)) < 60_000
    assert "Movements 1 to 100 of 2000." in words(busy.get("/night/2026-11-14/events"))


def test_one_walks_through_all_of_them(busy):
    path, seen = "/night/2026-11-14/events", []
    while path:
        page = busy.get(path)
        seen += [address for address, _, _ in lines(page)]
        onward = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = onward and onward[1]

    assert len(seen) == len(set(seen)) == 2000


def test_one_jumps_to_an_hour(busy):
    page = busy.get("/night/2026-11-14/events?kind=jerk")
    jumps = re.findall(r'<a href="([^"#]+)#(e[^"]+)" aria-label="(\d+) o', page.text)

    assert len(jumps) == 8
    for address, anchor, hour in jumps:
        there = busy.get(address.replace("&amp;", "&"))
        assert f'id="{anchor}"' in there.text
        assert lines(there)[0][1].startswith(f"{int(hour):02d}:")
        assert all(rest.startswith("Jerk") for _, _, rest in lines(there))


def test_a_night_without_movements(bedroom):
    bedroom.clock.advance(16 * HOUR)
    now_s = bedroom.clock.monotonic()
    minutes = [Minute(now_s + 60.0 * n, 60.0, 0.0, 0.8, 5.0) for n in range(60)]
    bedroom.store.add_heard(Heard(minutes=minutes))
    bedroom.clock.advance(HOUR)
    bedroom.store.flush()

    page = bedroom.get(f"/night/{bedroom.nights.current()}/events")
    assert page.status_code == 200
    assert "Not one movement is on record for this night." in words(page)


def test_a_night_that_goes_on(bedroom):
    bedroom.sleep(bedroom.nights.current(), hours=3.0)
    page = bedroom.get("/night/2026-11-14/events")

    assert "The night is still going on" in words(page)
    assert len(lines(page)) > 20


def test_the_hour_that_comes_twice_is_told_apart(bedroom):
    bed = datetime(2027, 10, 30, 23, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    start_s = bed - bedroom.clock.wall() + bedroom.clock.monotonic()
    found = [Movement(start_s + 1800.0 * n, start_s + 1800.0 * n + 1, "turn", 50.0, 1.0, 20.0)
             for n in range(16)]  # fmt: skip
    minutes = [Minute(start_s + 60.0 * n, 60.0, 1.0, 0.8, 5.0) for n in range(500)]
    bedroom.store.add_heard(Heard(found, [PresenceChange(start_s, True)], minutes))
    bedroom.clock.advance(start_s + 500 * 60.0 - bedroom.clock.monotonic())
    bedroom.store.flush()

    page = bedroom.get("/night/2027-10-30/events")
    heads = re.findall(r'<h2 id="h\d+">([^<]+)</h2>', page.text)
    times = [at for _, at, _ in lines(page)]

    assert [head.replace("&#39;", "'") for head in heads] == [
        f"{hour} o'clock" for hour in (23, 0, 1, 2, "2 again", 3, 4, 5)
    ]
    assert times.count("02:00:00") == times.count("02:30:00") == 2


def test_times_count_from_the_start_where_no_clock_is_known(bedroom):
    bedroom.clock.step_wall(0.0, known=False)
    bedroom.store.flush()
    store_knows = bedroom.store.recorded(*bedroom.nights.window(date(2026, 11, 14))).clock_known
    bedroom.sleep(date(2026, 11, 14), hours=2.0)
    page = bedroom.get("/night/2026-11-14/events")

    assert page.status_code == 200
    if not store_knows:
        assert all(at.startswith("+") for _, at, _ in lines(page))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/night/2026-02-30/events", 400),
        ("/night/yesterday/events", 400),
        ("/night/2020-01-01/events", 404),
        (f"{NIGHT}?kind=<script>", 400),
        (f"{NIGHT}?kind=sneeze", 400),
        (f"{NIGHT}?from=-1", 400),
        (f"{NIGHT}?from=1e3", 400),
        (f"{NIGHT}?from=%D9%A3", 400),
        (f"{NIGHT}?from=9999999", 400),
        (f"{NIGHT}?from=999999", 404),
        (f"{NIGHT}?kind=marked&from=1", 404),
        (f"{NIGHT}/", 404),
    ],
)
def test_what_cannot_be_asked(rested, path, status):
    page = rested.get(path)

    assert page.status_code == status
    assert "<script>" not in page.text


def test_more_words_in_the_address_do_no_harm(rested):
    assert rested.get(f"{NIGHT}?kind=jerk&kind=turn&x={'y' * 2000}").status_code == 200


def test_the_list_cannot_be_written_to(rested):
    assert rested.post(NIGHT).status_code == 405


def test_the_same_as_json(rested):
    told = rested.get("/api/events/2026-11-21").json["events"]

    assert len(told) == len(rested.store.movements(*rested.nights.window(date(2026, 11, 21))))
    assert set(told[0]) == {
        "id", "start_s", "end_s", "kind", "peak_mg", "peak_jerk_g_s", "tilt_mg", "far", "cause",
        "asleep", "hypnic", "reflex", "marked",
    }  # fmt: skip
    assert rested.get("/api/events/2020-01-01").status_code == 404
    assert rested.get("/api/events/x").json["error"].startswith("This request")


def test_days_beside_are_not_mixed_in(rested):
    own = {address for address, _, _ in lines(rested.get(NIGHT))}
    other = rested.get(f"/night/{date(2026, 11, 21) - timedelta(1)}/events")

    assert own.isdisjoint(address for address, _, _ in lines(other))
