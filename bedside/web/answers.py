"""Answers made once and given often: a phone that looks again costs next to nothing."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import Request, Response

_KEPT = 16
_WORTH_PACKING_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of one page, plain and packed, with the tag that names them."""

    body: bytes
    packed: bytes
    mimetype: str
    tag: str

    @classmethod
    def of(cls, text: str, mimetype: str) -> "Answer":
        """Pack and tag a text."""
        return cls.of_bytes(text.encode(), mimetype)

    @classmethod
    def of_bytes(cls, body: bytes, mimetype: str) -> "Answer":
        """Pack and tag what may be no text."""
        tag = hashlib.blake2b(body, digest_size=12).hexdigest()
        worth = len(body) > _WORTH_PACKING_BYTES and mimetype != "image/png"
        return cls(body, gzip.compress(body, 6, mtime=0) if worth else b"", mimetype, tag)

    def to(self, request: Request) -> Response:
        """Answer one request: packed where the browser can unpack, 304 where it has it already."""
        packed = bool(self.packed) and request.accept_encodings["gzip"] > 0
        headers = [
            ("Vary", "Accept-Encoding"),
            # The owner's browser may keep it but has to ask; nobody in between may.
            ("Cache-Control", "private, no-cache"),
            ("ETag", f'"{self.tag}-gz"' if packed else f'"{self.tag}"'),
        ]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        body = self.packed if packed else self.body
        response = Response(body, headers=headers, mimetype=self.mimetype)
        if request.if_none_match:
            response.make_conditional(request)
        return response


class Answers:
    """The last few answers, each with the state of the world it was made from.

    Parameters
    ----------
    variant : what else pages differ in for whoever asks now, such as their colours.
    """

    def __init__(self, variant: Callable[[], Hashable] = tuple) -> None:
        self._variant, self._lock = variant, threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[object, Answer]] = OrderedDict()

    def get(self, name: Hashable, made_from: object, make: Callable[[], Answer]) -> Answer:
        """Give the kept answer where `made_from` is still equal; else make and keep a new one."""
        name = (name, self._variant())
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] == made_from:
                self._kept.move_to_end(name)
                return kept[1]
        answer = make()
        with self._lock:
            self._kept[name] = (made_from, answer)
            self._kept.move_to_end(name)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return answer
