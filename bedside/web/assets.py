"""The style sheet and the icon, read once and held in memory.

A file that is open while a phone walks out of reach would stay open for a while.
"""

from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from bedside.web.answers import Answer

_FOLDER = Path(__file__).parent / "static"
_MIMETYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The address changes with the content, so it may be kept for ever.
_KEEP = "public, max-age=31536000, immutable"


class Assets:
    """What `static/` holds, by name."""

    def __init__(self) -> None:
        self._answers = {
            path.name: Answer.of(path.read_text(), _MIMETYPES[path.suffix])
            for path in _FOLDER.iterdir()
        }

    def address(self, name: str) -> str:
        """Where a page finds `name`."""
        return f"/static/{name}?{self._answers[name].tag}"

    def blueprint(self) -> Blueprint:
        """Make the route, to be registered with the app."""
        blueprint = Blueprint("assets", __name__)

        @blueprint.get("/static/<name>")
        def give(name: str) -> Response:
            answer = self._answers.get(name)
            if answer is None:
                raise NotFound
            response = answer.to(request)
            response.headers["Cache-Control"] = _KEEP
            return response

        return blueprint
