"""What a backup holds: a tar file whose first member says what the others are."""

import hashlib
import json
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from bedside.errors import BackupError

MANIFEST, NIGHTS, PHONES, SETTINGS = "manifest.json", "bedside.db", "access.db", "bedside.toml"
FORMAT = 1

_LARGEST_MANIFEST_BYTES = 64 * 1024
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first member.

    format    of the file; one that is higher than FORMAT is not understood
    version   of the bedside that made it
    made_wall when, Unix s
    raw       whether the raw samples are in it
    parts     size in bytes and SHA-256 of each other member
    """

    format: int
    version: str
    made_wall: float
    raw: bool
    parts: dict[str, tuple[int, str]]

    def as_bytes(self) -> bytes:
        """Write it."""
        return json.dumps(asdict(self), indent=1).encode()


def digest(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            whole.update(chunk)
    return path.stat().st_size, whole.hexdigest()


def read_manifest(path: Path, tar: tarfile.TarFile) -> Manifest:
    """Read the first member.

    Raises
    ------
    BackupError : it is no backup, or one of a newer bedside.
    """
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg():
        raise strange(path)
    if first.size > _LARGEST_MANIFEST_BYTES:
        raise strange(path)
    file = tar.extractfile(first)
    assert file is not None
    try:
        told: dict[str, Any] = json.loads(file.read())
        parts = {str(name): (int(size), str(sha)) for name, (size, sha) in told["parts"].items()}
        manifest = Manifest(
            int(told["format"]), str(told["version"]), float(told["made_wall"]),
            bool(told["raw"]), parts,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise strange(path) from error
    if manifest.format > FORMAT:
        raise BackupError(
            f"{path} was made by a newer bedside ({manifest.version}); install that version first"
        )
    if not manifest.parts.keys() <= {NIGHTS, PHONES, SETTINGS} or NIGHTS not in manifest.parts:
        raise strange(path)
    return manifest


def copy(source: IO[bytes], target: Path, size: int) -> str:
    """Write `size` bytes into a new file that its owner alone may read; give their SHA-256."""
    whole, left = hashlib.sha256(), size
    target.touch(mode=0o600, exist_ok=False)
    with target.open("r+b") as file:
        while left and (chunk := source.read(min(left, _CHUNK_BYTES))):
            file.write(chunk)
            whole.update(chunk)
            left -= len(chunk)
    return whole.hexdigest()


def strange(path: Path) -> BackupError:
    """Say that a file is something else."""
    return BackupError(f"{path} is no backup of bedside; name a file that `bedside backup` wrote")
