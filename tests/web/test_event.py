"""One movement: its waveform as it was felt, its reasons, and what is said of it by hand."""

import html
import re
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pytest

from bedside.nights.waveform import waveform
from bedside.pipeline.listener import Heard, Listener, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.store import StoreSettings

ODR_HZ, LSB_PER_G = 100.0, 16384.0
EVENING = date(2026, 11, 14)
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Checked(HTMLParser):
    """Whether each tag is closed in its order, and which ids and attributes there are."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.ids, self.names = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.names |= {name for name, _ in attributes}
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", html.unescape(text))


@pytest.fixture
def felt(bedroom):
    """Ten minutes in bed with raw samples: a push after five, another two seconds later."""

    def record(lost=(), cause=""):
        dice = np.random.default_rng(5)
        zero_s = bedroom.clock.monotonic()
        bedroom.store.add_sensor(zero_s, "mpu6050", ODR_HZ, LSB_PER_G)
        n = round(600 * ODR_HZ)
        xyz = dice.normal(0.0, 0.001, (n, 3)) + np.array([0.0, 0.0, 1.0])
        for at in (30_000, 30_200):
            xyz[at : at + 30, 2] += 0.05 * np.sin(2 * np.pi * 7.0 * np.arange(30) / ODR_HZ)
        xyz = (np.rint(xyz * LSB_PER_G) / LSB_PER_G).astype(np.float32)
        t = zero_s + np.arange(n) / ODR_HZ
        for at in range(0, n, 100):
            if not any(first <= at / ODR_HZ < last for first, last in lost):
                bedroom.store.add_block(Block(t[at : at + 100], xyz[at : at + 100]))
        pushes = [zero_s + 300.0, zero_s + 302.0]
        kinds = ["disturbance" if cause else "jerk", "jerk"]
        found = [Movement(s, s + 0.3, kind, 50.0, 2.0, 0.5, cause=c)
                 for s, kind, c in zip(pushes, kinds, (cause, ""), strict=True)]  # fmt: skip
        minutes = [Minute(zero_s + 60.0 * n, 60.0, 1.0, 1.7, 5.0) for n in range(10)]
        bedroom.store.add_heard(Heard(found, [PresenceChange(zero_s, True)], minutes))
        bedroom.clock.advance(600.0)
        bedroom.store.flush(full=True)
        start_ms = round(pushes[0] * 1000)
        return f"/night/{EVENING}/events/1-{start_ms}-{kinds[0]}"

    return record


def test_the_page_of_a_jerk(bedroom, felt):
    answer = bedroom.get(felt())
    said = words(answer)

    assert answer.status_code == 200
    assert re.search(r"Jerk at \d\d:\d\d:\d\d", said)
    assert "Movement 1 of 2" in said
    assert "above the trigger line at" in said
    assert "29 times the 1.7 mg of that minute" in said
    assert "The next began 1.7 s later." in said
    assert re.search(r"Strongest, 1 to 20 Hz 50 mg", said)


def test_the_drawing_is_sound_and_told_in_words_too(bedroom, felt):
    text = bedroom.get(felt()).text
    page = Checked(text)

    assert page.wrong == page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert not {name for name in page.names if name == "style" or name.startswith("on")}
    assert text.count('class="body"') == text.count('class="raw"') == 3
    assert text.count('class="level"') == 1
    assert len(re.findall(r'<line class="trigger"', text)) == 1
    assert re.search(r'<svg [^>]*role="img" aria-labelledby="wave-title wave-desc"', text)
    rows = re.findall(r'<tr><th scope="row">(\d\d:\d\d:\d\d)</th><td>([^<]+)</td>'
                      r"<td>([^<]+)</td><td>([^<]+)</td></tr>", text)  # fmt: skip
    assert len(rows) == 10
    parts = [part for *_, part in rows]
    assert parts.count("this movement") == parts.count("another movement") == 1
    assert rows[5][2] == rows[7][2] == "above"
    assert rows[0][2] == "–"


def test_the_drawing_stands_where_the_samples_are(bedroom, felt):
    """The curve's highest place, worked out from the samples, is where the drawing puts it."""
    path = felt()
    (movement,) = [
        kept.movement
        for kept in bedroom.store.movements(*bedroom.nights.window(EVENING))
        if f"-{round(kept.start_s * 1000)}-" in path
    ]
    seen = waveform(bedroom.store, movement, ODR_HZ, Listener)
    (stretch,) = seen.stretches
    text = bedroom.get(path).text
    curve = re.search(r'class="level" d="M([^"]+)"', text)[1].split()
    points = np.array(curve, float).reshape(-1, 2)
    top_x = points[points[:, 1].argmin(), 0]
    top_s = stretch.t[stretch.envelope_mg.argmax()]

    assert top_x == pytest.approx(
        4 + 312 * (top_s - seen.shown.start_s) / seen.shown.length_s, abs=1.3
    )
    box = re.search(r'class="event" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', text)
    assert float(box[1]) == pytest.approx(4 + 312 * 5.0 / seen.shown.length_s, abs=0.1)
    assert float(box[2]) == pytest.approx(312 * 0.3 / seen.shown.length_s, abs=0.1)


