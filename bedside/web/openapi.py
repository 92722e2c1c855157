"""The API described for programs: OpenAPI 3.1, one entry for each address under /api."""

from typing import Any

from flask import Blueprint, Response, json, request

from bedside import __version__
from bedside.web.answers import Answer
from bedside.web.schemas import DAY, SCHEMAS, TEXT, WHOLE, Schema, an_object

_SAID = {
    "400": "The request could not be understood.",
    "401": "Nobody has been let in: the cookie is missing, or has been taken back.",
    "403": "A change that no page of ours asked for.",
    "404": "There is no such night.",
    "413": "The body is larger than any that is wanted.",
    "424": "There is no lamp, or it may not be used.",
    "503": "The nights cannot be read at this moment.",
}
_DESCRIPTION = """\
The morning report and what is known of tonight, for programs on the same network.

A night is named by the date of its evening. Times named `_s` are Unix seconds or lengths in
seconds, `_mg` thousandths of the acceleration of gravity, `_c` degrees Celsius. Whoever is not
at the device itself sends the cookie of a phone that was let in; a change needs the form token
as well. bedside is not a medical device.
"""
_NIGHT = {
    "name": "night",
    "in": "path",
    "required": True,
    "description": "Date of the night's evening.",
    "schema": DAY,
}


def document() -> dict[str, Any]:
    """Write the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "bedside", "version": __version__, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"cookie": []}],
        "paths": {
            "/api/report/{night}": {"get": _report()},
            "/api/nights": {"get": _get("Every night on record, in order.", "Nights")},
            "/api/events/{night}": {"get": _events()},
            "/api/health": {"get": _health()},
            "/api/live": {"get": _live()},
            "/api/placing": {"get": _placing()},
            "/api/light": {"post": _light()},
            "/api/work": {"get": _get("How the long work stands, if there is any.", "Work")},
            "/api/openapi.json": {"get": _self()},
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "bedside",
                    "description": "Given to a phone that was paired or logged in; under TLS "
                    "its name is `__Host-bedside`. At the device itself none is needed.",
                }
            },
        },
    }


def openapi() -> Blueprint:
    """Make the route, to be registered with the app."""
    blueprint = Blueprint("openapi", __name__)
    answer = Answer.of(json.dumps(document(), ensure_ascii=False), "application/json")

    @blueprint.get("/api/openapi.json")
    def give() -> Response:
        return answer.to(request)

    return blueprint


def _get(
    summary: str, schema: str, *refusals: str, parameters: list[Schema] | None = None
) -> dict[str, Any]:
    """Describe an address that is read; every answer may be 401 or 503."""
    told: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": _answer(summary, schema),
            **{code: _answer(_SAID[code], "Error") for code in sorted({"401", "503", *refusals})},
        },
    }
    return told | ({"parameters": parameters} if parameters else {})


def _answer(description: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {"application/json": {"schema": reference}}}


def _query(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _report() -> dict[str, Any]:
    either = _NIGHT | {"schema": {"anyOf": [DAY, {"const": "latest"}]}}
    summary = "The morning report: figures, sentences, and marks for a drawing."
    told = _get(summary, "Report", "400", "404", parameters=[either, *_conditional()])
    told["responses"]["304"] = {"description": "It is as the one with that ETag."}
    return told


def _events() -> dict[str, Any]:
    summary = "Every movement of a night, one by one."
    told = _get(summary, "Events", "400", "404", parameters=[_NIGHT, *_conditional()])
    told["responses"]["304"] = {"description": "It is as the one with that ETag."}
    return told


def _conditional() -> list[dict[str, Any]]:
    return [
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "The ETag of an earlier answer.",
            "schema": TEXT,
        }
    ]


def _health() -> dict[str, Any]:
    told = _get("How every part fares.", "Health")
    told["responses"]["503"] = _answer("The same, while no night can be recorded.", "Health")
    return told


def _since() -> dict[str, Any]:
    whole = WHOLE | {"minimum": 0, "maximum": 999_999_999_999, "default": 0}
    return _query("since", "`seq` of the answer before; 0 at first.", whole)


def _live() -> dict[str, Any]:
    board = _query("board", "`board` of the answer before; `said` then comes only when new.", TEXT)
    summary = "What happens now; ask again after `again_s`."
    return _get(summary, "Live", "400", parameters=[_since(), board])


def _placing() -> dict[str, Any]:
    return _get("How well the sensor lies.", "Placing", "400", parameters=[_since()])


def _light() -> dict[str, Any]:
    form = an_object(
        {
            "do": {"enum": ["set", "on", "off", "night", "auto"], "default": "set"},
            "level": {"type": "integer", "minimum": 0, "maximum": 100,
                      "description": "Percent; with `set` alone."},
        },
        optional=("do", "level"),
    )  # fmt: skip
    token = {
        "name": "X-CSRF",
        "in": "header",
        "required": True,
        "description": "The token that stands in every page with a form.",
        "schema": TEXT,
    }
    refusals = ("400", "403", "413", "424")
    told = _get("Tells the night light what to do.", "Light", *refusals, parameters=[token])
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return told | {"requestBody": body}


def _self() -> dict[str, Any]:
    told = _get("This document.", "Error", parameters=_conditional())
    plain = {"application/json": {"schema": {"type": "object"}}}
    told["responses"]["200"] = {"description": "This document.", "content": plain}
    told["responses"]["304"] = {"description": "It is as the one with that ETag."}
    return told
