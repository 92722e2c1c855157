"""Numbers for Prometheus: who gets them, and whether they are written as its text format says."""

import re

import attrs
import pytest

from bedside import __version__
from bedside.climate import Room
from bedside.config import load
from bedside.errors import ConfigError
from bedside.pipeline.listener import Now
from bedside.web import WebSettings
from bedside.web.metrics import Metric, Sample, written

READER = "192.168.1.9"
_LINE = re.compile(r"([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)")
_PAIR = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)')
_ESCAPE = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def parsed(text):
    """Read the format as its description says: samples by name and labels, and each one's type."""
    samples, kinds, helped, name = {}, {}, set(), ""
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            assert name not in helped, "one HELP for each name, before its samples"
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name in helped
            assert kind in ("gauge", "counter")
            kinds[name] = kind
        else:
            name_of, inside, value = _LINE.fullmatch(line).groups()
            assert name_of == name, "samples of one name stand together"
            pairs = _PAIR.findall(inside or "")
            assert ",".join(f'{key}="{said}"' for key, said in pairs) == (inside or "")
            labels = {
                key: re.sub(r"\\.", lambda found: _ESCAPE[found[0]], said) for key, said in pairs
            }
            key = (name, tuple(sorted(labels.items())))
            assert key not in samples
            samples[key] = float(value)
    return samples, kinds


def plain(samples):
    return {name: value for (name, labels), value in samples.items() if not labels}


@pytest.fixture
def scraper(moved, phone):
    """Ask for the numbers from an address, where the settings let `READER` in."""

    def ask(address=READER, settings=None, **headers):
        app = moved(settings or WebSettings(metrics_from=f"10.0.0.0/8, {READER}")).app
        return phone(address, app=app).get("/metrics", **headers)

    return ask


@pytest.fixture
def measured(eight_nights, access, furnish):
    """A bedroom that is watched, and the way to ask it."""
    bedroom = furnish(*eight_nights, access, WebSettings(metrics_from=READER))

    def ask():
        client = bedroom.app.test_client()
        client.environ_base["REMOTE_ADDR"] = READER
        answer = client.get("/metrics", base_url="http://bedside.local:8080")
        assert answer.status_code == 200
        return parsed(answer.text)

    return bedroom, ask


def test_everything_is_counted(measured):
    bedroom, ask = measured
    bedroom.heard = Now(present=True, breaths_per_min=14.2)
    bedroom.room = Room(c=19.5, humidity=51.0)
    bedroom.health.note("sensor", "mpu6050 at 0x68")
    bedroom.health.note("odr_hz", 99.7)
    bedroom.health.beat("samples")
    bedroom.health.count("gaps")
    bedroom.health.count("gaps")
    bedroom.light.step()
    bedroom.light.set_by_hand(0.25, "button", 60.0)
    bedroom.clock.advance(3.0)
    samples, kinds = ask()
    found = plain(samples)

    about = (("sensor", "mpu6050 at 0x68"), ("version", __version__))
    assert samples["bedside_info", about] == 1.0
    assert found["bedside_up"] == found["bedside_recording"] == found["bedside_in_bed"] == 1.0
    assert found["bedside_last_sample_age_seconds"] == pytest.approx(3.0)
    assert found["bedside_uptime_seconds"] == pytest.approx(3.0)
    assert found["bedside_odr_hertz"] == 99.7
    assert found["bedside_gaps_total"] == 2.0
    assert found["bedside_overruns_total"] == found["bedside_bus_errors_total"] == 0.0
    assert found["bedside_breaths_per_minute"] == 14.2
    assert found["bedside_room_temperature_celsius"] == 19.5
    assert found["bedside_room_humidity_ratio"] == 0.51
    assert 0.0 < found["bedside_light_level_ratio"] <= 0.25
    assert found["bedside_database_bytes"] > 10_000
    assert found["bedside_rows_waiting"] >= 0.0
    assert found["bedside_faults"] == 0.0
    assert {name for name, kind in kinds.items() if kind == "counter"} == {
        name for name in kinds if name.endswith("_total")
    }
    assert set(kinds) == {name for name, _ in samples}


