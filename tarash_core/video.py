"""Media that comes out: a generated video, to save or to read."""

from __future__ import annotations

import datetime
from pathlib import Path

from pydantic import Field

from tarash_core.noun import Noun
from tarash_core.values import Binary

GIBIBYTE = 1 << 30


class GeneratedVideo(Noun):
    """One finished video, where the provider keeps it. `url` and `data` are as the provider gave them.

    Args:
        url: Address to download from; providers remove it after a while.
        data: The bytes, where the provider answered with the file itself.
        content_type: As the provider told; `save` and `read` tell the type from the bytes themselves.
        filename: As the provider told.
        duration: Seconds.
        fps: Frames per second.
        width: Pixels.
        height: Pixels.
        size_bytes: Size of the file.
        expires_at: When the provider removes it, where it says so.
    """

    url: str | None = None
    data: Binary | None = Field(default=None, repr=False)
    content_type: str | None = None
    filename: str | None = None
    duration: float | None = None
    fps: float | None = None
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None
    expires_at: datetime.datetime | None = None

    def save(self, path: str | Path, *, max_bytes: int = 2 * GIBIBYTE, timeout: float = 300.0) -> Path:
        """Write the video to `path`: streamed to a temporary name, moved into place when it is whole.

        Args:
            path: The file to write; an existing one is replaced. ``~`` is the home folder.
            max_bytes: Refuse more than this.
            timeout: Wall-clock seconds for the download. In sync code a silent server is noticed up to 10 s late.

        Returns:
            The path.

        Raises:
            HTTPError: The address answers with an error status (an expired link is a 403 or a 404).
            HTTPConnectionError: The address could not be reached.
            TimeoutError: The download took too long.
            UnexpectedResponseError: The file is larger than `max_bytes`, empty, or not media.
            OSError: The file cannot be written there, e.g. because the folder is missing.
        """
        from tarash_core import download
        from tarash_core.drive import run

        return run(download.save(self, Path(path), "sync", max_bytes=max_bytes, timeout=timeout))

    async def save_async(self, path: str | Path, *, max_bytes: int = 2 * GIBIBYTE, timeout: float = 300.0) -> Path:
        """As `save`, without blocking the event loop."""
        from tarash_core import download
        from tarash_core.drive import arun

        return await arun(download.save(self, Path(path), "async", max_bytes=max_bytes, timeout=timeout))

    def read(self, *, max_bytes: int = GIBIBYTE, timeout: float = 300.0) -> bytes:
        """The bytes of the video. Raises as `save`."""
        from tarash_core import download
        from tarash_core.drive import run

        return run(download.read(self, "sync", max_bytes=max_bytes, timeout=timeout))

    async def read_async(self, *, max_bytes: int = GIBIBYTE, timeout: float = 300.0) -> bytes:
        """As `read`, without blocking the event loop."""
        from tarash_core import download
        from tarash_core.drive import arun

        return await arun(download.read(self, "async", max_bytes=max_bytes, timeout=timeout))
