"""What the light is meant to do, and why; knows no pin and no clock."""

import math
from collections import deque

from bedside.light.layers import Layers
from bedside.light.now import LightNow
from bedside.light.settings import LightSettings
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import LightChange

EVENING, LIGHTS_OUT = "evening", "lights-out"
PATH, BACK, NOBODY = "out of bed", "back in bed", "nobody came back to bed"
STAYED = "nobody had left the bed"
SUNRISE, SUNRISE_OVER = "sunrise", "the sunrise is over"
SOOTHE, SOOTHED = "soothing after twitches", "the soothing is over"
BUTTON, HELD_OFF = "button", "off for the night"

LATE_S = 300.0
"""What happened longer ago is no news: samples are heard again after a restart."""

PROVEN_S = 45.0
"""Whether the bed was really left is known by so long after the first sign of it."""

_SUNRISE_LEAST_S, _SUNRISE_OUT_S = 60.0, 60.0
_SOOTHE_FADE_S, _SOOTHE_OUT_S, _SOOTHE_REST = 10.0, 30.0, 6.0
_EVENING_GRACE_S = 600.0  # lights-out comes first, unless the clock was set
_NOD_S, _NOD_OUT_S = 0.4, 0.8


class Glow:
    """The state of the light; brightness is perceived, 0-1, and times are monotonic, s.

    What happens to it returns the change of the light that follows from it, if any.
    """

    def __init__(self, settings: LightSettings) -> None:
        self._settings = settings
        self.layers = Layers(settings.night_ceiling / 100.0, settings.fade_s)
        self._held_off_until_s = -math.inf
        self._night = True
        self._told = 0.0
        self._jerks: deque[float] = deque()
        self._soothe_from_s = -math.inf
        self.present: bool | None = None
        """Whether somebody lies in the bed, as far as it is known."""

    def use(self, settings: LightSettings) -> None:
        """Take other settings into force; what glows already glows on as it began."""
        self._settings = settings
        self.layers.fade_s = settings.fade_s

    def now(self, now_s: float, lamp: str) -> LightNow:
        """How it stands; `lamp` is the name of the lamp."""
        layers = self.layers
        return LightNow(
            layers.level(now_s),
            layers.target,
            layers.cause(now_s),
            layers.hold_s(now_s),
            self.held_off_s(now_s),
            lamp,
            layers.ceiling,
        )

    def held_off_s(self, now_s: float) -> float:
        """How long the light is still held off."""
        return max(0.0, self._held_off_until_s - now_s)

    def advance(self, now_s: float, ceiling: float, night: bool) -> LightChange | None:
        """Let what is due happen: holds and causes run out, the ceiling comes and goes."""
        self._night = night
        causes = self.layers.advance(now_s, ceiling)
        return self._change(now_s, causes[-1] if causes else "")

    # ── by hand ─────────────────────────────────────────────────────────────────────────────

    def by_hand(self, now_s: float, level: float, cause: str, hold_s: float) -> LightChange | None:
        """Take a change by hand, as far as the ceiling allows, and hold it."""
        self.layers.take_by_hand(now_s, level, cause, hold_s)
        return self._change(now_s, cause)

    def press(self, now_s: float) -> LightChange | None:
        """Turn the light on or off, as a short press does."""
        level = 0.0 if self.layers.target > 0.0 else self._settings.button_level / 100.0
        return self.by_hand(now_s, level, BUTTON, self._settings.hold_min * 60.0)

    def hold_off(self, now_s: float, until_s: float, cause: str) -> LightChange | None:
        """Go out, and let nothing but a hand or the sunrise light it until then.

        A light that is out already nods: whoever pressed in the dark sees that it worked.
        """
        was_dark = self.layers.level(now_s) <= 0.0
        self._held_off_until_s = until_s
        self.layers.clear(now_s, cause)
        if was_dark:
            nod = self.layers.begin("nod", now_s, _NOD_S, self._settings.button_level / 100, cause)
            nod.over_s, nod.out_s, nod.out_cause = now_s + _NOD_S, _NOD_OUT_S, HELD_OFF
        return self._change(now_s, cause)

    def let_go(self, now_s: float, cause: str) -> LightChange | None:
        """End every hold: the light is automatic again."""
        self._held_off_until_s = -math.inf
        self.layers.release(now_s)
        return self._change(now_s, cause)

    # ── by the bed ──────────────────────────────────────────────────────────────────────────

    def presence(self, now_s: float, since_s: float, present: bool) -> LightChange | None:
        """Light the way of whoever leaves the bed empty at night, until after the return."""
        was, self.present = self.present, present
        settings, path = self._settings, self.layers.get("path")
        if present:
            if path is not None:
                path.over_s = min(path.over_s, now_s + settings.path_return_s)
                path.out_cause = BACK
            return None
        if was is not True:
            return None
        return self._light_path(now_s, since_s, settings.path_longest_min * 60.0, NOBODY)

    def leaving(self, now_s: float, since_s: float) -> LightChange | None:
        """Light the way at the first sign that the bed is being left, until that is proven."""
        if not self.present or self.layers.get("path") is not None:
            return None
        return self._light_path(now_s, since_s, PROVEN_S, STAYED)

    def _light_path(
        self, now_s: float, since_s: float, longest_s: float, out_cause: str
    ) -> LightChange | None:
        settings = self._settings
        news = now_s - since_s <= LATE_S
        if not (news and settings.path and self._night) or self.held_off_s(now_s):
            return None
        path = self.layers.begin(
            "path", now_s, settings.path_fade_s, settings.path_level / 100.0, PATH
        )
        path.over_s = now_s + longest_s
        path.out_s, path.out_cause = settings.path_out_s, out_cause
        return self._change(now_s, PATH)

    def movement(self, now_s: float, movement: Movement) -> LightChange | None:
        """Count jerks; glow after a burst of them, if that is wanted, and not too often."""
        settings = self._settings
        if not settings.soothe or movement.kind != "jerk" or movement.far:
            return None
        self._jerks.append(movement.start_s)
        while self._jerks[0] < movement.start_s - settings.soothe_within_s:
            self._jerks.popleft()
        burst = len(self._jerks) >= settings.soothe_jerks
        news = now_s - movement.start_s <= LATE_S and now_s >= self._soothe_from_s
        if not (burst and news and self.present) or self.held_off_s(now_s):
            return None
        length_s = settings.soothe_min * 60.0
        self._soothe_from_s = now_s + (1.0 + _SOOTHE_REST) * length_s
        glow = self.layers.begin(
            "soothe", now_s, _SOOTHE_FADE_S, settings.soothe_level / 100.0, SOOTHE
        )
        glow.over_s, glow.out_s, glow.out_cause = now_s + length_s, _SOOTHE_OUT_S, SOOTHED
        return self._change(now_s, SOOTHE)

    # ── by the clock ────────────────────────────────────────────────────────────────────────

    def evening(self, now_s: float, late_s: float = 0.0) -> LightChange | None:
        """Begin to fade in before bedtime."""
        if self.held_off_s(now_s):
            return None
        settings = self._settings
        whole_s = settings.evening_fade_min * 60.0
        fade_s = max(settings.fade_s, whole_s - late_s)
        evening = self.layers.begin(
            "evening", now_s, fade_s, settings.evening_level / 100.0, EVENING
        )
        evening.over_s = now_s - late_s + whole_s + settings.evening_min * 60.0 + _EVENING_GRACE_S
        evening.out_s = max(settings.fade_s, settings.lights_out_fade_min * 60.0)
        evening.out_cause = LIGHTS_OUT
        return self._change(now_s, EVENING)

    def lights_out(self, now_s: float) -> LightChange | None:
        """Let the evening's light go out."""
        evening = self.layers.get("evening")
        if evening is not None:
            evening.leave(now_s)
        return self._change(now_s, LIGHTS_OUT)

    def sunrise(self, now_s: float, late_s: float = 0.0) -> LightChange | None:
        """Begin the sunrise; it ends a night that the light was held off for."""
        settings = self._settings
        self._held_off_until_s = -math.inf
        whole_s = settings.sunrise_min * 60.0
        fade_s = max(_SUNRISE_LEAST_S, whole_s - late_s)
        sun = self.layers.begin("sunrise", now_s, fade_s, settings.sunrise_level / 100.0, SUNRISE)
        over_s = now_s - late_s + whole_s + settings.sunrise_stay_min * 60.0
        sun.over_s = max(now_s + fade_s, over_s)
        sun.out_s, sun.out_cause, sun.resumes = _SUNRISE_OUT_S, SUNRISE_OVER, True
        return self._change(now_s, SUNRISE)

    # ── the end ─────────────────────────────────────────────────────────────────────────────

    def dark(self, now_s: float, cause: str) -> LightChange | None:
        """Want no light any more, at once."""
        self.layers.cut()
        return self._change(now_s, cause)

    def _change(self, now_s: float, cause: str) -> LightChange | None:
        target = self.layers.target
        if target == self._told:
            return None
        self._told = target
        return LightChange(now_s, target, cause)
