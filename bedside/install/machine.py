"""What the installer does to a machine goes through here: files, commands, and words."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bedside.errors import InstallError


class Answer(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str


class Machine:
    """The machine under `root`; with `dry`, what would be done is only said.

    Parameters
    ----------
    root : "/" for this machine; any other folder is filled and nothing in it is started.
    """

    def __init__(self, root: Path = Path("/"), *, dry: bool = False) -> None:
        self.root, self.dry = root, dry

    @property
    def staged(self) -> bool:
        """Whether only files are laid out, for a package or an image."""
        return self.root != Path("/")

    def path(self, absolute: str | Path) -> Path:
        """Where `/absolute` of the machine lies."""
        return self.root / str(absolute).lstrip("/")

    def say(self, sentence: str) -> None:
        """Tell the person at the screen; one who has gone does not break anything off."""
        try:
            sys.stdout.write(f"{sentence}\n")
            sys.stdout.flush()
        except OSError:
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  it lasts as long as we do

    def do(self, what: str) -> bool:
        """Whether to go on and do it; in a dry run it is only said."""
        if self.dry:
            self.say(f"would {what}")
        return not self.dry

    def ask(
        self, *command: str | Path, env: Mapping[str, str] | None = None, timeout_s: float = 60.0
    ) -> Answer:
        """Run a command that changes nothing; 127 when it is not there, 124 when it hangs."""
        words = [str(word) for word in command]
        try:
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env={**os.environ, **(env or {})},
                timeout=timeout_s,
                check=False,
            )
        except OSError as error:
            return Answer(127, str(error))
        except subprocess.TimeoutExpired:
            return Answer(124, f"`{' '.join(words)}` took longer than {timeout_s:g} s")
        return Answer(done.returncode, done.stdout)

    def run(
        self, *command: str | Path, env: Mapping[str, str] | None = None, timeout_s: float = 1800.0
    ) -> Answer:
        """Run a command that changes something, and say how it ended."""
        if not self.do(f"run {' '.join(map(str, command))}"):
            return Answer(0, "")
        return self.ask(*command, env=env, timeout_s=timeout_s)

    def must(self, *command: str | Path, why: str, env: Mapping[str, str] | None = None) -> Answer:
        """Run a command that has to succeed.

        Raises
        ------
        InstallError : it did not; says `why` it was needed, and its last words.
        """
        answer = self.run(*command, env=env)
        if answer.status:
            raise InstallError(f"{why}: `{Path(command[0]).name}` says: {last_words(answer.out)}")
        return answer

    def write(self, absolute: str, text: str, mode: int = 0o644) -> bool:
        """Write a file unless it is so already; whether it was another."""
        path = self.path(absolute)
        if path.is_file() and not path.is_symlink() and path.read_text() == text:
            return False
        if self.do(f"write {absolute}"):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.new")
            fresh.write_text(text)
            fresh.chmod(mode)
            fresh.replace(path)
        return True

    def remove(self, absolute: str | Path) -> bool:
        """Remove a file, a link or a folder with all that is in it; whether it was there."""
        path = self.path(absolute)
        if not path.exists() and not path.is_symlink():
            return False
        if self.do(f"remove {absolute}"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        return True

    def link(self, absolute: str, target: str) -> None:
        """Point a symbolic link somewhere else, in one step that cannot be seen half done."""
        path = self.path(absolute)
        if self.do(f"point {absolute} to {target}"):
            fresh = path.with_name(f".{path.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(target)
            fresh.replace(path)


def last_words(out: str) -> str:
    """Give the last line of what a command printed that says something."""
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "e:"))]
    return (telling or lines or ["nothing"])[-1]
