"""`sudo make install`: `python3 -m bedside.install install|upgrade|uninstall|deb`."""

import sys

# An older Python cannot even read the rest, so it has to hear why before that is imported.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "bedside needs Python 3.11 or newer, and %s is %d.%d: upgrade the system to Debian 12 or"  # noqa: UP031
        " newer, or name another one: make install PYTHON=python3.12"
        % (sys.executable, sys.version_info[0], sys.version_info[1])
    )

from bedside.install.command import main

if __name__ == "__main__":
    main(sys.argv[1:])
