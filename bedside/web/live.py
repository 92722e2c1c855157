"""Tonight: the page that is looked at while it happens, and what keeps it up to date."""

import hashlib
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, json, render_template, request
from werkzeug.exceptions import BadRequest

from bedside.live import Slot
from bedside.live.placing import quiet
from bedside.web.house import House
from bedside.web.language import spoken
from bedside.web.livestrip import SHOWN_S, livestrip
from bedside.web.moments import Moments
from bedside.web.now import ago
from bedside.web.pace import Pace
from bedside.web.prose import unbroken
from bedside.web.theme import CHOICES, Themes
from bedside.web.tonight import Tonight, loudest, tonight

FRESH_S = 0.25
"""For so long what was said is still true: many phones are told the same."""

TABLE_S = 5.0
_SHOWN_SLOTS = 300
_NUMBER = re.compile(r"[0-9]{1,12}")


class Board:
    """What the page says in words, with a tag that changes when it does; and the quiet, mg."""

    def __init__(self, house: House, moments: Moments, themes: Themes) -> None:
        self._house, self._moments, self._themes = house, moments, themes
        self._lock = threading.Lock()
        self._made_s = -1.0
        self._told: tuple[str, Tonight, float] | None = None

    def now(self, *, fresh: bool = False) -> tuple[str, Tonight, float]:
        """Give it, at most a moment old; `fresh` for whoever has just changed something."""
        now_s = self._house.clock.monotonic()
        with self._lock:
            if fresh or self._told is None or not 0.0 <= now_s - self._made_s < FRESH_S:
                said = tonight(self._house, self._moments, night=self._themes.night())
                tag = hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest()
                slots = self._house.live.slots()
                quiet_mg = round(quiet(slots), 1) if slots else 0.0
                self._told, self._made_s = (tag, said, quiet_mg), now_s
            return self._told


def live(house: House, moments: Moments, themes: Themes) -> Blueprint:
    """Make the page and its answers, to be registered with the app."""
    blueprint = Blueprint("live", __name__)
    board, pace = Board(house, moments, themes), Pace(house.clock)

    @blueprint.get("/live")
    def page() -> str:
        _, said, quiet_mg = board.now(fresh=True)
        now_s, slots = house.clock.monotonic(), house.live.slots(_SHOWN_SLOTS)
        recent = [slot for slot in slots if now_s - slot.t_s <= SHOWN_S]
        swings = [(now_s - slot.t_s, slot.swing_mg) for slot in recent]
        return render_template(
            "live.html",
            said=said,
            age_s=house.health.age_s("samples"),
            strip=livestrip(recent, now_s, quiet_mg),
            summary=loudest(swings, quiet_mg),
            rows=_rows(swings),
            ago=ago,
            odr_hz=house.health.facts().get("odr_hz"),
            choices=CHOICES,
            chosen=themes.chosen(),
        )

    @blueprint.get("/api/live")
    def answer() -> Response:
        since = parse_since(request.args.get("since", "0"))
        seq, slots = house.live.since(since, _SHOWN_SLOTS)
        tag, said, quiet_mg = board.now()
        answer: dict[str, Any] = {
            "seq": seq,
            "t_s": round(house.clock.monotonic(), 2),
            "age_s": _rounded(house.health.age_s("samples")),
            "again_s": pace.next_s(),
            "slots": [packed(slot) for slot in slots],
            "quiet_mg": quiet_mg,
            "board": tag,
        }
        if request.args.get("board") != tag:
            answer["said"] = spelled(asdict(said))
        return as_json(answer)

    return blueprint


def parse_since(text: str) -> int:
    """Read the number of the last slot somebody has; BadRequest for anything else."""
    if not _NUMBER.fullmatch(text):
        raise BadRequest("`since` is the `seq` of the answer before, or 0.")
    return int(text)


def packed(slot: Slot) -> list[float]:
    """Give a slot in few bytes: s, swing in mg, and the three axes in mg."""
    return [round(slot.t_s, 2), round(slot.swing_mg, 1), *(round(part, 1) for part in slot[2:5])]


def spelled(words: Any) -> Any:
    """Set all sentences as the page does, for whoever asks now."""
    if isinstance(words, str):
        return unbroken(spoken().text(words))
    if isinstance(words, dict):
        return {key: spelled(value) for key, value in words.items()}
    if isinstance(words, list | tuple):
        return [spelled(value) for value in words]
    return words


def as_json(answer: dict[str, Any]) -> Response:
    """Write an answer without spaces."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text, mimetype="application/json")


def _rounded(age_s: float | None) -> float | None:
    return None if age_s is None else round(age_s, 2)


def _rows(swings: Sequence[tuple[float, float]]) -> list[tuple[str, str]]:
    """Give the strongest swing of every few seconds, the newest first."""
    rows = []
    for first in range(0, int(SHOWN_S), int(TABLE_S)):
        within = [mg for age_s, mg in swings if first <= age_s < first + TABLE_S]
        said = f"{max(within):.0f} mg" if within else "no data"
        rows.append((f"{first} to {first + TABLE_S:.0f} s ago", said))
    return rows
