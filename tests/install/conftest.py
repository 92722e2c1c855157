"""A machine that is a folder, and a systemd that is a few lines."""

import json

import pytest

from bedside.clock import SteppedClock
from bedside.install import release as releases
from bedside.install import system
from bedside.install.layout import CURRENT, FILES, RELEASES, UNIT
from bedside.install.machine import Answer, Machine
from bedside.install.release import Release
from bedside.install.watch import Watch

MANUAL = '[sensor]\nbus = 1\n[web]\nport = 8080\nhost = "127.0.0.1"\n'


class House(Machine):
    """Every command is written down, and answered as `answers` has it: by how it begins."""

    staged = False

    def __init__(self, root, **options):
        super().__init__(root, **options)
        self.commands, self.said = [], []
        self.answers = {}
        self.running = self.good = None
        self.enabled = False

    def say(self, sentence):
        self.said.append(sentence)

    def ask(self, *command, env=None, timeout_s=60.0):
        words = " ".join(map(str, command))
        self.commands.append(words)
        for begin, answer in self.answers.items():
            if words.startswith(begin):
                return answer(words) if callable(answer) else answer
        if words.startswith("systemctl"):
            return self._systemctl(words.split()[1], words.split()[-1])
        return Answer(0, "")

    def _systemctl(self, verb, unit):
        if verb == "start" and unit != UNIT:
            return Answer(0, "")
        version = releases.current(self)
        if verb == "stop":
            self.running = None
        if verb == "enable":
            self.enabled = True
        if verb == "start":
            self.running = version.version if version and self.good(version.version) else None
            return Answer(0 if self.running else 1, "")
        if verb == "show":
            state = "active" if self.running else "failed"
            return Answer(0, f"ActiveState={state}\nMainPID=7\nNRestarts=0\nStatusText=fine\n")
        return Answer(0, "")


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A machine that systemd runs, and on which every version comes up."""
    made = House(tmp_path / "root")
    made.root.mkdir()
    made.good = lambda _version: True
    monkeypatch.setattr(system, "runs", lambda machine: not machine.dry)
    return made


@pytest.fixture
def watch(house, monkeypatch):
    def page(_port):
        return {"version": house.running, "faults": []} if house.running else {}

    monkeypatch.setattr("bedside.install.watch._page", page)
    return Watch(house, SteppedClock())


@pytest.fixture
def have(house):
    """Give the machine a complete version, without pip."""

    def have(version, manual=MANUAL):
        made = Release(f"{version}-py", version)
        share = house.path(made.share)
        for item in FILES:
            (share / item.source).parent.mkdir(parents=True, exist_ok=True)
            (share / item.source).write_text(f"{item.source} of {version}\n<port>1</port>\n")
        (share / "bedside.toml").write_text(manual)
        note = house.path(f"{RELEASES}/{made.stamp}/release.json")
        note.write_text(json.dumps({"version": version}))
        return made

    return have


@pytest.fixture
def in_force(house):
    """Tell which version the link points to."""
    return lambda: house.path(CURRENT).readlink().name
