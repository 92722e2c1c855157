"""The settings in force, each with its manual and where it comes from, for the page."""

from typing import TYPE_CHECKING, Any

import attrs

from bedside.config.manual import heading
from bedside.config.words import allowed, as_toml
from bedside.settings import Reload, SettingsTold, SettingTold

if TYPE_CHECKING:
    from bedside.config import Config


def told(config: "Config", reload: Reload | None = None) -> SettingsTold:
    """Tell every setting of `config`, and what came of the file's last reload."""
    from bedside.config import sections

    found = sections()
    return SettingsTold(
        file=str(config.origin.file) if config.origin.file else None,
        sections=tuple((name, heading(made)) for name, made in found.items()),
        settings=tuple(
            _setting(config, name, attribute)
            for name, made in found.items()
            for attribute in attrs.fields(made)
        ),
        reload=reload,
    )


def _setting(config: "Config", section: str, attribute: "attrs.Attribute[Any]") -> SettingTold:
    limits = allowed(attribute)
    return SettingTold(
        section=section,
        name=attribute.name,
        value=as_toml(getattr(getattr(config, section), attribute.name)),
        default=as_toml(attribute.default),
        unit=attribute.metadata["unit"],
        sentence=attribute.metadata["doc"] + (f" ({limits})" if limits else ""),
        line=config.origin.lines.get((section, attribute.name)),
    )
