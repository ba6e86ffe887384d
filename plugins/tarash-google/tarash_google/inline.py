"""Images and videos inside a request: Google's video models take bytes, and addresses in Cloud Storage."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Inline:
    """Bytes in the place of an upload's address. Its repr tells them apart without holding them.

    Args:
        data: The file.
        content_type: Media type.
    """

    data: bytes = field(repr=False)
    content_type: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.data).hexdigest()[:16])

    @property
    def base64(self) -> str:
        """The bytes as base64 text."""
        return base64.b64encode(self.data).decode("ascii")


def type_of_address(url: str) -> str | None:
    """The media type that the name in an address tells."""
    return mimetypes.guess_type(urlsplit(url).path)[0]
