"""Models of two OLED controllers, the SSD1306 and the SH1106: what they glow, pixel by pixel.

Written from their data sheets: the SSD1306 counts through pages and columns by itself, the
SH1106 stays on the page it was given, and has two columns more on either side.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

WIDTH, PAGES = 128, 8


class _Oled(ABC):
    """What both have in common; `write` and `read` are what the bus sees, the rest is for tests.

    Parameters
    ----------
    height : rows of the glass, 64 or 32.
    """

    arguments: ClassVar[dict[int, int]]
    """How many bytes follow a command."""
    columns: int
    first_column: int
    """Of those that have glass before them."""

    def __init__(self, height: int = 64) -> None:
        self._height = height
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment: dark, and anything at all in the memory."""
        self.memory = np.random.default_rng(5).integers(
            0, 256, (PAGES, self.columns), dtype=np.uint8
        )
        self.on = self.pumping = self.mirrored = self.from_below = False
        self.contrast, self._page, self._column = 0x7F, 0, 0
        self._waiting: list[int] = []

    def write(self, data: bytes) -> None:
        """Take a control byte, and commands or memory behind it."""
        if data[0] == 0x40:
            for byte in data[1:]:
                self._store(byte)
        elif data[0] == 0x00:
            for byte in data[1:]:
                self._hear(byte)

    def read(self, length: int) -> bytes:
        """Give the status: whether it is off."""
        return bytes((0 if self.on else 0x40,)) * length

    def picture(self) -> NDArray[np.bool_]:
        """Give what glows on the glass, (height, 128), seen with the pins above it."""
        if not self.lit:
            return np.zeros((self._height, WIDTH), np.bool_)
        glass = self.memory[: self._height // 8, self.first_column : self.first_column + WIDTH]
        rows = np.unpackbits(glass[:, None, :], axis=1, bitorder="little")
        picture = rows.reshape(self._height, WIDTH).astype(np.bool_)
        picture = picture if self.mirrored else picture[:, ::-1]
        return picture if self.from_below else picture[::-1]

    @property
    def lit(self) -> bool:
        """Whether the glass has the voltage to glow."""
        return self.on and self.pumping

    def _hear(self, byte: int) -> None:
        self._waiting.append(byte)
        command, *arguments = self._waiting
        if len(arguments) == self.arguments.get(command, 0):
            self._waiting = []
            self._obey(command, arguments)

    def _obey(self, command: int, arguments: list[int]) -> None:
        if command in (0xAE, 0xAF):
            self.on = command == 0xAF
        elif command in (0xA0, 0xA1):
            self.mirrored = command == 0xA1
        elif command in (0xC0, 0xC8):
            self.from_below = command == 0xC8
        elif command == 0x81:
            self.contrast = arguments[0]
        else:
            self._obey_its_own(command, arguments)

    @abstractmethod
    def _obey_its_own(self, command: int, arguments: list[int]) -> None:
        """Do what only this controller knows."""

    @abstractmethod
    def _store(self, byte: int) -> None:
        """Take one byte of the picture."""


class Ssd1306Model(_Oled):
    """An SSD1306, as far as horizontal addressing goes."""

    arguments: ClassVar = {
        0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1,
        0xDB: 1,
    }  # fmt: skip
    columns, first_column = 128, 0

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        super().brown_out()
        self._horizontal, self._window = False, (0, 127, 0, 7)

    def _obey_its_own(self, command: int, arguments: list[int]) -> None:
        if command == 0x20:
            self._horizontal = arguments[0] & 3 == 0
        elif command == 0x8D:
            self.pumping = arguments[0] & 0x04 != 0
        elif command == 0x21:
            self._window = (arguments[0], arguments[1], *self._window[2:])
            self._column = arguments[0]
        elif command == 0x22:
            self._window = (*self._window[:2], arguments[0], arguments[1])
            self._page = arguments[0]

    def _store(self, byte: int) -> None:
        left, right, top, bottom = self._window
        self.memory[self._page, self._column] = byte
        self._column += 1
        if self._column > right:
            self._column = left
            if self._horizontal:
                self._page = top if self._page >= bottom else self._page + 1


class Sh1106Model(_Oled):
    """An SH1106: pages are chosen one by one, and its pump runs from the start."""

    arguments: ClassVar = {0x81: 1, 0xA8: 1, 0xAD: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1}
    columns, first_column = 132, 2

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        super().brown_out()
        self.pumping = True

    def _obey_its_own(self, command: int, arguments: list[int]) -> None:
        if command == 0xAD:
            self.pumping = arguments[0] & 1 != 0
        elif 0xB0 <= command <= 0xB7:
            self._page = command & 0x07
        elif command <= 0x0F:
            self._column = self._column & 0xF0 | command
        elif command <= 0x1F:
            self._column = self._column & 0x0F | (command & 0x0F) << 4

    def _store(self, byte: int) -> None:
        if self._column < self.columns:
            self.memory[self._page, self._column] = byte
        self._column += 1
