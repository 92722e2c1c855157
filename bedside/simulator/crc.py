"""The checksum of Sensirion and Aosong chips, by dividing polynomials on paper."""

DIVISOR = 0b1_0011_0001  # x8 + x5 + x4 + 1


def crc8(data: bytes) -> int:
    """Remainder of the message, its first byte inverted, with eight zero bits behind it."""
    inverted = bytes((data[0] ^ 0xFF,)) + data[1:]
    rest = int.from_bytes(inverted, "big") << 8
    while rest.bit_length() > 8:
        rest ^= DIVISOR << (rest.bit_length() - 9)
    return rest


def with_crc(word: int) -> bytes:
    """Two bytes, high one first, and their checksum."""
    data = word.to_bytes(2, "big")
    return data + bytes((crc8(data),))
