"""An OLED panel: luma.oled knows its commands, our own bus carries them.

luma and Pillow are loaded when a panel is opened: most bedsides have none.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Registers, unheard
from bedside.errors import BedsideError, ChipNotFound

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ("ssd1306", "sh1106")
ADDRESSES = (0x3C, 0x3D)
COMMANDS, DATA = 0x00, 0x40  # what the first byte says of those behind it
DO_NOTHING = 0xE3
PIECE_BYTES = 64  # 6 ms at 100 kHz: the motion sensor shall not wait for a whole picture
UPSIDE_DOWN = 2


class _Wires:
    """Stands where luma has its own access to the bus.

    Raises
    ------
    ChipNotFound : nobody answers.
    """

    def __init__(self, bus: I2CBus, address: int) -> None:
        self._chip = Registers(bus, address, "the display")
        self.record: list[bytes] | None = None
        """Takes down what is sent, while somebody wants it."""

    def command(self, *words: int) -> None:
        """Send commands."""
        self.say(bytes((COMMANDS, *words)))

    def data(self, data: "list[int] | bytearray") -> None:
        """Send what is to be seen, in pieces that let others use the bus in between."""
        whole = bytes(data)
        for at in range(0, len(whole), PIECE_BYTES):
            self.say(bytes((DATA,)) + whole[at : at + PIECE_BYTES])

    def say(self, message: bytes) -> None:
        """Send one message."""
        self._chip.transfer(message)
        if self.record is not None:
            self.record.append(message)

    def cleanup(self) -> None:
        """Leave the bus to those who opened it."""


class Panel:
    """A panel that is set up; every method raises ChipNotFound when it does not answer.

    Parameters
    ----------
    make : gives luma's device for some wires, and sets the panel up.
    """

    def __init__(self, wires: _Wires, make: Callable[[_Wires], Any]) -> None:
        self._wires, self._set_up = wires, list[bytes]()
        wires.record = self._set_up
        self._device = make(wires)
        wires.record = None

    def set_up_again(self) -> None:
        """Say to the panel what it was told first: its power may have failed, unnoticed."""
        for message in self._set_up:
            self._wires.say(message)

    def show(self, picture: NDArray[np.bool_], percent: float) -> None:
        """Show a picture (height, width) at a brightness."""
        self._device.contrast(round(2.55 * percent))  # first: nothing shall flash at night
        self._device.display(as_image(picture))
        self._device.show()

    def darken(self) -> None:
        """Turn all light off."""
        self._device.hide()


def open_panel(bus: I2CBus, kind: str, *, address: int, height: int, flipped: bool) -> Panel:
    """Find a panel, and set it up.

    Parameters
    ----------
    kind : one of KINDS.
    address : 0 looks wherever it may be.
    height : rows of pixels, 64 or 32.

    Raises
    ------
    BedsideError : luma.oled is not installed.
    ChipNotFound : nobody answers where the panel may be.
    """
    try:
        from luma.oled import device
    except ImportError as error:
        raise BedsideError(
            f'[display] panel = "{kind}" needs luma.oled, which is not installed:'
            " pip install 'bedside[display]'"
        ) from error
    rotate = UPSIDE_DOWN if flipped else 0
    return Panel(
        _Wires(bus, _address(bus, address)),
        lambda wires: getattr(device, kind)(wires, height=height, rotate=rotate),
    )


def _address(bus: I2CBus, wanted: int) -> int:
    """Give the first address at which somebody takes a command that does nothing."""
    where = (wanted,) if wanted else ADDRESSES
    for address in where:
        try:
            _Wires(bus, address).command(DO_NOTHING)
        except ChipNotFound as error:
            if not unheard(error):
                raise
        else:
            return address
    listed = " or ".join(f"{address:#04x}" for address in where)
    raise ChipNotFound(
        f"no display answers at {listed}: check its four wires (3.3 V, GND, SDA, SCL), or set"
        ' [display] panel = "none"'
    )


def as_image(picture: NDArray[np.bool_]) -> "Image":
    """Give a picture (height, width) as Pillow's image of black and white."""
    from PIL import Image

    height, width = picture.shape
    return Image.frombytes("1", (width, height), np.packbits(picture, axis=1).tobytes())
