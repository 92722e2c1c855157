import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.drivers.crc import checked, checked_words, crc8
from bedside.errors import BadReading
from bedside.simulator import crc as paper


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        ("be ef", 0x92),  # Sensirion's own example
        ("00 00", 0x81),
        ("ff ff", 0xAC),
        ("1c 3b 5e 86 88 b2", 0xD2),  # an AHT20's answer: 23.2 %, 31.7 °C
    ],
)
def test_known_checksums(data, crc):
    assert crc8(bytes.fromhex(data)) == crc


@given(st.binary(min_size=1, max_size=12))
def test_it_is_a_division_of_polynomials(data):
    assert crc8(data) == paper.crc8(data)


def test_words_lose_their_checksums():
    assert checked_words(bytes.fromhex("be ef 92 00 00 81"), "the chip") == [0xBEEF, 0]


@pytest.mark.parametrize("frame", ["be ef 93", "be ee 92", "be ef 92 00 01 81"])
def test_a_wrong_checksum_is_refused(frame):
    with pytest.raises(BadReading, match=r"^SHT4x at 0x44 sends a value with a wrong checksum: "):
        checked_words(bytes.fromhex(frame), "SHT4x at 0x44")


def test_a_frame_may_have_one_checksum_for_all():
    frame = bytes.fromhex("1c 3b 5e 86 88 b2 d2")
    assert checked(frame, "the chip") == frame[:-1]
    with pytest.raises(BadReading):
        checked(frame[:-1] + b"\x00", "the chip")
