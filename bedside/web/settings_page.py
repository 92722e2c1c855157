"""Settings: what is in force, and where it comes from; they are changed in the file alone."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, render_template

from bedside.settings import Reload, SettingTold
from bedside.web.house import House

USUAL_FILE = "/etc/bedside/bedside.toml"
_SECRET = ("password", "secret", "token")


def settings_page(house: House) -> Blueprint:
    """Make the page, to be registered with the app."""
    blueprint = Blueprint("settings", __name__)

    @blueprint.get("/settings")
    def show() -> str:
        told = house.settings_told()
        changed = [each for each in told.settings if each.changed]
        return render_template(
            "settings.html",
            told=told,
            file=told.file or USUAL_FILE,
            changed=changed,
            sections=[
                (name, sentence, [each for each in told.settings if each.section == name])
                for name, sentence in told.sections
            ],
            shown=shown,
            default=lambda setting: shown(replace(setting, value=setting.default)),
            reload=told.reload,
            read_at=None if told.reload is None else _when(house, told.reload),
        )

    return blueprint


def shown(told: SettingTold) -> str:
    """Write a value with its unit; one that is secret is only said to be there."""
    if any(part in told.name for part in _SECRET) and told.changed:
        return "set, not shown"
    value = told.value.strip('"') if told.value != '""' else "empty"
    value = {"true": "yes", "false": "no"}.get(value, value)
    return f"{value} {told.unit}".rstrip()


def _when(house: House, reload: Reload) -> str:
    return f"{datetime.fromtimestamp(reload.at_s, house.nights.zone):%Y-%m-%d %H:%M:%S}"
