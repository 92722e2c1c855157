"""Changes that were asked for from one of our own pages, and others."""

from contextlib import closing

import pytest
from flask import Flask, g, request
from werkzeug.exceptions import Forbidden

from bedside.access import Access, Session
from bedside.clock import SteppedClock
from bedside.web.forms import Forms
from bedside.web.visitors import Visitor

HERE = "http://bedside.local:8080"
MINE, YOURS = (Visitor(session=Session(number, "phone", "link", None, None)) for number in (1, 2))


@pytest.fixture
def access(tmp_path):
    with closing(Access(tmp_path, SteppedClock())) as made:
        yield made


@pytest.fixture
def forms(access):
    return Forms(access)


def shown(forms, who=MINE):
    with Flask("shown").test_request_context():
        g.visitor = who
        return forms.token()


def asked(forms, method="POST", token=None, who=MINE, **headers):
    form = {} if token is None else {"csrf": token}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    context = Flask("asked").test_request_context(
        method=method, base_url=HERE, data=form or None, headers=headers
    )
    with context:
        g.visitor = who
        forms.check(request)


@pytest.mark.parametrize("who", [MINE, Visitor(device=True), Visitor()])
def test_a_form_of_ours_is_let_through(forms, who):
    asked(forms, token=shown(forms, who), who=who, Origin=HERE, Sec_Fetch_Site="same-origin")


def test_a_script_of_ours_is_let_through(forms):
    asked(forms, X_CSRF=shown(forms))


def test_reading_needs_no_token(forms):
    asked(forms, method="GET")


@pytest.mark.parametrize("token", [None, "", "0" * 64, "\N{SNOWMAN}"])
def test_without_the_token_nothing_changes(forms, token):
    with pytest.raises(Forbidden):
        asked(forms, token=token)


@pytest.mark.parametrize("who", [YOURS, Visitor(device=True), Visitor()])
def test_the_token_of_another_is_none(forms, who):
    with pytest.raises(Forbidden):
        asked(forms, token=shown(forms, who), who=MINE)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://bedside.local", "http://bedside.local:8081"]
)
def test_a_form_from_elsewhere_changes_nothing(forms, origin):
    token = shown(forms)

    with pytest.raises(Forbidden):
        asked(forms, token=token, Origin=origin)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "odd"])
def test_a_browser_that_says_it_comes_from_elsewhere_changes_nothing(forms, site):
    token = shown(forms)

    with pytest.raises(Forbidden):
        asked(forms, token=token, Sec_Fetch_Site=site)


def test_the_token_of_another_house_is_none(forms, tmp_path_factory):
    with closing(Access(tmp_path_factory.mktemp("other"), SteppedClock())) as other:
        token = shown(Forms(other))

    with pytest.raises(Forbidden):
        asked(forms, token=token)


def test_a_form_outlives_a_restart(forms, access, tmp_path):
    token = shown(forms)
    access.close()

    with closing(Access(tmp_path, SteppedClock())) as later:
        asked(Forms(later), token=token)
