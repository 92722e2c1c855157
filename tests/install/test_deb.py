import re
import shutil
import subprocess
import sys

import pytest

from bedside.install import deb, release
from bedside.install.layout import CURRENT, FILES
from bedside.install.machine import Machine


@pytest.fixture
def root(tmp_path, have, house, monkeypatch):
    """What goes into the package, laid out without pip."""
    monkeypatch.setattr(release, "make", lambda machine, source: have("1.0"))
    machine = Machine(house.root)
    assert deb._lay_out(machine, tmp_path, "arm64") == "1.0"
    return house.root


def test_files_lie_where_packages_put_them(root):
    for item in FILES:
        assert (root / item.packaged.lstrip("/")).is_file()
    assert not (root / "etc/systemd").exists()
    assert not (root / "etc/bedside").exists()
    assert str((root / CURRENT.lstrip("/")).readlink()) == "releases/1.0-py"


def test_it_fits_the_python_it_was_built_with(root):
    control = (root / "DEBIAN/control").read_text()

    minor = sys.version_info[1]
    assert f"python3 (>= 3.{minor}), python3 (<< 3.{minor + 1}~)" in control
    assert "Architecture: arm64" in control
    assert "Version: 1.0" in control


@pytest.mark.parametrize("name", ["preinst", "postinst", "prerm", "postrm"])
def test_the_scripts_are_shell_without_mistakes(root, name):
    script = root / "DEBIAN" / name

    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", script], check=True)


def test_the_settings_of_a_package_are_open_to_the_house_too(root):
    text = (root / "DEBIAN/postinst").read_text()
    (command,) = re.findall(r"sed '(.*?)'", text)

    done = subprocess.run(
        ["sed", command], input='host = "127.0.0.1"\n', capture_output=True, text=True, check=True
    )
    assert done.stdout == 'host = "0.0.0.0"\n'


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")
def test_dpkg_takes_it(root, tmp_path):
    package = tmp_path / "bedside.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "--build", root, package],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True
    ).stdout

    assert "./usr/lib/systemd/system/bedside.service" in listed
