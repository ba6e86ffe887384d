"""The moving background: soft lights in colours that belong together, chosen by seed and prompt."""

from __future__ import annotations

import hashlib
import math
import random
from typing import TYPE_CHECKING

from tarash_mock.render.planes import Planes, planes_of

if TYPE_CHECKING:
    from PIL.Image import Image

Colour = tuple[int, int, int]

_SMALL = 160
# Pillow's radial gradient grows by the square root of two for each pixel: 181 is where it meets the edges.
_EDGE_LEVEL = 181
# Colours that belong together, dark enough for white letters: sky, ground, then the lights.
_PALETTES = (
    ("#1b1035", "#3a1c4e", "#ff6b5e", "#ff9e57", "#c2417f", "#6a4bc4", "#3d2c8d"),  # dusk
    ("#071a2f", "#0d3b52", "#1f8fb3", "#36c2b4", "#2b5fb8", "#134b8a", "#6fd3d6"),  # sea
    ("#0a1526", "#10303a", "#2fbf8f", "#4aa3df", "#8358c9", "#1d6f77", "#7be0a6"),  # northern lights
    ("#241019", "#4a1f24", "#e2604a", "#f0a04b", "#b23a55", "#7d2d4c", "#f3c26b"),  # embers
    ("#101c14", "#203a26", "#6fae5c", "#c4b454", "#3c8c72", "#2a6348", "#9ac76a"),  # forest
    ("#170f2e", "#2b1a55", "#7c5cff", "#d15bd6", "#4a7bf0", "#4d2fa8", "#f08bc0"),  # violets
    ("#101a3a", "#1c2f63", "#4f7cff", "#f2809a", "#7d6bf2", "#2b4fa8", "#ffb48a"),  # early morning
)


class Backdrop:
    """A background of one size that never repeats itself, the same for the same seed and prompt."""

    def __init__(self, *, seed: int, prompt: str, size: tuple[int, int]) -> None:
        digest = hashlib.sha256(f"{seed}:{prompt}".encode()).digest()
        chance = random.Random(int.from_bytes(digest))
        self._size = size
        # Lights are soft: they are drawn small, and scaled up while they are converted.
        scale = _SMALL / max(size)
        self._small = max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
        sky, ground, *lights = (_colour(text) for text in chance.choice(_PALETTES))
        self._ground = _ground(self._small, sky, ground)
        self._lights = [_Light(chance, light, self._small) for light in chance.sample(lights, len(lights))]

    def at(self, seconds: float) -> Planes:
        """The picture at a moment."""
        image = self._ground.copy()
        for light in self._lights:
            light.shine(image, seconds)
        return planes_of(image, self._size)


class _Light:
    """One light that wanders about on a loop of its own."""

    def __init__(self, chance: random.Random, colour: Colour, area: tuple[int, int]) -> None:
        self._colour = colour
        self._area = area
        diameter = max(area) * chance.uniform(0.75, 1.25)
        self._mask = _glow(round(diameter), chance.uniform(0.6, 0.9))
        self._speeds = chance.uniform(0.35, 0.8), chance.uniform(0.35, 0.8)
        self._phases = chance.uniform(0, math.tau), chance.uniform(0, math.tau)
        self._centre = chance.uniform(0.25, 0.75), chance.uniform(0.25, 0.75)

    def shine(self, image: Image, seconds: float) -> None:
        """Paint it where it is at this moment."""
        x, y = (
            (centre + 0.38 * math.sin(speed * seconds + phase)) * side - self._mask.width / 2
            for centre, speed, phase, side in zip(self._centre, self._speeds, self._phases, self._area, strict=True)
        )
        image.paste(self._colour, (round(x), round(y)), self._mask)


def _ground(size: tuple[int, int], top: Colour, bottom: Colour) -> Image:
    from PIL import Image, ImageOps

    return ImageOps.colorize(Image.linear_gradient("L").resize(size), black=top, white=bottom)


def _glow(diameter: int, strength: float) -> Image:
    """A mask that is strongest in the middle and nothing at the edge."""
    from PIL import Image

    def eased(level: int) -> int:
        near = max(0.0, 1 - level / _EDGE_LEVEL)
        return round(255 * strength * near * near * (3 - 2 * near))

    return Image.radial_gradient("L").point([eased(level) for level in range(256)]).resize((diameter, diameter))


def _colour(text: str) -> Colour:
    """From ``"#rrggbb"``."""
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue
