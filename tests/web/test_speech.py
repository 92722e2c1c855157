import pytest
from flask import render_template_string


@pytest.fixture
def said(rested):
    """Say a template to a browser of the given language."""

    def say(template, language="en", **values):
        with rested.app.test_request_context("/", headers={"Accept-Language": language}):
            return render_template_string(template, **values)

    return say


def test_what_somebody_typed_is_never_held_for_safe(said):
    assert said("{{ _(typed) }}", typed="<b>100 %</b> %s") == "&lt;b&gt;100 %&lt;/b&gt; %s"
    assert said("{{ _('of %(who)s', who=typed) }}", typed="<i>") == "of &lt;i&gt;"


def test_one_and_many(said):
    template = "{{ ngettext('%(num)s night', '%(num)s nights', count) }}"

    assert said(template, count=1) == "1 night"
    assert said(template, count=2) == "2 nights"


def test_numbers_and_days_follow_the_browser(said, rested):
    day = rested.nights.latest()
    template = "{{ 7.25 | decimal(2) }} {{ day | plain_day }} {{ '0.5 g' | prose }}"

    assert said(template, "en-GB", day=day) == "7.25 21 Nov 2026 0.5 g"
    assert said(template, "de", day=day) == "7,25 21.11.2026 0,5 g"


def test_a_page_differs_by_language_a_picture_does_not(rested):
    assert "Accept-Language" in rested.get("/more").headers["Vary"]
    assert "Accept-Language" not in rested.get("/static/icon.svg").headers["Vary"]
