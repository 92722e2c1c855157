"""The doors: by password, by the link of `bedside pair`, and out again."""

from math import ceil

from flask import Blueprint, Response, redirect, render_template, request

from bedside.access import Access
from bedside.web.house import House
from bedside.web.language import N_
from bedside.web.phones import kind_of
from bedside.web.visitors import forget, remember, visitor, way_back

_WRONG = N_("That is not the password.")


def doors(house: House) -> Blueprint:
    """Make what strangers may open, and the way out, to be registered with the app."""
    blueprint = Blueprint("doors", __name__)
    _by_password(blueprint, house.access)
    _by_link(blueprint, house.access)

    @blueprint.post("/logout")
    def leave() -> Response:
        session = visitor().session
        if session is not None:
            house.access.revoke(session.id)
        response = _go("/login")
        forget(request, response)
        return response

    return blueprint


def _by_password(blueprint: Blueprint, access: Access) -> None:
    def door(status: int, wrong: str = "", wait_s: int = 0) -> Response:
        text = render_template(
            "login.html",
            password=access.has_password(),
            next=way_back(request.values.get("next", "/")),
            wrong=wrong,
            wait_s=wait_s,
        )
        return Response(text, status, mimetype="text/html")

    @blueprint.get("/login")
    def login() -> Response:
        return _go(way_back(request.args.get("next", "/"))) if visitor().known else door(200)

    @blueprint.post("/login")
    def enter() -> Response:
        given = request.form.get("password", "")
        verdict = access.admit(request.remote_addr or "", given, _label())
        if isinstance(verdict, float):
            response = door(429, wait_s=ceil(verdict))
            response.headers["Retry-After"] = str(ceil(verdict))
            return response
        if verdict is None:
            return door(403, _WRONG)
        return _let_in(verdict, way_back(request.form.get("next", "/")))


def _by_link(blueprint: Blueprint, access: Access) -> None:
    # A messenger that shows a preview opens the link too: opening it alone uses nothing up.
    @blueprint.get("/pair/<token>")
    def pair(token: str) -> Response:
        if visitor().session is not None:
            return _quiet(
                200,
                N_("This phone is let in already"),
                N_("The link has not been used: it is still good for another phone."),
            )
        if not access.invited(token):
            return _stale()
        return Response(render_template("pair.html", label=_label()), mimetype="text/html")

    @blueprint.post("/pair/<token>")
    def accept(token: str) -> Response:
        made = access.accept(token, _label())
        return _stale() if made is None else _let_in(made, "/")


def _label() -> str:
    return kind_of(request.headers.get("User-Agent", ""))


def _let_in(token: str, target: str) -> Response:
    response = _go(target)
    remember(request, response, token)
    return response


def _go(target: str) -> Response:
    return redirect(target, 303)  # type: ignore[return-value]


def _stale() -> Response:
    return _quiet(
        410,
        N_("This link is no good any more"),
        N_("Each link lets in one phone, once, within ten minutes."),
        N_("Run `bedside pair` on the device again and scan what it prints."),
        home=False,
    )


def _quiet(status: int, title: str, *sentences: str, home: bool = True) -> Response:
    text = render_template("quiet.html", title=title, sentences=sentences, home=home)
    return Response(text, status, mimetype="text/html")
