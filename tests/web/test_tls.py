"""The certificate and what can be wrong with it."""

import os
import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bedside.web.tls import Certificate

DAY_S = 86_400.0

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


def make(folder, days=30, name="bedside.local", kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
    folder.mkdir(exist_ok=True)
    words = ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", str(days)]
    words += ["-subj", f"/CN={name}", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return make(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return make(tmp_path_factory.mktemp("other"))


@pytest.fixture
def files(pair, tmp_path):
    """A pair that a test may spoil."""
    return [Path(shutil.copy(path, tmp_path)) for path in pair]


def now():
    return datetime.now(UTC).timestamp()  # noqa: TID251 openssl has no clock but this


def test_a_good_one_has_no_trouble(pair):
    certificate = Certificate(*map(str, pair))

    assert certificate.trouble(now()) == ""
    assert certificate.context().minimum_version == ssl.TLSVersion.TLSv1_2


def test_one_of_the_older_kind_will_do(tmp_path):
    pair = make(tmp_path, kind=("rsa:2048",))

    assert Certificate(*map(str, pair)).trouble(now()) == ""


@pytest.mark.parametrize("days", [30, 36_500])  # beyond 2050 the time is written in another way
def test_its_end_is_told(tmp_path, days):
    certificate = Certificate(*map(str, make(tmp_path, days)))
    end_s = now() + days * DAY_S

    assert certificate.trouble(end_s - DAY_S) == ""
    assert "ended on" in certificate.trouble(end_s + DAY_S)
    assert f"{datetime.fromtimestamp(end_s, UTC):%Y-%m}" in certificate.trouble(end_s + DAY_S)
    assert certificate.context() is not None  # a browser that warns is better than no page


def test_before_its_time_it_is_told(pair):
    assert "begins only on" in Certificate(*map(str, pair)).trouble(now() - 10 * DAY_S)


def test_nothing_is_said_of_its_time_while_that_is_not_known(pair):
    assert Certificate(*map(str, pair)).trouble(None) == ""


def faults(files, other):
    certificate, key = files
    yield "there is no file", certificate.unlink
    yield "there is no file", key.unlink
    yield "does not fit", lambda: shutil.copy(other[1], key)
    yield "does not fit", lambda: shutil.copy(other[0], certificate)
    yield "is no certificate in PEM", lambda: certificate.write_text("hello")
    yield "is no certificate in PEM", lambda: certificate.write_bytes(bytes(range(256)))
    yield "is no certificate in PEM", lambda: shutil.copy(key, certificate)
    yield "is no certificate in PEM", lambda: certificate.write_text(certificate.read_text()[:200])
    yield "cannot be used", lambda: key.write_text("hello")
    yield "cannot be used", lambda: shutil.copy(certificate, key)
    yield "Is a directory", lambda: (certificate.unlink(), certificate.mkdir())
    yield "has a passphrase", lambda: lock(key)


def lock(key):
    words = ["openssl", "pkcs8", "-topk8", "-in", key, "-out", f"{key}.new"]
    subprocess.run([*words, "-passout", "pass:word"], check=True, capture_output=True)
    Path(f"{key}.new").replace(key)


@pytest.mark.parametrize("number", range(12))
def test_each_fault_is_one_sentence_that_says_how_to_mend_it(files, other, number):
    why, spoil = list(faults(files, other))[number]
    spoil()

    certificate = Certificate(*map(str, files))

    told = certificate.trouble(now())
    assert why in told
    assert any(str(path) in told for path in files)
    assert "without https" in told
    assert "\n" not in told
    assert certificate.context() is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_key_that_may_not_be_read_is_told(files):
    files[1].chmod(0)

    assert "may not be read" in Certificate(*map(str, files)).trouble(now())


def test_a_renewed_one_is_taken(files, other):
    certificate = Certificate(*map(str, files))
    before = certificate.context()
    assert certificate.context() is before

    for fresh, path in zip(other, files, strict=True):
        shutil.copy(fresh, path)

    assert certificate.context() is not before
    assert certificate.trouble(now()) == ""


def test_half_a_renewal_goes_on_with_the_old_one_until_it_is_whole(files, other):
    certificate = Certificate(*map(str, files))
    before = certificate.context()

    shutil.copy(other[0], files[0])
    assert certificate.context() is before
    assert "does not fit" in certificate.trouble(now())
    shutil.copy(other[1], files[1])

    assert certificate.context() is not before
    assert certificate.trouble(now()) == ""


def test_one_that_comes_late_is_taken(files, tmp_path):
    certificate = Certificate(str(tmp_path / "late.pem"), str(files[1]))
    assert certificate.context() is None

    shutil.copy(files[0], tmp_path / "late.pem")

    assert certificate.context() is not None
