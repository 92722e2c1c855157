"""Passwords: which are too weak, and how one is kept so that it cannot be read."""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from itertools import pairwise

SHORTEST = 8
LONGEST = 200

# 8 MiB and ten passes: what OWASP asks for, at a memory that a Pi with 512 MB never misses.
_LOG_N, _R, _P = 13, 8, 10
_SALT_BYTES, _HASH_BYTES = 16, 32
_FEW = 4
_COMMON = {
    "password", "passwort", "passw0rd", "password1", "qwertyui", "qwertyuiop", "qwertzui",
    "qwertzuiop", "asdfghjk", "iloveyou", "sunshine", "princess", "football", "baseball",
    "superman", "trustno1", "letmein", "welcome", "raspberry", "raspberrypi", "bedside",
    "changeme", "admin", "admin123", "abcdefgh", "abcd", "1q2w3e4r", "1qaz2wsx",
}  # fmt: skip

# One at a time, in all the process: many logins at once take no more memory than one.
_alone = threading.Lock()


def weakness(password: str) -> str:
    """Say in one sentence why a password is too weak; empty when it will do."""
    plain = _normal(password).lower()
    if len(plain) < SHORTEST:
        return f"a password needs at least {SHORTEST} characters; this one has {len(plain)}"
    if len(plain) > LONGEST:
        return f"a password has at most {LONGEST} characters; this one has {len(plain)}"
    if len(set(plain)) < _FEW:
        return "this password repeats the same few characters; take several words"
    steps = {ord(later) - ord(sooner) for sooner, later in pairwise(plain)}
    if len(steps) == 1:
        return "this password just counts up or down; take several words"
    if plain in _COMMON or plain.rstrip("0123456789!.?") in _COMMON:
        return "this is one of the passwords that are tried first; take several words"
    return ""


def kept(password: str) -> str:
    """Give what may be written down of a password: parameters, salt and hash."""
    salt = secrets.token_bytes(_SALT_BYTES)
    with _alone:
        hashed = _scrypt(password, salt, _LOG_N, _R, _P)
    return f"scrypt${_LOG_N}${_R}${_P}${salt.hex()}${hashed.hex()}"


def fits(password: str, written: str) -> bool | None:
    """Whether a password is the one written down; None when another is just being looked at."""
    _scheme, log_n, r, p, salt, hashed = written.split("$")
    if not _alone.acquire(blocking=False):
        return None
    try:
        found = _scrypt(password, bytes.fromhex(salt), int(log_n), int(r), int(p))
    finally:
        _alone.release()
    return hmac.compare_digest(found, bytes.fromhex(hashed))


def _scrypt(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    most = 16 << 20
    text = _normal(password)[: 4 * LONGEST].encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=1 << log_n, r=r, p=p, maxmem=most, dklen=_HASH_BYTES)


def _normal(password: str) -> str:
    """Write letters one way: keyboards differ in how they make an é."""
    return unicodedata.normalize("NFKC", password)
