"""A quiet chord, the same for the same seed."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator

SAMPLE_RATE = 48_000
BLOCK = 1024
_FADE = SAMPLE_RATE // 4
_LOUDNESS = 3_000
# Whole numbers of hertz, so that one second repeats without a seam: chords on A, C, D, E and G.
_CHORDS = ((220, 277, 330), (262, 330, 392), (294, 370, 440), (165, 208, 247), (196, 247, 294))


def chord(seed: int, seconds: float) -> Iterator[bytes]:
    """Mono 16-bit samples in blocks of at most `BLOCK`, faded in and out."""
    second = _one_second(seed)
    total = round(seconds * SAMPLE_RATE)
    for start in range(0, total, BLOCK):
        block = array("h", (second[index % SAMPLE_RATE] for index in range(start, min(start + BLOCK, total))))
        if start < _FADE or start + BLOCK > total - _FADE:
            for offset, sample in enumerate(block):
                edge = min(start + offset, total - 1 - start - offset)
                block[offset] = round(sample * min(1.0, edge / _FADE))
        yield block.tobytes()


def _one_second(seed: int) -> array[int]:
    notes = random.Random(seed).choice(_CHORDS)
    turns = [math.tau * note / SAMPLE_RATE for note in notes]
    return array("h", (round(_LOUDNESS * sum(math.sin(turn * at) for turn in turns)) for at in range(SAMPLE_RATE)))
