"""What the lamp did, as far as it is worth telling."""

from collections.abc import Sequence

from bedside.pipeline.recorded import LightChange

ON_THE_WAY_S = 10.0


def settled(changes: Sequence[LightChange]) -> list[LightChange]:
    """Leave out what was only on the way: a slider that is dragged passes many levels."""
    return [
        change
        for change, after in zip(changes, [*changes[1:], None], strict=False)
        if after is None or after.cause != change.cause or after.t_s - change.t_s > ON_THE_WAY_S
    ]
