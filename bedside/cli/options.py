"""What several commands take, and the settings they share."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bedside.config import Config

CONFIG = Path("/etc/bedside/bedside.toml")

FILE = click.Path(path_type=Path)
config_option = click.option(
    "--config", "config_path", type=FILE, metavar="FILE", help=f"The settings.  [default: {CONFIG}]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def settings_of(path: Path | None) -> "Config":
    """Give the settings of `path`; without one those of the machine, or the defaults."""
    from bedside.config import Config, load

    if path is None and not CONFIG.exists():
        return Config()
    return load(path or CONFIG)
