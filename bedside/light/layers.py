"""Causes laid over each other: every one fades for itself, and the brightest shows.

A change by hand shows instead of all of them while it holds, and a ceiling lies over
everything. Nothing ever jumps: a layer begins and ends at nothing, or where the light was.
"""

import math
from dataclasses import dataclass

from bedside.light.fade import Fade

CEILING, HAND_OVER = "night ceiling", "the change by hand ran out"

CEILING_FADE_S = 5.0
"""How long a light that is too bright for the night takes to come down."""

_CEILING_LIFT_S = 60.0


@dataclass(slots=True)
class Layer:
    """One cause and its fade.

    over_s   when it begins to go out
    out_s    how long that takes
    resumes  goes on rising after a change by hand has run out
    """

    cause: str
    fade: Fade
    over_s: float = math.inf
    out_s: float = 0.0
    out_cause: str = ""
    resumes: bool = False
    going: bool = False

    def leave(self, now_s: float) -> None:
        """Begin to go out."""
        self.fade, self.going = self.fade.toward(now_s, 0.0, self.out_s), True


class Layers:
    """All causes there are at a time; brightness is perceived, 0-1, and times monotonic, s.

    Parameters
    ----------
    ceiling : brightest it may be, 0-1, until `advance` says otherwise.
    fade_s : how long it takes to come back from a change by hand.
    """

    def __init__(self, ceiling: float, fade_s: float) -> None:
        self.ceiling, self.fade_s = ceiling, fade_s
        self._layers: dict[str, Layer] = {}
        self._hand: Layer | None = None
        self._cap: Fade | None = None

    # ── what shows ──────────────────────────────────────────────────────────────────────────

    def level(self, now_s: float) -> float:
        """Brightness at this moment."""
        level = max((layer.fade.level(now_s) for layer in self._shown()), default=0.0)
        return level if self._cap is None else min(level, self._cap.level(now_s))

    @property
    def target(self) -> float:
        """Brightness it is on its way to."""
        return max((layer.fade.end for layer in self._shown()), default=0.0)

    def moving(self, now_s: float) -> bool:
        """Whether the brightness may change from frame to frame."""
        shown = self._shown()
        capped = self._cap is not None and not self._cap.done(now_s)
        return any(not layer.fade.done(now_s) for layer in shown) or (capped and bool(shown))

    def cause(self, now_s: float) -> str:
        """Why there is light, or will be; empty where there is none."""
        brightest = max(
            self._shown(),
            key=lambda layer: (layer.fade.level(now_s), layer.fade.end),
            default=None,
        )
        if brightest is None or not (brightest.fade.level(now_s) or brightest.fade.end):
            return ""
        return brightest.cause

    def hold_s(self, now_s: float) -> float:
        """How long a change by hand still holds."""
        return 0.0 if self._hand is None else max(0.0, self._hand.over_s - now_s)

    def _shown(self) -> list[Layer]:
        return list(self._layers.values()) if self._hand is None else [self._hand]

    # ── what changes it ─────────────────────────────────────────────────────────────────────

    def get(self, name: str) -> Layer | None:
        """Give a layer, unless it is none or on its way out."""
        layer = self._layers.get(name)
        return None if layer is None or layer.going else layer

    def begin(self, name: str, now_s: float, fade_s: float, level: float, cause: str) -> Layer:
        """Begin a layer, or begin it again from where it is; no brighter than the ceiling."""
        old = self._layers.get(name)
        start = 0.0 if old is None else old.fade.level(now_s)
        fade = Fade(now_s, start, now_s + fade_s, min(self.ceiling, level))
        layer = self._layers[name] = Layer(cause, fade)
        return layer

    def take_by_hand(self, now_s: float, level: float, cause: str, hold_s: float) -> None:
        """Show this instead, no brighter than the ceiling, while it holds."""
        end = min(level, self.ceiling)
        fade = Fade(now_s, self.level(now_s), now_s + self.fade_s, end)
        self._hand = Layer(cause, fade, over_s=now_s + hold_s)

    def release(self, now_s: float) -> None:
        """End the change by hand; that alone makes the light no brighter.

        Only a layer that resumes goes on to rise, from where the light is.
        """
        if self._hand is None:
            return
        level, self._hand = self.level(now_s), None
        for layer in self._layers.values():
            fade = layer.fade
            if layer.resumes and not layer.going:
                end_s = max(fade.end_s, now_s + self.fade_s)
                layer.fade = Fade(now_s, level, end_s, fade.end)
            else:
                start = min(level, fade.level(now_s))
                layer.fade = Fade(now_s, start, max(now_s, fade.end_s), min(level, fade.end))
        if level > 0.0:
            self._go_out("hand", now_s, level, HAND_OVER)

    def clear(self, now_s: float, cause: str) -> None:
        """Let go of every cause, and go out from where the light is."""
        level = self.level(now_s)
        self._layers, self._hand = {}, None
        if level > 0.0:
            self._go_out("off", now_s, level, cause)

    def cut(self) -> None:
        """Want nothing any more, at once."""
        self._layers, self._hand = {}, None

    def _go_out(self, name: str, now_s: float, level: float, cause: str) -> None:
        fade = Fade(now_s, level, now_s + self.fade_s, 0.0)
        self._layers[name] = Layer(cause, fade, going=True)

    # ── time ────────────────────────────────────────────────────────────────────────────────

    def advance(self, now_s: float, ceiling: float) -> list[str]:
        """Let what is due happen, under this ceiling; the causes of it."""
        return [*self._keep_below(now_s, ceiling), *self._run_out(now_s)]

    def _keep_below(self, now_s: float, ceiling: float) -> list[str]:
        if self._cap is None:
            self._cap = Fade.at(now_s, ceiling)
        elif ceiling < self.ceiling:
            high = max(ceiling, self.level(now_s))
            self._cap = Fade(now_s, high, now_s + CEILING_FADE_S, ceiling)
        elif ceiling > self.ceiling:
            self._cap = self._cap.toward(now_s, ceiling, _CEILING_LIFT_S)
        self.ceiling = ceiling
        lowered = False
        for layer in (*self._layers.values(), *([self._hand] if self._hand else [])):
            fade = layer.fade.below(now_s, ceiling, CEILING_FADE_S)
            lowered |= fade is not layer.fade
            layer.fade = fade
        return [CEILING] if lowered else []

    def _run_out(self, now_s: float) -> list[str]:
        causes = []
        for name, layer in list(self._layers.items()):
            if layer.going and layer.fade.done(now_s):
                del self._layers[name]
            elif not layer.going and now_s >= layer.over_s:
                layer.leave(now_s)
                causes.append(layer.out_cause)
        if self._hand is not None and now_s >= self._hand.over_s:
            self.release(now_s)
            causes.append(HAND_OVER)
        return causes
