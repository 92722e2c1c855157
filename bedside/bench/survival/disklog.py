"""What a program wrote to a folder, as the kernel saw it, and what a loss of power leaves of it.

Until it is told to sync, a disk may have taken of what was written anything or nothing, in any
order, and of a write the one sector and not the next.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

SECTOR_BYTES = 512
CALLS = "pwrite64,ftruncate,fsync,fdatasync,unlink,rename"

_LINE = re.compile(
    r"^\d+ +(\w+)\("
    r'(?:\d+<([\\xa-f\d]*)>|"([\\xa-f\d]*)")'
    r'(?:, "([\\xa-f\d]*)")?'
    r"((?:, \d+)*)\) = (\d+)"
)


class Event(NamedTuple):
    """One call: the file's name, the bytes written or the new name, and the offset or length."""

    call: str
    name: str
    data: bytes
    number: int


class TraceRefused(Exception):
    """Nobody may look at the calls of a program on this machine."""


def traced(command: Sequence[str], folder: Path, log: Path) -> list[Event]:
    """Run a command under strace; return its calls on the files of `folder`, in order.

    Raises
    ------
    TraceRefused : there is no strace, or it may not.
    """
    if shutil.which("strace") is None:
        raise TraceRefused("strace is not installed")
    strace = ["strace", "-f", "-y", "-xx", "-s", "65536", "-o", str(log), "-e", f"trace={CALLS}"]
    ran = subprocess.run([*strace, *command], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise TraceRefused(f"strace failed: {ran.stderr.strip()}")
    with log.open(encoding="ascii") as lines:
        return list(_events(lines, folder.resolve()))


def _events(lines: Iterator[str], folder: Path) -> Iterator[Event]:
    for line in lines:
        found = _LINE.match(line)
        if found is None:
            continue
        call, of_fd, of_name, data, numbers, result = found.groups()
        path = Path(_bytes(of_fd or of_name).decode())
        written = _bytes(data or "")
        if path.parent != folder:
            continue
        if call == "pwrite64" and len(written) != int(result):
            raise TraceRefused(f"a write of {result} bytes was recorded as {len(written)}")
        yield Event(call, path.name, written, int(numbers.split(", ")[-1] or 0))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


@dataclass(slots=True)
class File:
    """What of a file is on the disk for sure, and what was written since."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Event] = field(default_factory=list)

    def sync(self) -> None:
        """Take all that was written as safe."""
        for event in self.loose:
            _apply(self.safe, event)
        self.loose.clear()

    def left(self, fate: Literal["none", "all", "some"], dice: Random) -> bytes:
        """Return what a loss of power leaves: of what was not synced none, all (torn), or some."""
        image = bytearray(self.safe)
        if fate == "all":
            for event in self.loose[:-1]:
                _apply(image, event)
        for event in {"none": [], "all": self.loose[-1:], "some": self.loose}[fate]:
            for part in _sectors(event):
                if dice.random() < 0.5:
                    _apply(image, part)
        return bytes(image)


class Disk:
    """The files of a folder as the calls change them."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def take(self, event: Event) -> None:
        """Let one call happen."""
        if event.call == "unlink":
            self.files.pop(event.name, None)
        elif event.call == "rename":
            self.files[Path(event.data.decode()).name] = self.files.pop(event.name)
        elif event.call in ("fsync", "fdatasync"):
            self.files.setdefault(event.name, File()).sync()
        else:
            self.files.setdefault(event.name, File()).loose.append(event)


def _apply(image: bytearray, event: Event) -> None:
    if event.call == "ftruncate":
        del image[event.number :]
        image.extend(bytes(event.number - len(image)))
        return
    end = event.number + len(event.data)
    image.extend(bytes(max(0, end - len(image))))
    image[event.number : end] = event.data


def _sectors(event: Event) -> Iterator[Event]:
    """Cut a write where the disk may tear it; what else there is happens whole or not."""
    if event.call != "pwrite64":
        yield event
        return
    first, at = event.number, 0
    while at < len(event.data):
        length = SECTOR_BYTES - (first + at) % SECTOR_BYTES
        yield event._replace(data=event.data[at : at + length], number=first + at)
        at += length
