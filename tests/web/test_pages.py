import re
import time
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from bedside.pipeline.listener import Heard, Minute
from bedside.web.navigation import PLACES

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Outline(HTMLParser):
    """The tags of a page, and whether each is closed in its order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.wrong = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def words(answer):
    """The page as text, with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", text)


def test_before_the_first_night_it_says_what_is_happening(bedroom):
    answer = bedroom.get("/")

    assert answer.status_code == 200
    assert "No night yet" in words(answer)
    assert "bedside has just started and is looking for the sensor." in words(answer)


def test_while_there_is_no_night_one_can_place_the_sensor(bedroom):
    assert 'href="/placing"' not in bedroom.get("/").text.partition("<main")[2]

    bedroom.health.beat("samples")

    assert 'href="/placing"' in bedroom.get("/").text.partition("<main")[2]


def test_more_leads_everywhere_and_is_found(rested):
    answer = rested.get("/more")
    page = Outline(answer.text)
    current = [a["href"] for a in page.all("a") if a.get("aria-current")]

    assert current == ["/more"]
    assert {place.address for place in PLACES} <= {a["href"] for a in page.all("a")}
    assert "Add to Home Screen" in answer.text


def test_a_sensor_that_listens_is_waited_with(bedroom):
    bedroom.health.beat("samples")
    bedroom.clock.advance(3)

    said = words(bedroom.get("/"))

    assert "The sensor is listening. The sensor was last heard 3 s ago." in said
    assert "as soon as somebody lies in the bed" in said


def test_a_sensor_that_does_not_answer_is_named_with_since_when(bedroom):
    bedroom.health.beat("samples")
    bedroom.health.raise_fault("sensor", "nobody answers at 0x68 on bus 1; check the cable")
    bedroom.clock.advance(300)

    said = words(bedroom.get("/"))

    assert "Nothing can be recorded at this moment" in said
    began = re.search(
        r"Since (\d\d:\d\d): Nobody answers at 0x68 on bus 1; check the cable\.", said
    )
    assert began
    assert "The sensor was last heard 5 min ago." in said


def test_a_time_that_is_not_known_is_not_told(bedroom):
    bedroom.clock.step_wall(0.0, known=False)
    bedroom.health.raise_fault("sensor", "nobody answers")

    said = words(bedroom.get("/"))

    assert "Nobody answers." in said
    assert "Since" not in said


def test_the_latest_night_comes_first(rested):
    answer = rested.get("/")
    report = rested.nights.report()

    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert "Night of Saturday 21 November 2026" in words(answer)
    assert f"<h1>{report.opening}</h1>" in answer.text.replace("\xa0", " ")
    assert report.disclaimer in words(answer)


def test_everything_the_report_says_stands_on_the_page(rested):
    report, said = rested.nights.report(), words(rested.get("/"))
    sentences = [
        *report.warnings, *report.stretches, *report.away, *report.naps, *report.comfort,
        *report.light, *report.noises, *report.meaning, *report.method, *report.limits,
        *(kind.text for kind in report.kinds),
        *(figure.explanation for figure in report.figures),
        *(figure.value for figure in report.figures),
    ]  # fmt: skip

    assert len(sentences) > 30
    assert [sentence for sentence in sentences if escaped(sentence) not in said] == []


def escaped(text):
    return text.replace("&", "&amp;").replace("'", "&#39;")


def test_every_mark_has_its_row_in_order_of_time(rested):
    report, answer = rested.nights.report(), rested.get("/")
    rows = re.findall(r"<tr><td>(\d\d:\d\d)</td><td>(.+?)</td></tr>", answer.text)

    assert len(rows) == len(report.marks)
    assert rows[0][1].startswith(("In bed from", "Room"))
    minutes = [(int(at[:2]) - 12) % 24 * 60 + int(at[3:]) for at, _ in rows]
    assert minutes == sorted(minutes)


def test_low_coverage_is_said_before_any_number(bedroom):
    bedroom.sleep(bedroom.nights.current())
    report = bedroom.nights.report()
    heard = [mark for mark in report.marks if mark.lane == "gap"]

    assert heard == []
    bedroom.health.raise_fault("sensor", "nobody answers")
    text = bedroom.get("/").text
    assert text.index("</h1>") < text.index('class="warning"') < text.index('class="lead"')


def test_nights_are_linked_with_their_neighbours(rested):
    links = {
        attributes.get("rel"): attributes["href"]
        for attributes in Outline(rested.get("/night/2026-11-20").text).all("a")
        if "rel" in attributes
    }

    assert links == {"prev": "/night/2026-11-19", "next": "/night/2026-11-21"}


@pytest.mark.parametrize(("day", "missing"), [("2026-11-14", "prev"), ("2026-11-21", "next")])
def test_the_ends_have_one_neighbour(rested, day, missing):
    answer = rested.get(f"/night/{day}")

    assert answer.status_code == 200
    assert f'rel="{missing}"' not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/night/2025-01-01", 404, "Nothing was recorded in the night of Wednesday 1 January"),
        ("/night/2026-02-30", 400, "A night is named by the date of its evening"),
        ("/night/yesterday", 400, "A night is named by the date of its evening"),
        ("/night/<script>alert(1)", 400, "A night is named by the date of its evening"),
        ("/night/" + "9" * 3000, 400, "A night is named by the date of its evening"),
    ],
)
def test_a_night_that_is_none(rested, path, status, said):
    answer = rested.get(path)

    assert answer.status_code == status
    assert said in words(answer)
    assert "<script" not in answer.text


