"""The models of the panels against their data sheets; neither luma nor our own code between."""

import numpy as np
import pytest

from bedside.simulator.oled import Sh1106Model, Ssd1306Model

START = "00 ae 20 00 8d 14 a1 c8 af"


def tell(panel, *texts):
    for text in texts:
        panel.write(bytes.fromhex(text))


@pytest.mark.parametrize("model", [Ssd1306Model, Sh1106Model])
def test_it_is_dark_until_it_is_turned_on(model):
    panel = model()
    assert panel.memory.any()
    assert not panel.picture().any()
    assert panel.read(1) == b"\x40"
    tell(panel, START)
    assert panel.picture().any()
    assert panel.read(1) == b"\x00"
    panel.brown_out()
    assert not panel.picture().any()


def test_ssd1306_glows_only_with_its_pump():
    panel = Ssd1306Model()
    tell(panel, "00 af")
    assert not panel.picture().any()


def test_ssd1306_counts_through_its_window():
    panel = Ssd1306Model()
    panel.memory[:] = 0
    tell(panel, START, "00 21 05 06 22 01 02", "40 01 02 04", "40 80 ff")
    lit = {(int(y), int(x)) for y, x in np.argwhere(panel.picture())}
    # The fifth byte wraps to the first place: all eight rows of page 1 in column 5.
    assert lit == {(8 + row, 5) for row in range(8)} | {(9, 6), (18, 5), (23, 6)}


def test_sh1106_stays_on_its_page_and_hides_two_columns():
    panel = Sh1106Model()
    panel.memory[:] = 0
    tell(panel, "00 a1 c8 af", "00 b3 02 10", "40 01 80", "00 b0 0f 17", "40 01")
    assert {(int(y), int(x)) for y, x in np.argwhere(panel.picture())} == {
        (24, 0),
        (31, 1),
        (0, 0x7F - 2),
    }
    tell(panel, "00 02 18", "40" + "ff" * 10)  # columns 130 and 131 have no glass before them
    assert panel.picture().sum() == 3


def test_it_can_be_seen_from_the_other_side():
    panel = Ssd1306Model()
    panel.memory[:] = 0
    panel.memory[0, 3] = 0x01
    tell(panel, START)
    assert panel.picture()[0, 3]
    tell(panel, "00 a0 c0")
    assert panel.picture()[63, 124]
    assert panel.picture().sum() == 1


def test_contrast_is_taken_and_unknown_commands_are_not_minded():
    panel = Ssd1306Model()
    tell(panel, "00 81 07 e3 d5 80", "80 af")
    assert panel.contrast == 7
    assert not panel.on