def test_what_is_not_known_is_left_out(measured):
    _, ask = measured
    found = plain(ask()[0])

    assert found["bedside_recording"] == 0.0
    names = ["last_sample_age_seconds", "odr_hertz", "in_bed", "breaths_per_minute"]
    names += ["room_temperature_celsius", "room_humidity_ratio", "light_level_ratio"]
    for name in names:
        assert f"bedside_{name}" not in found


def test_faults_by_part(measured):
    bedroom, ask = measured
    bedroom.health.raise_fault("sensor", "it is gone")
    bedroom.health.raise_fault("clock", "nobody answers", calm=True)
    samples, _ = ask()

    assert samples["bedside_fault", (("calm", "false"), ("part", "sensor"))] == 1.0
    assert samples["bedside_fault", (("calm", "true"), ("part", "clock"))] == 1.0
    assert plain(samples)["bedside_faults"] == 2.0


def test_no_night_is_scored_for_it(measured, monkeypatch):
    bedroom, ask = measured

    def refuse(*_):
        raise AssertionError("too dear")

    for name in ("night", "report", "dates", "latest"):
        monkeypatch.setattr(bedroom.nights, name, refuse)
    ask()


@pytest.mark.parametrize("said", ["plain", 'with "quotes"', "back\\slash", "two\nlines", "\\n", ""])
def test_labels_come_back_as_they_were(said):
    text = written([Metric("a_b", "gauge", "A thing.", (Sample(1.5, {"x": said, "y": "z"}),))])
    samples, _ = parsed(text)

    assert samples == {("a_b", (("x", said), ("y", "z"))): 1.5}


# ── who gets them ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", [READER, "10.1.2.3", f"::ffff:{READER}"])
def test_whoever_is_named_needs_no_login(scraper, address):
    answer = scraper(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["192.168.1.8", "::1", "127.0.0.1", "fe80::1", "", "x"])
def test_strangers_are_shown_the_door(scraper, address):
    answer = scraper(address)

    assert answer.status_code == 303
    assert "bedside_up" not in answer.text


def test_a_claim_to_be_somebody_else_is_not_believed(scraper):
    assert scraper("192.168.1.8", X_Forwarded_For=READER).status_code == 303


def test_behind_a_proxy_that_is_trusted_it_is_the_client_who_counts(scraper):
    settings = WebSettings(metrics_from=READER, proxy="192.168.1.2")

    assert scraper("192.168.1.2", settings, X_Forwarded_For=READER).status_code == 200
    assert scraper("192.168.1.2", settings, X_Forwarded_For="1.2.3.4").status_code == 303


def test_this_machine_itself_but_no_proxy_on_it(scraper, moved):
    settings = WebSettings(metrics_from="127.0.0.1")
    app = moved(settings).app

    def asked(base, **headers):
        client = app.test_client()
        return client.get("/metrics", base_url=base, headers=headers).status_code

    assert asked("http://localhost:8080") == 200
    assert asked("http://localhost:8080", **{"X-Forwarded-For": "1.2.3.4"}) == 303
    assert asked("http://bedside.local:8080") == 303


def test_nothing_else_is_opened_by_it(moved, phone):
    app = moved(WebSettings(metrics_from=READER)).app
    reader = phone(READER, app=app)

    for path in ("/", "/nights", "/health", "/metrics/", "/metrics/x"):
        assert reader.get(path).status_code == 303
    assert reader.get("/api/health").status_code == 401
    assert reader.post("/metrics").status_code == 405


def test_a_phone_that_was_let_in_is_not_a_reader(moved):
    app = moved(WebSettings(metrics_from=READER)).app
    answer = app.test_client().get("/metrics", base_url="http://localhost")

    assert answer.status_code == 403
    assert "metrics_from" in answer.text


def test_unless_it_is_wanted_there_is_no_such_page(rested, phone):
    assert WebSettings().metrics_from == ""
    assert rested.get("/metrics").status_code == 404
    assert phone(READER, app=rested.app).get("/metrics").status_code == 303


def test_what_is_no_address_is_refused(tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text('[web]\nmetrics_from = "prometheus"\n')

    with pytest.raises(ConfigError, match="is no address"):
        load(file)
    assert attrs.evolve(WebSettings(), metrics_from="::1").metrics_from == "::1"
