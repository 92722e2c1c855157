"""The Flask app: what is served under which address, and what is said when nothing is."""

import logging

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from bedside import __version__
from bedside.errors import BedsideError
from bedside.web.answers import Answers
from bedside.web.api import api
from bedside.web.assets import Assets
from bedside.web.compare import compare
from bedside.web.diary import diary
from bedside.web.doctor import doctor
from bedside.web.doors import doors
from bedside.web.event import event
from bedside.web.events import events
from bedside.web.export import export, work
from bedside.web.forms import Forms
from bedside.web.guard import Hosts, secure
from bedside.web.health_page import health_page
from bedside.web.house import House
from bedside.web.lighting import lighting
from bedside.web.live import live
from bedside.web.metrics import Readers, metrics
from bedside.web.moments import Moments
from bedside.web.navigation import tabs
from bedside.web.nights import nights
from bedside.web.openapi import openapi
from bedside.web.pages import pages
from bedside.web.phones import phones
from bedside.web.placing import placing
from bedside.web.proxies import Proxies
from bedside.web.settings_page import settings_page
from bedside.web.speech import speak
from bedside.web.theme import Themes
from bedside.web.trend import trends
from bedside.web.visitors import Doorkeeper

log = logging.getLogger(__name__)

_LARGEST_BODY_BYTES = 16 * 1024

_SAID = {
    400: ("This request could not be understood", "The address may have been cut or changed."),
    401: ("This needs a login", "Open /login in a browser, and see /phones there."),
    403: ("This was not asked for from here", "Open the page again and repeat it."),
    404: ("There is no such page", "The address may be mistyped, or the page has moved."),
    405: ("This page can only be read", "Nothing was changed."),
    424: ("The light cannot be set now", "Nothing was changed."),
    409: ("Not at the same time", "Nothing was changed."),
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
    app.jinja_env.globals.update(style=assets.style, tabs=tabs)
    speak(app)

    themes, moments = Themes(house), Moments(house)
    app.context_processor(lambda: {"theme": themes.now()})
    answers = Answers(themes.now)
    readers = Readers(house.settings.metrics_from)
    _guard(app, house, assets.style_hash, readers)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(BedsideError, _fail)
    app.register_blueprint(assets.blueprint())
    app.register_blueprint(doors(house))
    app.register_blueprint(phones(house))
    app.register_blueprint(pages(house, answers))
    for page in (nights, trends, compare, diary):
        app.register_blueprint(page(house))
    app.register_blueprint(api(house, answers))
    app.register_blueprint(events(house))
    app.register_blueprint(event(house))
    app.register_blueprint(export(house))
    app.register_blueprint(work(house))
    app.register_blueprint(live(house, moments, themes))
    app.register_blueprint(placing(house, themes))
    app.register_blueprint(lighting(house, moments))
    app.register_blueprint(themes.blueprint())
    app.register_blueprint(doctor(house, answers))
    app.register_blueprint(health_page(house))
    app.register_blueprint(settings_page(house))
    app.register_blueprint(openapi())
    if house.settings.metrics_from:
        app.register_blueprint(metrics(house, readers))
    return app


def _guard(app: Flask, house: House, style_hash: str, readers: Readers) -> None:
    """Ask of every request, whatever it is for: under our name, by whom, from a page of ours."""
    hosts, forms = Hosts(house.settings.trusted_hosts), Forms(house.access)
    keeper = Doorkeeper(house.access)
    app.wsgi_app = Proxies(app.wsgi_app, house.settings.proxy)  # type: ignore[method-assign]
    app.jinja_env.globals["csrf"] = forms.token
    app.before_request(lambda: hosts.check(request))
    app.before_request(lambda: keeper.greet(request))
    app.before_request(lambda: None if readers.admits(request) else keeper.check(request))
    app.before_request(lambda: forms.check(request) if request.url_rule else None)
    app.after_request(lambda response: keeper.see_off(request, response))
    app.after_request(lambda response: secure(response, style_hash))


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
    """Write the sentence to the log, since it may name files, and say the rest calmly.

    The rule is written, not the address: that of a pairing link lets somebody in.
    """
    log.warning("%s could not be shown: %s", request.url_rule, error)
    return _refuse(ServiceUnavailable())
