"""What the first bytes of a file say about its type."""

from __future__ import annotations

# Pieces that all stand at their offsets, and the type that they tell. Sources: https://mimesniff.spec.whatwg.org
# (sections 6.1, 6.2), ISO/IEC 14496-12 (file type box; brands at https://mp4ra.org), and the IANA registrations.
# Two or three letters alone would find media in plain text, so that short signatures are joined with a byte after them.
_SIGNATURES: tuple[tuple[tuple[tuple[int, bytes], ...], str], ...] = (
    (((0, b"\xff\xd8\xff"),), "image/jpeg"),
    (((0, b"\x89PNG\r\n\x1a\n"),), "image/png"),
    (((0, b"GIF87a"),), "image/gif"),
    (((0, b"GIF89a"),), "image/gif"),
    (((0, b"RIFF"), (8, b"WEBPVP")), "image/webp"),
    (((0, b"RIFF"), (8, b"AVI ")), "video/x-msvideo"),
    (((0, b"RIFF"), (8, b"WAVE")), "audio/wav"),
    (((0, b"BM"), (6, b"\0\0\0\0")), "image/bmp"),
    (((0, b"II*\0"),), "image/tiff"),
    (((0, b"MM\0*"),), "image/tiff"),
    (((0, b"\0\0"), (4, b"ftypavi")), "image/avif"),
    (((0, b"\0\0"), (4, b"ftyphei")), "image/heic"),
    (((0, b"\0\0"), (4, b"ftyphev")), "image/heic"),
    (((0, b"\0\0"), (4, b"ftypmif1")), "image/heif"),
    (((0, b"\0\0"), (4, b"ftypmsf1")), "image/heif"),
    (((0, b"\0\0"), (4, b"ftypqt  ")), "video/quicktime"),
    (((0, b"\0\0"), (4, b"ftyp3g")), "video/3gpp"),
    (((0, b"\0\0"), (4, b"ftypM4A")), "audio/mp4"),
    (((0, b"\0\0"), (4, b"ftypM4B")), "audio/mp4"),
    (((0, b"\0\0"), (4, b"ftyp")), "video/mp4"),
    (((0, b"\0\0"), (4, b"moov")), "video/quicktime"),
    (((0, b"\0\0\0\x08wide"),), "video/quicktime"),
    (((0, b"\0\0\x01\xba"),), "video/mpeg"),
    (((0, b"FLV\x01"),), "video/x-flv"),
    (((0, b"ID3\x02"),), "audio/mpeg"),
    (((0, b"ID3\x03"),), "audio/mpeg"),
    (((0, b"ID3\x04"),), "audio/mpeg"),
    (((0, b"\xff\xfb"),), "audio/mpeg"),
    (((0, b"\xff\xf3"),), "audio/mpeg"),
    (((0, b"\xff\xf2"),), "audio/mpeg"),
    (((0, b"\xff\xf1"),), "audio/aac"),
    (((0, b"\xff\xf9"),), "audio/aac"),
    (((0, b"fLaC"),), "audio/flac"),
    (((0, b"OggS"),), "audio/ogg"),
)
_EBML = b"\x1a\x45\xdf\xa3"


def sniff(head: bytes) -> str | None:
    """The media type that the first 64 bytes of a file say, e.g. ``"image/png"``, or None when they say nothing."""
    if head.startswith(_EBML):  # Both are EBML; the DocType in its header tells them apart (RFC 9559, 5).
        return "video/x-matroska" if b"matroska" in head else "video/webm"
    for pieces, content_type in _SIGNATURES:
        if all(head.startswith(piece, offset) for offset, piece in pieces):
            return content_type
    return None
