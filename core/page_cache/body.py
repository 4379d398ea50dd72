"""The bytes of a page, plain and compressed, with room for its number of views.

The number stands in a slot of fixed width. In a compressed page the slot is a block of its own that
is not compressed, so the number is written by joining three parts, and nothing is compressed for a
request: a stored block of DEFLATE (RFC 1951, 3.2.4), an uncompressed meta-block of Brotli
(RFC 7932, 9.2).
"""

import struct
import zlib
from dataclasses import dataclass

import brotli

# Stands for the number while the page is rendered and compressed. No text contains these control
# characters, so the compressor finds nothing in the slot that it could refer to later.
SLOT = "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10"
WIDTH = len(SLOT)
# Brotli chooses the codes of a letter by the two letters before it, so these belong to the block.
TAIL_LENGTH = 2

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # RFC 1952, 2.3: no time, unknown system
BROTLI_QUALITY = 5
GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Body:
    """A body in two parts, with the slot in between, or in one."""

    before: bytes
    after: bytes = b""
    has_slot: bool = False

    def fill(self, number: int) -> bytes:
        """The body with `number` in its slot; the same bytes each time if it has none."""
        if not self.has_slot:
            return self.before
        return self.before + slot_text(number) + self.after


@dataclass(frozen=True, slots=True)
class GzipBody(Body):
    """A body compressed with gzip, whose checksum depends on the number."""

    checksum: int = 0  # of the plain text before the slot
    checksum_after: int = 0  # of the plain text after the slot
    shifts: tuple[int, ...] = ()  # what each bit of a checksum becomes over that text
    length: int = 0  # of the plain text

    def fill(self, number: int) -> bytes:
        if not self.has_slot:
            return self.before
        text = slot_text(number)
        earlier = zlib.crc32(text, self.checksum)
        checksum = self.checksum_after
        for position, shift in enumerate(self.shifts):
            if earlier >> position & 1:
                checksum ^= shift
        return b"".join(
            (self.before, text, self.after, struct.pack("<LL", checksum, self.length & 0xFFFFFFFF))
        )


def slot_text(number: int) -> bytes:
    """The number, padded with spaces to the width of the slot."""
    return b"%-10d" % min(number, 10**WIDTH - 1)


def split(content: bytes) -> Body:
    """The plain body of a page with a number. Raises ValueError if it does not have one slot."""
    before, *rest = content.split(SLOT.encode())
    if len(rest) != 1:
        raise ValueError(f"The page has {len(rest)} numbers of views.")
    return Body(before, rest[0], has_slot=True)


def compress_with_brotli(plain: Body) -> Body:
    """The body as a stream of Brotli."""
    if not plain.has_slot:
        return Body(brotli.compress(plain.before, quality=BROTLI_QUALITY))
    tail, after = plain.after[:TAIL_LENGTH], plain.after[TAIL_LENGTH:]
    compressor = brotli.Compressor(quality=BROTLI_QUALITY)
    before = compressor.process(plain.before) + compressor.flush()
    compressor.process(SLOT.encode() + tail)
    compressor.flush()  # instead of this block, `before` has the header of an uncompressed one
    after = compressor.process(after) + compressor.finish()
    return Body(before + _uncompressed_header(WIDTH + TAIL_LENGTH), tail + after, has_slot=True)


def compress_with_gzip(plain: Body) -> Body:
    """The body as a file of gzip (RFC 1952)."""
    if not plain.has_slot:
        return Body(zlib.compress(plain.before, GZIP_LEVEL, wbits=31))
    compressor = zlib.compressobj(GZIP_LEVEL, wbits=-15)
    before = compressor.compress(plain.before) + compressor.flush(zlib.Z_SYNC_FLUSH)
    compressor.compress(SLOT.encode())
    compressor.flush(zlib.Z_SYNC_FLUSH)  # instead of this block, there is a stored one
    after = compressor.compress(plain.after) + compressor.flush(zlib.Z_FINISH)
    return GzipBody(
        GZIP_HEADER + before + struct.pack("<BHH", 0, WIDTH, WIDTH ^ 0xFFFF),
        after,
        has_slot=True,
        checksum=zlib.crc32(plain.before),
        checksum_after=zlib.crc32(plain.after),
        shifts=_shifts(len(plain.after)),
        length=len(plain.before) + WIDTH + len(plain.after),
    )


def decompress_brotli(body: Body) -> Body:
    """The plain body that was compressed."""
    if not body.has_slot:
        return Body(brotli.decompress(body.before))
    return split(brotli.decompress(body.before + SLOT.encode() + body.after))


def _shifts(length: int) -> tuple[int, ...]:
    """What each bit of a checksum becomes when a text of this length follows (RFC 1952, 8)."""
    zeros = bytes(length)
    initial = zlib.crc32(zeros)
    return tuple(zlib.crc32(zeros, 1 << position) ^ initial for position in range(32))


def _uncompressed_header(length: int) -> bytes:
    """The header of an uncompressed meta-block of Brotli that is not the last one.

    Bit 0: not the last; bits 1 and 2: the length has four nibbles; bits 3 to 18: the length less
    one; bit 19: uncompressed; the rest of the last byte is empty.
    """
    return (((length - 1) << 3) | (1 << 19)).to_bytes(3, "little")
