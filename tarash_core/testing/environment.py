"""An environment without what the machine that runs the tests has set."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def clear_environment(monkeypatch: pytest.MonkeyPatch, *prefixes: str) -> None:
    """Take away proxies, and every variable whose name begins with one of these, until the test ends."""
    for name in os.environ:
        if name.startswith(prefixes) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
