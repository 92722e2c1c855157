"""Changes that were asked for from one of our own pages, and others."""

import pytest
from werkzeug.exceptions import Forbidden
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from bedside.web.forms import Forms


def asked(forms, method="POST", token=None, **headers):
    form = {} if token is None else {"csrf": token}
    builder = EnvironBuilder(
        method=method, base_url="http://bedside.local:8080", data=form or None, headers=headers
    )
    forms.check(Request(builder.get_environ()))


def test_a_form_of_ours_is_let_through():
    forms = Forms()

    asked(forms, token=forms.token(), Origin="http://bedside.local:8080")


def test_a_script_of_ours_is_let_through():
    forms = Forms()

    asked(forms, **{"X-CSRF": forms.token()})


def test_reading_needs_no_token():
    asked(Forms(), method="GET")


@pytest.mark.parametrize("token", [None, "", "0" * 64, "\N{SNOWMAN}"])
def test_without_the_token_nothing_changes(token):
    with pytest.raises(Forbidden):
        asked(Forms(), token=token)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://bedside.local"])
def test_a_form_from_elsewhere_changes_nothing(origin):
    forms = Forms()

    with pytest.raises(Forbidden):
        asked(forms, token=forms.token(), Origin=origin)


def test_the_token_of_another_run_is_none():
    with pytest.raises(Forbidden):
        asked(Forms(), token=Forms().token())
