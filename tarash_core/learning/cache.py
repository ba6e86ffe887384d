"""Published schemas, kept on disk for a week. Nothing here ever fails a generation."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tarash_core.learning.published import Json
from tarash_core.log import log

WEEK = 7 * 24 * 3600.0
_MAX_BYTES = 8 << 20


def read_schema(provider: str, model: str, base_url: str | None) -> dict[str, Any] | None:
    """The schema that was kept of a model, as far as it is there, whole and not older than a week."""
    try:
        path = schema_path(provider, model, base_url)
        if path.stat().st_size > _MAX_BYTES:
            return None
        kept = json.loads(path.read_bytes())
        fresh = 0 <= time.time() - kept["read_at"] < WEEK
        return kept["schema"] if fresh and kept["model"] == model and isinstance(kept["schema"], dict) else None
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, RecursionError):
        return None


def write_schema(provider: str, model: str, base_url: str | None, schema: Json) -> None:
    """Keep a schema: whole or not at all. A folder that cannot be written is said in the log, and nothing else."""
    try:
        path = schema_path(provider, model, base_url)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"model": model, "read_at": time.time(), "schema": schema})
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except (OSError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        log.info("the schema of '%s' is not kept on disk: %s", model, error)


def schema_path(provider: str, model: str, base_url: str | None) -> Path:
    """Where the schema of a model is kept; another address may publish another one.

    Raises:
        RuntimeError: There is no home folder.
    """
    name = hashlib.sha256(f"{base_url or ''}\n{model}".encode()).hexdigest()
    return cache_folder() / "schemas" / quote(provider, safe="") / f"{name}.json"


def cache_folder() -> Path:
    """Where this platform keeps what a program can make again: XDG_CACHE_HOME, Caches, LOCALAPPDATA."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "tarash"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/tarash").expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "tarash" / "cache"
    return Path("~/.cache/tarash").expanduser()
