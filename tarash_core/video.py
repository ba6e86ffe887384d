"""Media that comes out: a generated video, to save or to read."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, PrivateAttr

from tarash_core.drive import arun, run
from tarash_core.noun import Noun
from tarash_core.values import Binary

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.download import Download

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
        needs_key: The provider gives it to its account alone. The video of a response downloads itself with the key
            that made it; one that was read from JSON takes the key of the `config` given to `save` and `read`.
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
    needs_key: bool = False

    # In memory only: in no JSON, no pickle and no comparison.
    _config: VideoGenerationConfig | None = PrivateAttr(default=None)

    def of_account(self, config: VideoGenerationConfig) -> GeneratedVideo:
        """The same video, which downloads itself with the key of this resolved config."""
        video = self.model_copy()
        object.__setattr__(video, "__pydantic_private__", {"_config": config})
        return video

    def save(
        self,
        path: str | Path,
        *,
        config: VideoGenerationConfig | None = None,
        max_bytes: int = 2 * GIBIBYTE,
        timeout: float = 300.0,
    ) -> Path:
        """Write the video to `path`: streamed to a temporary name, moved into place when it is whole.

        Args:
            path: The file to write; an existing one is replaced. ``~`` is the home folder.
            config: Whose key to download with, where the video needs one and is not of a response of this process.
            max_bytes: Refuse more than this.
            timeout: Wall-clock seconds for the download. In sync code a silent server is noticed up to 10 s late.

        Returns:
            The path.

        Raises:
            ConfigurationError: The video needs a key, and there is no config to take it from.
            HTTPError: The address answers with an error status (an expired link is a 403 or a 404).
            HTTPConnectionError: The address could not be reached.
            TimeoutError: The download took too long.
            UnexpectedResponseError: The file is larger than `max_bytes`, empty, or not media.
            OSError: The file cannot be written there, e.g. because the folder is missing.
        """
        return run(self._download(config, max_bytes, timeout).save(Path(path), "sync"))

    async def save_async(
        self,
        path: str | Path,
        *,
        config: VideoGenerationConfig | None = None,
        max_bytes: int = 2 * GIBIBYTE,
        timeout: float = 300.0,
    ) -> Path:
        """As `save`, without blocking the event loop."""
        return await arun(self._download(config, max_bytes, timeout).save(Path(path), "async"))

    def read(
        self, *, config: VideoGenerationConfig | None = None, max_bytes: int = GIBIBYTE, timeout: float = 300.0
    ) -> bytes:
        """The bytes of the video. Arguments and errors as those of `save`."""
        return run(self._download(config, max_bytes, timeout).read("sync"))

    async def read_async(
        self, *, config: VideoGenerationConfig | None = None, max_bytes: int = GIBIBYTE, timeout: float = 300.0
    ) -> bytes:
        """As `read`, without blocking the event loop."""
        return await arun(self._download(config, max_bytes, timeout).read("async"))

    def _download(self, config: VideoGenerationConfig | None, max_bytes: int, timeout: float) -> Download:
        from tarash_core.download import Download

        return Download(self, config or self._config, max_bytes, timeout)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GeneratedVideo) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((self.url, self.data))

    def __getstate__(self) -> dict[Any, Any]:
        return {**super().__getstate__(), "__pydantic_private__": {"_config": None}}
