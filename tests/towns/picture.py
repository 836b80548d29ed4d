"""Pictures made on the spot, with the metadata that a careless phone adds, and a look at what a picture holds."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SECRET = b"GPS 48.8534 N 2.3488 E"


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width=160, height=120, blue=90):
    """A colourful PNG with a text chunk that says where it was taken."""
    rows = b"".join(
        b"\x00" + b"".join(bytes((x * 255 // width, y * 255 // height, blue)) for x in range(width)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    place = _chunk(b"tEXt", b"Comment\x00" + SECRET)
    return SIGNATURE + _chunk(b"IHDR", header) + place + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def is_picture(data):
    return data.startswith((SIGNATURE, b"\xff\xd8\xff", b"GIF8")) or data[8:12] == b"WEBP"
