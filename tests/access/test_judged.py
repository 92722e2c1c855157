"""What the daemon tells when its doors are not in order."""

import threading
from datetime import UTC

import attrs
import pytest

from bedside import hardware
from bedside.config import Config
from bedside.daemon import Bedside


@pytest.fixture
def begun(tmp_path):
    """Make a bedside with the given settings of its page."""
    made = []

    def begin(**web):
        plain = Config()
        config = attrs.evolve(
            plain,
            store=attrs.evolve(plain.store, folder=str(tmp_path), min_free_mb=0),
            web=attrs.evolve(plain.web, port=0, **web),
        )
        made.append(Bedside(config, hardware.simulated("quiet", 3, UTC), threading.Event()))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def faults(bedside):
    bedside.write()
    return {fault.part: fault.sentence for fault in bedside.health.faults()}


def test_when_all_is_well_nothing_is_told(begun, tmp_path):
    bedside = begun()

    assert not {"access", "certificate"} & faults(bedside).keys()
    assert (tmp_path / "access.db").exists()


def test_a_broken_file_of_phones_is_told_and_the_night_goes_on(begun, tmp_path):
    (tmp_path / "access.db").write_bytes(b"broken" * 1000)

    told = faults(begun())["access"]

    assert "access.db.unreadable-" in told
    assert "bedside pair" in told


def test_one_that_cannot_be_opened_is_told_until_it_can(begun, tmp_path):
    (tmp_path / "access.db").mkdir()
    bedside = begun()
    assert "access.db" in faults(bedside)["access"]

    (tmp_path / "access.db").rmdir()

    assert "access" not in faults(bedside)


def test_a_certificate_that_is_missing_is_told_and_the_night_goes_on(begun, tmp_path):
    bedside = begun(certificate=str(tmp_path / "c.pem"), key=str(tmp_path / "k.pem"))

    assert "there is no file" in faults(bedside)["certificate"]
    assert bedside.server.url.startswith("https://")
