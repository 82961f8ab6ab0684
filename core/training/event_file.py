"""The curves of a run as a file that TensorBoard reads, without TensorFlow.

An event file is a row of records: the length as uint64, a checksum of it, the content, a checksum of that. The content
is an Event of tensorflow/core/util/event.proto in the encoding of protocol buffers; the checksum is CRC-32C, turned and
shifted as in tensorflow/core/lib/hash/crc32c.h.
"""

import struct
from collections.abc import Iterable, Mapping

POLYNOMIAL = 0x82F63B78  # Castagnoli's, its bits in reverse
MASK = 0xA282EAD8
VERSION = b"brain.Event:2"

# Numbers of the fields in event.proto and summary.proto.
WALL_TIME, STEP, FILE_VERSION, SUMMARY = 1, 2, 3, 5
VALUE = 1  # of a Summary
TAG, SIMPLE_VALUE = 1, 2  # of a Summary.Value
VARINT, DOUBLE, BYTES, FLOAT = 0, 1, 2, 5  # kinds of field


def event_file(curves: Mapping[str, Iterable[tuple[int, float, float]]]) -> bytes:
    """The content of an event file. curves: tag -> (step, seconds since 1970, value) in order of the steps.

    TensorBoard takes it for one when its name begins with "events.out.tfevents."; each run has a folder of its own.
    """
    events = sorted((seconds, step, tag, value) for tag, points in curves.items() for step, seconds, value in points)
    start = events[0][0] if events else 0.0
    records = [_double(WALL_TIME, start) + _bytes(FILE_VERSION, VERSION)]
    for seconds, step, tag, value in events:
        number = _bytes(VALUE, _bytes(TAG, tag.encode()) + _float(SIMPLE_VALUE, value))
        records.append(_double(WALL_TIME, seconds) + _whole(STEP, step) + _bytes(SUMMARY, number))
    return b"".join(map(_record, records))


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
        rows.append(byte)
    return tuple(rows)


TABLE = _table()


def crc32c(content: bytes) -> int:
    """The CRC-32C of these bytes."""
    remainder = 0xFFFFFFFF
    for byte in content:
        remainder = TABLE[(remainder ^ byte) & 0xFF] ^ remainder >> 8
    return remainder ^ 0xFFFFFFFF


def _masked(content: bytes) -> bytes:
    check = crc32c(content)
    return struct.pack("<I", ((check >> 15 | check << 17) + MASK) & 0xFFFFFFFF)


def _record(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + _masked(length) + content + _masked(content)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _whole(field: int, number: int) -> bytes:
    return _key(field, VARINT) + _varint(number)


def _double(field: int, number: float) -> bytes:
    return _key(field, DOUBLE) + struct.pack("<d", number)


def _float(field: int, number: float) -> bytes:
    return _key(field, FLOAT) + struct.pack("<f", number)


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, BYTES) + _varint(len(content)) + content
