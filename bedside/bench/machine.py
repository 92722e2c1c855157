"""Where a figure was measured."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import bedside

_CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, str]:
    """Return the names of machine, processor and versions that figures depend on."""
    return {
        "machine": platform.node(),
        "processor": _processor(),
        "cores": str(os.cpu_count() or 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "bedside": bedside.__version__,
        **{name: _version(name) for name in ("numpy", "obspy", "scipy")},
    }


def _processor() -> str:
    lines = _CPU_INFO.read_text().splitlines() if _CPU_INFO.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
