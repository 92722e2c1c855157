"""What many tests lean on."""

import pytest
from click.testing import CliRunner
from hypothesis import settings

from bedside import cli

# How long an example takes says more about what else the machine does.
settings.register_profile("bedside", deadline=None)
settings.load_profile("bedside")


class Answer:
    """What a command printed and how it ended; a traceback is a failed test."""

    def __init__(self, out, err, status):
        self.out, self.err, self.status = out, err, status


@pytest.fixture
def bedside(monkeypatch, capsys):
    """Call the program as a user does: `bedside("score", path)`."""

    def call(*words):
        monkeypatch.setattr("sys.argv", ["bedside", *map(str, words)])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = end.code
        out, err = capsys.readouterr()
        if isinstance(status, str):  # what sys.exit would print
            err, status = err + status, 1
        return Answer(out, err, status or 0)

    return call


@pytest.fixture
def runner():
    return CliRunner()
