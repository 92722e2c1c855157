import pytest

from bedside.install import checks, removal
from bedside.install.layout import FILES, HOME, NIGHTS, SETTINGS


@pytest.fixture
def installed(house, monkeypatch):
    monkeypatch.setattr(checks, "check_root", lambda machine: None)
    monkeypatch.setattr(removal, "_remove_user", lambda machine: None)
    for item in FILES:
        house.write(item.here, "x")
    for place in (f"{HOME}/current", f"{NIGHTS}/bedside.db", SETTINGS):
        house.write(place, "")
    return house


def left(house):
    return {f"/{path.relative_to(house.root)}" for path in house.root.rglob("*") if path.is_file()}


def test_the_program_goes_and_the_nights_and_settings_stay(installed):
    removal.uninstall(installed, purge=False)

    assert left(installed) == {f"{NIGHTS}/bedside.db", SETTINGS}
    assert any("PURGE=1" in each for each in installed.said)
    assert any("disable --now bedside.service" in each for each in installed.commands)


def test_with_purge_all_goes(installed):
    removal.uninstall(installed, purge=True)

    assert left(installed) == set()


def test_nights_kept_elsewhere_are_left_even_then_and_said(installed):
    installed.write(SETTINGS, "[store]\nfolder = '/srv/nights'\n")
    installed.write("/srv/nights/bedside.db", "")
    removal.uninstall(installed, purge=True)

    assert left(installed) == {"/srv/nights/bedside.db"}
    assert "/srv/nights" in installed.said[-1]


def test_twice_does_no_harm(installed):
    removal.uninstall(installed, purge=True)
    removal.uninstall(installed, purge=True)

    assert installed.said[-1] == "There is no bedside here to remove."
