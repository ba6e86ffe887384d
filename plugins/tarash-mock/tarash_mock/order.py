"""An order: the parameters of one request to the pretended service, checked."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tarash_core.suggest import did_you_mean
from tarash_mock.errors import refused
from tarash_mock.size import Size, size_of

Behaviour = Literal[
    "ok",
    "slow",
    "failing",
    "moderated",
    "moderated_output",
    "rate_limited",
    "never",
    "lost_reply",
    "flaky_polls",
    "no_credit",
    "bad_key",
    "server_error",
]
BEHAVIOURS: tuple[Behaviour, ...] = get_args(Behaviour)
IMAGE_PARAMETERS = ("reference_image_urls", "asset_image_urls", "style_image_urls")
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make. Fields are named as the service's parameters: `arguments` of one order make the same order again.

    Args:
        duration: Seconds.
        resolution: ``"WxH"`` once the order is read.
        seed: Of the first video; each further one takes the next number.
        mock_seconds: How long the pretended generation takes.
        mock_behaviour: What goes wrong.
        mock_retry_after: Seconds that a 429 asks to wait.
    """

    prompt: str = ""
    negative_prompt: str | None = None
    duration: float = 4.0
    resolution: str | None = None
    aspect_ratio: str | None = None
    fps: int = 24
    seed: int | None = None
    num_videos: int = 1
    generate_audio: bool = False
    enhance_prompt: bool = False
    first_frame_url: str | None = None
    last_frame_url: str | None = None
    reference_image_urls: tuple[str, ...] = ()
    asset_image_urls: tuple[str, ...] = ()
    style_image_urls: tuple[str, ...] = ()
    video_url: str | None = None
    mock_seconds: float = 0.6
    mock_behaviour: Behaviour = "ok"
    mock_retry_after: float = 1.0

    @property
    def size(self) -> Size:
        """Width and height in pixels. Raises MockAPIError (422) when they cannot be told from the words given."""
        return size_of(self.resolution, self.aspect_ratio, None)

    @property
    def frames(self) -> int:
        """How many frames each video has."""
        return max(1, round(self.duration * self.fps))

    def media(self) -> dict[str, tuple[str, ...]]:
        """The URLs given, by parameter."""
        named = {name: getattr(self, name) for name in ("first_frame_url", "last_frame_url", "video_url")}
        single = {name: (url,) for name, url in named.items() if url}
        return single | {name: getattr(self, name) for name in IMAGE_PARAMETERS if getattr(self, name)}

    def settled(self, *, seed: int, size: Size) -> Order:
        """The same order with everything decided that was left open."""
        return dataclasses.replace(self, seed=seed, resolution=f"{size[0]}x{size[1]}", aspect_ratio=None)

    def arguments(self) -> dict[str, object]:
        """As JSON: what `read_order` makes the same order of."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
            if value is not None
        }


def read_order(arguments: Mapping[str, object]) -> Order:
    """Check every parameter.

    Raises:
        MockAPIError: 422, naming parameter, value and what is allowed.
    """
    checked: dict[str, Any] = {}
    for name, value in arguments.items():
        check = _CHECKS.get(name)
        if check is None:
            raise refused(f"there is no parameter '{name}'{did_you_mean(name, _CHECKS)}", parameter=name)
        if value is not None:
            checked[name] = check(name, value)
    order = Order(**checked)
    if not order.prompt.strip() and not order.media():
        raise refused("there is nothing to make a video of; give a prompt, an image or a video", parameter="prompt")
    return order


_Check = Callable[[str, object], object]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > 20_000:
        raise _wrong(name, value, "give text of at most 20000 characters")
    return value


def _url(name: str, value: object) -> str:
    if not isinstance(value, str) or "://" not in value[:10]:
        raise _wrong(name, value, "give a URL")
    return value


def _urls(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 16:
        raise _wrong(name, value, "give a list of at most 16 URLs")
    return tuple(_url(name, url) for url in value)


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "give true or false")
    return value


def _number(low: float, high: float) -> _Check:
    def check(name: str, value: object) -> float:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
        if not low <= number <= high:
            raise _wrong(name, value, f"give a number between {low:g} and {high:g}")
        return number

    return check


def _integer(low: int, high: int) -> _Check:
    def check(name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _wrong(name, value, f"give an integer between {low} and {high}")
        return value

    return check


def _behaviour(name: str, value: object) -> Behaviour:
    if value not in BEHAVIOURS:
        hint = did_you_mean(value, BEHAVIOURS) if isinstance(value, str) else ""
        raise _wrong(name, value, f"choose {', '.join(BEHAVIOURS)}{hint}")
    return value


def _wrong(name: str, value: object, says: str) -> Exception:
    shown = repr(value)
    return refused(f"{name}={shown if len(shown) <= 80 else f'{shown[:77]}...'}: {says}", parameter=name)


_CHECKS: Mapping[str, _Check] = {
    "prompt": _text,
    "negative_prompt": _text,
    "duration": _number(0.1, 120),
    "resolution": _text,
    "aspect_ratio": _text,
    "fps": _integer(1, 60),
    "seed": _integer(0, LARGEST_SEED),
    "num_videos": _integer(1, 4),
    "generate_audio": _flag,
    "enhance_prompt": _flag,
    "first_frame_url": _url,
    "last_frame_url": _url,
    **dict.fromkeys(IMAGE_PARAMETERS, _urls),
    "video_url": _url,
    "mock_seconds": _number(0, 3600),
    "mock_behaviour": _behaviour,
    "mock_retry_after": _number(0, 3600),
}
