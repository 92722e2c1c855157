import logging
import subprocess
import sys

import pytest
from werkzeug.test import create_environ

from bedside.errors import StoreError
from bedside.web import WebSettings

EVERYWHERE = ["/", "/night/2026-11-20", "/night/x", "/nothing", "/api/nights", "/api/health",
              "/api/report/latest", "/api/nothing", "/static/style.css"]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_is_guarded(rested, path):
    headers = rested.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", EVERYWHERE[:-1])
def test_a_night_is_nobody_elses_business(rested, path):
    assert rested.get(path).headers["Cache-Control"] in ("no-store", "private, no-cache")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_strange_name_is_refused(rested, path):
    answer = rested.get(path, host="evil.example.org")

    assert answer.status_code == 400
    assert "night of" not in answer.text.lower()


def test_the_names_come_from_the_settings(moved):
    bedroom = moved(WebSettings(trusted_hosts="sleep.example.org"))

    assert bedroom.get("/login", host="sleep.example.org").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/night/2026-11-20", "/api/health"])
def test_it_can_only_be_read(rested, method, path):
    answer = rested.app.test_client().open(path, method=method)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_get_without_the_body(rested):
    answer = rested.app.test_client().head("/")

    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/night/", "/night", "/night/2026-11-20/", "/night/2026-11-20/x",
     "/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py",
     "/static//etc/passwd", "/static/%00", "/%2e%2e/%2e%2e/etc/passwd", "/night/%00/",
     "/.git/config", "/api", "/api/", "/api/report", "/api/report/", "/x" * 4000],
)  # fmt: skip
def test_there_is_nothing_else(rested, path):
    answer = rested.get(path)

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize("path", ["//", "//evil.example.org/", "///night//2026-11-20"])
def test_many_slashes_lead_to_no_other_place(rested, path):
    environ = create_environ(base_url="http://localhost")
    environ |= {"PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1"}

    status, headers = [], {}
    rested.app(environ, lambda code, given: (status.append(code), headers.update(given)))

    assert status[0][:3] in ("200", "308", "404")
    assert headers.get("Location", "http://localhost/").startswith("http://localhost/")


def test_a_page_that_is_not_there_says_so_calmly(rested):
    answer = rested.get("/nothing")

    assert answer.mimetype == "text/html"
    assert "<h1" in answer.text
    assert 'href="/"' in answer.text


def test_programs_are_told_in_json(rested):
    answer = rested.get("/api/nothing")

    assert answer.status_code == 404
    assert answer.json["error"].startswith("There is no such page.")


def test_query_strings_change_nothing(rested):
    query = "?a=<script>alert(1)</script>&" + "x" * 5000

    assert rested.get("/" + query).data == rested.get("/").data


def test_a_large_body_is_not_read(rested):
    answer = rested.app.test_client().get("/api/health", data=b"x" * 1_000_000)

    assert answer.status_code == 200


def test_static_files_are_kept_by_the_browser_until_they_change(rested):
    page = rested.get("/").text
    address = page.partition('src="')[2].partition('"')[0]

    answer = rested.get(address)

    assert address.startswith("/static/morning.js?")
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/night/2026-11-20", "/api/nights"])
def test_a_store_that_cannot_be_read_is_said_without_its_place(rested, path, monkeypatch, caplog):
    def fail():
        raise StoreError("cannot read the database /var/lib/bedside/bedside.db: disk I/O error")

    monkeypatch.setattr(rested.nights, "dates", fail)

    with caplog.at_level(logging.WARNING):
        answer = rested.get(path)

    assert answer.status_code == 503
    assert "/var/lib" not in answer.text
    assert "disk I/O error" in caplog.text


def test_a_fault_of_the_program_is_loud_in_the_log_and_calm_on_the_page(
    rested, monkeypatch, caplog
):
    def fail():
        raise KeyError("a secret place")

    monkeypatch.setattr(rested.nights, "dates", fail)

    answer = rested.get("/")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "It has been written to the log" in answer.text
    assert "KeyError: 'a secret place'" in caplog.text


def test_the_settings_cost_no_flask():
    code = "import sys, bedside.web; sys.exit('flask' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