def test_what_is_so_right_now_stands_on_the_latest_night_alone(rested):
    rested.health.raise_fault("sensor", "nobody answers")

    assert "Nobody answers." in words(rested.get("/"))
    assert "Nobody answers." not in words(rested.get("/night/2026-11-21"))

    rested.health.clear_fault("sensor")

    assert "Nobody answers." not in words(rested.get("/"))
    assert "Right now: the sensor is listening." in words(rested.get("/"))


def test_words_from_outside_are_escaped(rested):
    rested.health.raise_fault("sensor", "<img src=x onerror=alert(1)>")

    assert "<img" not in rested.get("/").text


@pytest.mark.parametrize("path", ["/", "/night/2026-11-14", "/nothing"])
def test_the_page_is_sound(rested, path):
    text = rested.get(path).text
    page = Outline(text)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]

    assert text.startswith("<!doctype html>")
    assert page.wrong == []
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len([title for title in page.all("title") if not title]) == 1  # the others name drawings
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        named = attributes.get("aria-labelledby", "").split()
        named += [attributes["href"][1:]] if attributes.get("href", "").startswith("#") else []
        assert set(named) <= set(ids)
        assert not any(name == "style" or name.startswith("on") for name in attributes)
    assert page.all("style") == [{}]
    assert all(set(script) == {"defer", "src"} for script in page.all("script"))


def test_headings_go_down_step_by_step(rested):
    levels = [int(tag[1]) for tag, _ in Outline(rested.get("/").text).tags if tag in
              ("h1", "h2", "h3", "h4")]  # fmt: skip

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_second_look_costs_next_to_nothing(rested):
    rested.get("/")
    began_s = time.perf_counter()

    for _ in range(20):
        assert rested.get("/", Accept_Encoding="gzip").status_code == 200

    assert (time.perf_counter() - began_s) / 20 < 0.010


def test_who_has_the_page_already_is_told_so_until_it_changes(rested):
    tag = rested.get("/").headers["ETag"]

    assert rested.get("/", If_None_Match=tag).status_code == 304

    rested.health.raise_fault("disk", "the disk is full")
    assert rested.get("/", If_None_Match=tag).status_code == 200


def test_a_night_with_400_events_fits_into_60_kb(bedroom):
    bedroom.sleep(bedroom.nights.current(), movements=360)

    page = bedroom.get("/", Accept_Encoding="gzip")
    rest = re.findall(r'(?:src|href)="(/static/[^"]+|/manifest[^"]+)"', bedroom.get("/").text)

    assert len(bedroom.nights.report().marks) > 400
    parts = [page, *(bedroom.get(path, Accept_Encoding="gzip") for path in rest)]
    assert len(parts) >= 4
    assert sum(len(part.data) + len(str(part.headers)) for part in parts) < 30_000


def test_2000_events_are_a_page_as_any_other(bedroom):
    bedroom.sleep(bedroom.nights.current(), movements=1940)

    page = bedroom.get("/", Accept_Encoding="gzip")

    assert len(bedroom.nights.report().marks) > 2000
    assert page.status_code == 200
    assert len(page.data) < 60_000


def test_half_a_night_says_so_first(bedroom, monkeypatch):
    evening = bedroom.nights.current()
    bedroom.sleep(evening, gap=True)
    monkeypatch.setattr("bedside.pipeline.words.opening.LEAST_COVERAGE", 0.99)

    said = words(bedroom.get("/"))

    assert re.search(r"Only \d\d % of this night was recorded", said)
    assert said.index("This report covers only") < said.index("Time in bed")
    assert "% of the time in bed was recorded" in said


def test_the_looks_of_another_browser_are_kept_apart(rested):
    english = rested.get("/", Accept_Language="en")
    german = rested.get("/", Accept_Language="de")

    assert rested.get("/", Accept_Language="en").data == english.data != german.data


def test_a_night_that_goes_on_says_so(bedroom):
    bedroom.sleep(bedroom.nights.current(), hours=3.0)

    said = words(bedroom.get("/"))

    assert "Tonight, Saturday 14 November 2026" in said
    assert "The night is still going on:" in said


def test_nobody_in_the_bed_is_a_calm_page_too(bedroom):
    bedroom.clock.advance(16 * 3600.0)  # to noon, when a night begins
    now_s = bedroom.clock.monotonic()
    bedroom.store.add_heard(
        Heard(minutes=[Minute(now_s + 60.0 * n, 60.0, 0.0, 0.8, 5.0) for n in range(60)])
    )
    bedroom.clock.advance(3600)
    bedroom.store.flush()

    answer = bedroom.get("/")

    assert answer.status_code == 200
    assert "The bed has been empty so far." in words(answer)
    assert "Key figures" not in words(answer)
