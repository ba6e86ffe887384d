"""One request, six providers: only the config differs.

    python examples/one_request.py                                    # what each would be sent; sends nothing
    python examples/one_request.py --image first_frame=kite.png       # the same, with a first frame
    python examples/one_request.py --generate                         # make the videos, where a key is set

The plugins have to be installed. OpenAI's protocol and Azure need an address too: OPENAI_BASE_URL,
AZURE_OPENAI_ENDPOINT.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
from itertools import zip_longest

from tarash_core import (
    ConfigurationError,
    Media,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
    build_payload,
    generate_video,
)

CONFIGS = (
    VideoGenerationConfig(provider="mock"),
    VideoGenerationConfig(provider="fal", model="veo-3.1-fast"),
    VideoGenerationConfig(provider="replicate", model="google/veo-3.1-fast"),
    VideoGenerationConfig(provider="openai", model="sora-2"),
    VideoGenerationConfig(provider="azure-openai", model="sora-2"),
    VideoGenerationConfig(provider="google", model="gemini-omni-1.2-flash"),
)


def request(*images: tuple[str, object]) -> VideoGenerationRequest:
    """The one request. Each image is a role (``"first_frame"``) and what a request takes as an image."""
    return VideoGenerationRequest(
        prompt="a red kite over a stormy sea",
        duration_seconds=4,
        resolution="720p",
        aspect_ratio="16:9",
        image_list=[{"role": role, "image": image} for role, image in images],
    )


def main() -> None:
    """Show the payloads side by side, and with ``--generate`` make the videos."""
    arguments = _arguments()
    asked = request(*arguments.image)
    show([(str(config.provider), _sent(config, asked)) for config in CONFIGS])
    for config in CONFIGS if arguments.generate else ():
        print(f"{config.provider}: {_made(config, asked)}", flush=True)


def show(columns: list[tuple[str, str]]) -> None:
    """Titled texts, as many beside each other as the terminal has room for: by rich, or plainly without it."""
    if importlib.util.find_spec("rich") is None:
        _show_plainly(columns)
        return
    from rich.columns import Columns
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    Console().print(Columns((Panel(Text(text), title=title) for title, text in columns), equal=True))


def _show_plainly(columns: list[tuple[str, str]]) -> None:
    blocks = [[title, *text.splitlines()] for title, text in columns]
    width = max(len(line) for block in blocks for line in block) + 2
    abreast = max(1, shutil.get_terminal_size().columns // width)
    for start in range(0, len(blocks), abreast):
        for lines in zip_longest(*blocks[start : start + abreast], fillvalue=""):
            print("".join(line.ljust(width) for line in lines).rstrip())
        print()


def _sent(config: VideoGenerationConfig, asked: VideoGenerationRequest) -> str:
    payload = build_payload(config, asked)
    return json.dumps({"model": payload.model, **payload.arguments}, indent=2, default=_described)


def _described(value: object) -> str:
    return f"<{value.content_type}, {value.size} bytes>" if isinstance(value, Media) else repr(value)


def _made(config: VideoGenerationConfig, asked: VideoGenerationRequest) -> str:
    try:
        response = generate_video(config, asked)
        return str(response.video.save(f"kite-by-{config.provider}.mp4"))
    except ConfigurationError as error:
        return f"left out: {error}"
    except TarashException as error:
        return f"failed: {error}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="One request, six providers: only the config differs.")
    parser.add_argument(
        "--image", action="append", default=[], type=_image, metavar="ROLE=FILE", help="may be repeated"
    )
    parser.add_argument("--generate", action="store_true", help="make the videos; all but the mock's cost money")
    return parser.parse_args()


def _image(pair: str) -> tuple[str, str]:
    role, equals, file = pair.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{pair}' is not ROLE=FILE; write it like 'first_frame=kite.png'")
    return role, file


if __name__ == "__main__":
    main()
