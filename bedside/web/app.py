"""The Flask app: what is served under which address, and what is said when nothing is."""

import logging

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from bedside import __version__
from bedside.errors import BedsideError
from bedside.web.answers import Answers
from bedside.web.api import api
from bedside.web.assets import Assets
from bedside.web.forms import Forms
from bedside.web.guard import Hosts, secure
from bedside.web.house import House
from bedside.web.pages import pages
from bedside.web.prose import prose

log = logging.getLogger(__name__)

_LARGEST_BODY_BYTES = 16 * 1024

_SAID = {
    400: ("This request could not be understood", "The address may have been cut or changed."),
    403: ("This was not asked for from here", "Open the page again and repeat it."),
    404: ("There is no such page", "The address may be mistyped, or the page has moved."),
    405: ("This page can only be read", "Nothing was changed."),
    413: ("That is too much at once", "Nothing was kept of it."),
    503: (
        "The nights cannot be read at this moment",
        "The reason is in the log. Look again in a while.",
    ),
    500: (
        "Something in bedside went wrong",
        "It has been written to the log. The recording is not affected.",
    ),
}


def make(house: House) -> Flask:
    """Make the app; see `bedside.web.create_app`."""
    app = Flask("bedside.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    assets = Assets()
    app.jinja_env.globals.update(asset=assets.address, version=__version__)
    app.jinja_env.filters["prose"] = prose

    answers = Answers()
    hosts, forms = Hosts(house.settings.trusted_hosts), Forms()
    app.jinja_env.globals["csrf"] = forms.token
    app.before_request(lambda: hosts.check(request))
    app.before_request(lambda: forms.check(request) if request.url_rule else None)
    app.after_request(secure)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(BedsideError, _fail)
    app.register_blueprint(assets.blueprint())
    app.register_blueprint(pages(house, answers))
    app.register_blueprint(api(house, answers))
    return app


def _refuse(error: HTTPException) -> Response:
    """Say what is wrong: as JSON to a program, as a page to a person, and never more than that."""
    status = error.code or 500
    title, sentence = _SAID.get(status, (error.name, "Nothing was changed."))
    if error.description and error.description != type(error).description:
        sentence = error.description  # said by one of our own pages
    if request.path.startswith("/api/"):
        text, mimetype = json.dumps({"error": f"{title}. {sentence}"}), "application/json"
    else:
        text = render_template("quiet.html", title=title, sentences=[sentence], home=True)
        mimetype = "text/html"
    response = Response(text, status, mimetype=mimetype)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _fail(error: BedsideError) -> Response:
    """Write the sentence to the log, since it may name files, and say the rest calmly."""
    log.warning("%r could not be shown: %s", request.path, error)
    return _refuse(ServiceUnavailable())