def test_the_page_is_light(bedroom, felt):
    assert len(bedroom.get(felt(), Accept_Encoding="gzip").data) < 25_000


def test_a_gap_in_it_is_hatched_and_said(bedroom, felt):
    answer = bedroom.get(felt(lost=[(297.0, 299.0)]))

    assert 'fill="url(#wave-gap)"' in answer.text
    assert "2.0 s of it are missing (hatched)." in words(answer)
    assert answer.text.count('class="body"') == 6
    assert "missing" in words(answer).split("Part of")[1]


def test_raw_samples_that_are_gone_are_said_to_be(bedroom, felt):
    path = felt(lost=[(290.0, 320.0)])
    bedroom.clock.advance(3600.0)
    answer = bedroom.get(path)

    assert answer.status_code == 200
    assert "are not kept any more" in words(answer)
    assert "<figure>" not in answer.text
    assert re.search(r"Strongest, 1 to 20 Hz 50 mg", words(answer)), "the figures stay"


def test_raw_samples_that_are_damaged_are_said_to_be(bedroom, felt):
    path = felt()
    with bedroom.store._writing:
        bedroom.store._db.execute("UPDATE raw SET samples = zeroblob(50)")

    assert "are damaged and cannot be drawn" in words(bedroom.get(path))


def test_raw_samples_that_are_not_kept_by_the_settings_are_said_not_to_be(bedroom, felt):
    path = felt(lost=[(0.0, 700.0)])
    bedroom.clock.advance(3600.0)
    bedroom.store.settings = StoreSettings(folder=bedroom.store.settings.folder, raw=False)

    assert "are not kept, by the setting [store] raw" in words(bedroom.get(path))


def test_samples_still_on_their_way_to_the_disk_are_waited_for(bedroom, felt):
    path = felt(lost=[(290.0, 320.0)])
    bedroom.clock.advance(-250.0)

    assert "Look again in a minute." in words(bedroom.get(path))


def test_one_walks_from_movement_to_movement(bedroom, felt):
    first = bedroom.get(felt()).text
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = bedroom.get(onward).text

    assert 'rel="prev"' not in first
    assert 'rel="next"' not in second
    assert re.search(r'rel="prev" href="([^"]+)"', second)


