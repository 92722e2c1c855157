import gzip

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from bedside.web.answers import Answer, Answers

LONG = Answer.of("<p>Calm night. " * 500, "text/html")


def asked(**headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(EnvironBuilder(headers=headers).get_environ())


def test_it_is_packed_for_who_can_unpack():
    plain, packed = LONG.to(asked()), LONG.to(asked(Accept_Encoding="gzip, br"))

    assert plain.get_data() == LONG.body
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == LONG.body
    assert len(packed.get_data()) < len(LONG.body) / 10
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_a_refused_packing_is_respected():
    assert "Content-Encoding" not in LONG.to(asked(Accept_Encoding="gzip;q=0")).headers


def test_a_short_answer_is_not_packed():
    short = Answer.of("{}", "application/json").to(asked(Accept_Encoding="gzip"))

    assert "Content-Encoding" not in short.headers


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_who_has_it_already_is_told_so(encoding):
    tag = LONG.to(asked(Accept_Encoding=encoding)).headers["ETag"]

    request = asked(Accept_Encoding=encoding, If_None_Match=tag)
    again = LONG.to(request)

    assert again.status_code == 304
    assert list(again.get_app_iter(request.environ)) == []


def test_only_the_owners_browser_may_keep_it():
    assert LONG.to(asked()).headers["Cache-Control"] == "private, no-cache"


def test_an_answer_is_made_once_for_one_state_of_the_world():
    answers, made = Answers(), []

    def make():
        made.append(1)
        return Answer.of(str(len(made)), "text/plain")

    first = answers.get("night", (1, "ok"), make)

    assert answers.get("night", (1, "ok"), make) is first
    assert answers.get("night", (1, "fault"), make).body == b"2"
    assert answers.get("other", (1, "fault"), make).body == b"3"
    assert len(made) == 3


def test_only_a_few_are_kept():
    answers = Answers()
    for day in range(100):
        answers.get(day, 0, lambda: Answer.of("old", "text/plain"))

    assert answers.get(99, 0, lambda: Answer.of("new", "text/plain")).body == b"old"
    assert answers.get(0, 0, lambda: Answer.of("new", "text/plain")).body == b"new"
