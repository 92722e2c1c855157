"""A night put into plain words; `report` is the door to it."""