def test_it_is_marked_and_taken_back(bedroom, felt):
    path = felt()

    answer = bedroom.post(f"{path}/mark", verdict="wrong")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    said = words(bedroom.get(path))
    assert "This was marked as no movement." in said
    assert "You marked it as no movement, so it is not counted." in said
    assert len(bedroom.nights.night(EVENING).movements) == 1
    listed = bedroom.get(f"/night/{EVENING}/events?kind=marked")
    assert "marked as no movement" in words(listed)
    assert "<s>Jerk</s>" in listed.text
    assert "one as no movement" in words(bedroom.get(f"/night/{EVENING}"))
    assert bedroom.get(f"/api/events/{EVENING}").json["events"][0]["marked"] == "wrong"

    bedroom.post(f"{path}/mark", verdict="partner")
    assert "somebody else's" in words(bedroom.get(path))
    assert bedroom.nights.night(EVENING).disturbances == (("partner", 1),)

    bedroom.post(f"{path}/mark", verdict="none")
    assert "marked" not in words(bedroom.get(path))
    assert len(bedroom.nights.night(EVENING).movements) == 2
    assert bedroom.nights.night(EVENING).disturbances == ()


@pytest.mark.parametrize("verdict", ["", "right", "wrong'; --", "WRONG"])
def test_only_what_is_offered_can_be_said(bedroom, felt, verdict):
    path = felt()

    assert bedroom.post(f"{path}/mark", verdict=verdict).status_code == 400
    assert len(bedroom.nights.night(EVENING).movements) == 2


def test_nobody_else_can_say_it(bedroom, felt):
    path = felt()

    assert bedroom.post(f"{path}/mark", csrf=False, verdict="wrong").status_code == 403
    assert bedroom.get(f"{path}/mark").status_code in (404, 405)
    assert len(bedroom.nights.night(EVENING).movements) == 2


@pytest.mark.parametrize(
    "key",
    [
        "1",
        "1-2-jerk",
        "1-{start_ms}-turn",
        "2-{start_ms}-jerk",
        "01-{start_ms}-jerk",
        "1-{start_ms}.0-jerk",
        "1-{start_ms}-jerk%00",
        "1-{start_ms}-JERK",
        "%2e%2e%2f%2e%2e",
        "1-{start_ms}-jerk'%20OR%20'1'='1",
        "<script>alert(1)</script>",
        "9" * 3000,
    ],
)
def test_a_name_that_is_none(bedroom, felt, key):
    start_ms = felt().rsplit("-", 2)[1]
    path = f"/night/{EVENING}/events/{key.replace('{start_ms}', start_ms)}"

    answer = bedroom.get(path)
    assert answer.status_code == 404
    assert "<script" not in answer.text
    assert bedroom.post(f"{path}/mark", verdict="wrong").status_code == 404


def test_the_movement_of_another_night_is_not_shown(rested):
    listed = rested.get("/api/events/2026-11-20").json["events"]

    assert rested.get(f"/night/2026-11-20/events/{listed[3]['id']}").status_code == 200
    assert rested.get(f"/night/2026-11-21/events/{listed[3]['id']}").status_code == 404


def test_words_on_record_are_escaped(bedroom, felt):
    answer = bedroom.get(felt(cause="<img src=x onerror=alert(1)>"))

    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


def test_a_disk_that_is_full_keeps_nothing_and_says_so(bedroom, felt, monkeypatch):
    path = felt()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bedside.store.rows.write", full)
    answer = bedroom.post(f"{path}/mark", verdict="wrong")
    monkeypatch.undo()

    assert answer.status_code == 503
    assert "No space" not in answer.text
    assert len(bedroom.nights.night(EVENING).movements) == 2


def test_the_trend_follows_at_once(rested):
    listed = rested.get("/api/events/2026-11-18").json["events"]
    jerk = next(e for e in listed if e["kind"] == "jerk" and e["asleep"] and not e["hypnic"])
    path = f"/night/2026-11-18/events/{jerk['id']}/mark"
    fingerprint = rested.nights.fingerprint(date(2026, 11, 18))
    try:
        rested.post(path, verdict="wrong")
        marked = rested.store.summarised("2026-11-18")
        assert rested.nights.fingerprint(date(2026, 11, 18)) in marked
        assert fingerprint not in marked
    finally:
        rested.post(path, verdict="none")
    assert rested.nights.fingerprint(date(2026, 11, 18)) == fingerprint
