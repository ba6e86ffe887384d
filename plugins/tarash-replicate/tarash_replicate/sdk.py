"""Which SDK is installed, and whether it is the one that this plugin speaks."""

from __future__ import annotations

import re
from importlib import metadata

from tarash_core import PluginError

_OLDEST, _BEFORE = (1, 0, 4), (2,)
_WAY_OUT = "install the right one with: pip install 'replicate>=1.0.4,<2'"


def check_installed() -> None:
    """Refuse every SDK but replicate 1.x: 2.x has other classes, other names and another base URL.

    Raises:
        PluginError: Which version is there, which is wanted, and how to get it.
    """
    try:
        version = metadata.version("replicate")
    except metadata.PackageNotFoundError:
        raise PluginError(f"the SDK 'replicate' is not installed; {_WAY_OUT}") from None
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    if not _OLDEST <= numbers < _BEFORE:
        raise PluginError(
            f"the SDK 'replicate' {version} is installed, which tarash-replicate cannot use: it speaks 1.x, from "
            f"1.0.4 on; {_WAY_OUT}"
        )
