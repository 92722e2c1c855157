"""What the last two minutes were like, and what to make of them at once."""

from bedside.live.ring import Felt, Live, Slot

__all__ = ["Felt", "Live", "Slot"]
