"""Puts a version in force, and goes back to the one before if it does not come up healthy."""

import json
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import InstallError
from bedside.install import checks, database, packages, release, settings, system
from bedside.install.closing import farewell
from bedside.install.layout import CURRENT, SETTINGS, TRIAL
from bedside.install.machine import Machine, last_words
from bedside.install.release import Release
from bedside.install.watch import Look, Watch


@dataclass(frozen=True, slots=True)
class Trial:
    """A version that has been put in force and has still to prove itself.

    before  the version to go back to; None when it is the first
    copy    the database as that one knew it; None when nothing changes its form
    """

    release: Release
    before: Release | None
    copy: Path | None


def install(machine: Machine, source: Path, watch: Watch) -> None:
    """Install the source, or bring what is here up to it; safe to say again at any time.

    Raises
    ------
    InstallError : it cannot be, or it did not come up; what was there before is in force then.
    """
    checks.check(machine, source)
    _finish_what_broke_off(machine, watch)
    if not machine.staged:
        packages.provide(machine)
    before = release.current(machine)
    made = release.make(machine, source)
    _check_settings(machine, made)
    _put_in_force(machine, Trial(made, before, None), watch)
    reboot = system.turn_on_i2c(machine) if not machine.staged else False
    farewell(machine, made, before, reboot=reboot)


def upgrade(machine: Machine, source: Path, watch: Watch) -> None:
    """Install a newer version over an older one; InstallError where there is none."""
    checks.check_root(machine)
    if not machine.path(CURRENT).is_symlink():
        raise InstallError("there is no bedside here to upgrade: `sudo make install` brings one")
    install(machine, source, watch)


def _put_in_force(machine: Machine, trial: Trial, watch: Watch) -> None:
    made, before = trial.release, trial.before
    alive = system.runs(machine)
    looked = watch.look() if alive and before else None
    if alive and before and before.stamp != made.stamp:
        system.stop(machine)
        try:
            trial = Trial(made, before, database.keep(machine, made))
        except InstallError:
            system.start(machine)
            raise
    _note(machine, trial)
    changed = _switch(machine, made)
    if alive and machine.do("start bedside and see whether it is healthy"):
        if before == made and not changed and looked and looked.active:
            machine.say("It runs already, and nothing has changed.")
        else:
            if before == made:
                system.stop(machine)
            _prove(machine, trial, watch, looked)
    machine.remove(TRIAL)
    release.prune(machine, {each.stamp for each in (made, before) if each})


def _prove(machine: Machine, trial: Trial, watch: Watch, looked: Look | None) -> None:
    """See the version come up; if it does not, go back to the one before."""
    usual = looked if looked and looked.active else None
    machine.say(f"Starting bedside {trial.release.version}.")
    wrong = watch.trouble(trial.release.version, usual)
    if wrong is None:
        return
    if trial.before is None or trial.before == trial.release:
        machine.remove(TRIAL)
        raise InstallError(
            f"bedside {trial.release.version} is installed and does not come up: {wrong}; mend"
            " that and say the same again; `journalctl -u bedside -n 50` tells more"
        )
    _go_back(machine, trial, watch)
    raise InstallError(
        f"bedside {trial.release.version} did not come up healthy ({wrong}), so version"
        f" {trial.before.version} is in force again, with its nights and settings"
    )


def _go_back(machine: Machine, trial: Trial, watch: Watch) -> None:
    """Put the version before in force again, with the database that it knows."""
    if trial.before is None:
        return
    system.stop(machine)
    if trial.copy is not None:
        database.put_back(machine, trial.copy)
    _switch(machine, trial.before)
    wrong = watch.trouble(trial.before.version, None)
    machine.remove(TRIAL)
    release.prune(machine, {trial.before.stamp})
    if wrong is not None:
        raise InstallError(
            f"bedside {trial.release.version} did not come up, and neither does"
            f" {trial.before.version} any more: {wrong}; `journalctl -u bedside -n 50` tells more"
        )


def _switch(machine: Machine, made: Release) -> bool:
    """Put a version's files in place and point to it; whether any file of the system changed."""
    settings.lay(machine, machine.path(made.share) / "bedside.toml")
    changed = system.put(machine, made)
    machine.link(CURRENT, f"releases/{made.stamp}")
    if not machine.staged:
        system.prepare(machine)
        system.enable(machine)
    return changed


def _check_settings(machine: Machine, made: Release) -> None:
    """Refuse settings that the version cannot use, before anything is stopped for it."""
    file = machine.path(SETTINGS)
    if not file.is_file() or machine.dry:
        return
    python = machine.path(made.python)
    answer = machine.ask(python, "-I", "-m", "bedside", "config", "check", "--config", file)
    if answer.status:
        machine.say(answer.out.strip())
        raise InstallError(
            f"the settings have mistakes, named above: mend {SETTINGS} and say the same again;"
            " what ran goes on as it was"
            if answer.status == 1
            else f"the new version cannot read the settings: {last_words(answer.out)}"
        )


def _note(machine: Machine, trial: Trial) -> None:
    """Write down what is on trial, in case the power fails before it is over."""
    told = {
        "release": trial.release.stamp,
        "before": trial.before.stamp if trial.before else None,
        "copy": str(trial.copy) if trial.copy else None,
    }
    machine.write(TRIAL, json.dumps(told))


def _finish_what_broke_off(machine: Machine, watch: Watch) -> None:
    """Judge a version whose trial was cut short, by a power cut or by closing the terminal."""
    try:
        told = json.loads(machine.path(TRIAL).read_text())
        stamps = told["release"], told["before"]
        copy = Path(told["copy"]) if told["copy"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return
    on_trial, before = (release.find(machine, stamp) if stamp else None for stamp in stamps)
    if not (system.runs(machine) and on_trial and before and release.current(machine) == on_trial):
        return
    if not machine.do("see whether the version whose trial broke off is healthy"):
        return
    machine.say("An upgrade broke off here; looking whether its version is healthy.")
    if watch.trouble(on_trial.version, None) is not None:
        _go_back(machine, Trial(on_trial, before, copy), watch)
