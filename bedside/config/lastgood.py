"""A copy of the last settings file that could be read: a typo in the evening costs no night."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from bedside.errors import ConfigError

if TYPE_CHECKING:
    from bedside.config import Config

NAME = "last-good.toml"


def state_folder() -> Path | None:
    """Give the folder that systemd lets the service keep things in; None outside of it."""
    folder = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(folder) if folder else None


def load_or_last_good(path: Path, folder: Path | None) -> tuple["Config", tuple[str, ...]]:
    """Read the settings file, or where it cannot be used the copy of the last one that could.

    Parameters
    ----------
    folder : where the copy lies; None: there is none, and none is made.

    Returns
    -------
    config, problems : problems are a sentence for each fault of the file; none: all is well.

    Raises
    ------
    ConfigError : the file cannot be used, and there is no copy that can.
    """
    from bedside.config import Origin, load

    try:
        config = load(path)
    except ConfigError as error:
        if folder is None:
            raise
        try:
            kept = load(folder / NAME)
        except ConfigError:
            raise error from None
        # What nobody has just confirmed lights no lamp by itself; a hand still can.
        dark = attrs.evolve(
            kept.light, path=False, soothe=False, bedtime="", lights_out="", alarm=""
        )
        return attrs.evolve(kept, light=dark, origin=Origin(path)), tuple(error.problems)
    if folder is not None:
        keep(path, folder)
    return config, ()


def keep(path: Path, folder: Path) -> None:
    """Copy a file that could be read; a disk that refuses it is told elsewhere and often enough."""
    copy, new = folder / NAME, folder / f"{NAME}.new"
    try:
        text = path.read_bytes()
        if copy.exists() and copy.read_bytes() == text:
            return
        with new.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(copy)
    except OSError:
        return
