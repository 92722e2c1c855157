"""Style sheets, scripts and icons, read once and held in memory.

The sheet that every page has stands in the page itself: the first paint waits for no second
answer. A file that is open while a phone walks out of reach would stay open for a while.
"""

import base64
import hashlib
import re
from pathlib import Path

from flask import Blueprint, Response, json, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from bedside.web.answers import Answer

_FOLDER = Path(__file__).parent / "static"
_EVERYWHERE = "style.css"
_MIMETYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_APP = {
    "name": "bedside",
    "short_name": "bedside",
    "description": "The night as the bed felt it.",
    "id": "/",
    "start_url": "/",
    "scope": "/",
    "display": "standalone",
    "background_color": "#14110e",
    "theme_color": "#14110e",
    "lang": "en",
}
_ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "maskable"),
)
# The address changes with the content, so it may be kept for ever.
_KEEP = "public, max-age=31536000, immutable"


class Assets:
    """What `static/` holds, by name.

    style       the sheet that stands in every page
    style_hash  by which the pages' policy lets it in
    """

    def __init__(self) -> None:
        self._answers = {path.name: _read(path) for path in _FOLDER.iterdir()}
        self.style = Markup(minified((_FOLDER / _EVERYWHERE).read_text()))
        digest = hashlib.sha256(self.style.encode()).digest()
        self.style_hash = f"sha256-{base64.b64encode(digest).decode()}"

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

        @blueprint.get("/manifest.webmanifest")
        def manifest() -> Response:
            return Answer.of(self._manifest(), "application/manifest+json").to(request)

        return blueprint

    def _manifest(self) -> str:
        """Say how bedside looks among the apps of a phone."""
        icons = [
            {"src": self.address(name), "sizes": sizes, "type": mimetype, "purpose": purpose}
            for name, sizes, mimetype, purpose in _ICONS
        ]
        return json.dumps({**_APP, "icons": icons})


def minified(css: str) -> str:
    """Leave out what only people need: comments, and space that separates nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").replace(": ", ":").strip()


def _read(path: Path) -> Answer:
    mimetype = _MIMETYPES[path.suffix]
    return Answer.of_bytes(path.read_bytes(), mimetype)
