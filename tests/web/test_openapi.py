"""The API against its own document, asked by a fuzzer in every way the document allows and not."""

import re
import warnings

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings

from bedside.web.openapi import document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    schemathesis = pytest.importorskip("schemathesis")

from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

OPERATIONS = [(path, method) for path, item in document()["paths"].items() for method in item]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def test_it_is_served_as_it_is_written(rested):
    answer = rested.get("/api/openapi.json")

    assert answer.status_code == 200
    assert answer.json == document()
    assert answer.json["openapi"] == "3.1.0"


def test_it_is_a_document_of_its_kind():
    schemathesis.openapi.from_dict(document()).validate()


def test_every_address_of_the_api_is_in_it_and_none_besides(rested):
    served = {
        (re.sub(r"<(?:\w+:)?\w+>", "{}", rule.rule), method.lower())
        for rule in rested.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api")
    }

    assert {(re.sub(r"\{\w+\}", "{}", path), method) for path, method in OPERATIONS} == served


def at_device(app):
    """Give the app as somebody at the machine itself asks it."""

    def asked(environ, start_response):
        environ.setdefault("REMOTE_ADDR", "127.0.0.1")
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # the fuzzer asks for it and cannot unpack it
        return app(environ, start_response)

    return asked


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: str(part))
def test_a_stranger_is_told_no_more_than_that(rested, path, method):
    client = rested.app.test_client()

    answer = client.open(
        path.replace("{night}", "latest"),
        method=method.upper(),
        environ_overrides={"REMOTE_ADDR": "192.168.1.7"},
    )

    assert answer.status_code == 401
    assert list(answer.json) == ["error"]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: str(part))
def test_no_answer_is_other_than_told(rested, path, method, mode):
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", at_device(rested.app))
    operation = schema[path][method.upper()]
    headers = {"X-CSRF": rested.csrf()} if method == "post" else {}
    seen = set()

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        response = case.call(headers=headers)
        seen.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    try:
        ask()
    except hypothesis.errors.Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # an address that takes nothing cannot be misused
    else:
        assert seen
