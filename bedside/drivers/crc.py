"""The checksum that Sensirion's thermometers and the AHT20 send along.

CRC-8 with polynomial x8 + x5 + x4 + 1 (0x31) and start 0xFF, not reflected, not inverted.
"""

from bedside.errors import BadReading

POLYNOMIAL = 0x31
START = 0xFF


def crc8(data: bytes) -> int:
    """Checksum of some bytes."""
    crc = START
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ POLYNOMIAL if crc & 0x80 else crc << 1) & 0xFF
    return crc


def checked(frame: bytes, whose: object) -> bytes:
    """Give a frame without its last byte, the checksum of those before.

    Raises
    ------
    BadReading : they do not agree.
    """
    data, crc = frame[:-1], frame[-1]
    if crc8(data) != crc:
        raise BadReading(
            f"{whose} sends a value with a wrong checksum: shorten its cable or slow the bus down"
        )
    return data


def checked_words(frame: bytes, whose: object) -> list[int]:
    """Give the 16-bit words of a frame in which a checksum follows each of them.

    Raises
    ------
    BadReading : a word and its checksum do not agree.
    """
    triples = (frame[at : at + 3] for at in range(0, len(frame), 3))
    return [int.from_bytes(checked(triple, whose), "big") for triple in triples]
