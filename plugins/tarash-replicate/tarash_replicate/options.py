"""The options of `config.provider_config`, with Replicate's documented forms.

https://replicate.com/docs/reference/http#predictions.create, read 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from tarash_core import ConfigurationError

# "30s", "5m", "2h30m"; without a unit: seconds.
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.ASCII)
_SHORTEST = 5


def webhook_fields(given: Mapping[str, object]) -> dict[str, object]:
    """The fields of a submit that ask for one call when the prediction has ended; none without ``webhook_url``.

    Raises:
        ConfigurationError: Not an address that Replicate calls; nothing has been sent.
    """
    url = given.get("webhook_url")
    if url is None:
        return {}
    if not isinstance(url, str) or not url.startswith("https://"):
        _refuse("webhook_url", url, "an https address")
    return {"webhook": url, "webhook_events_filter": ["completed"]}


def deadline_header(given: Mapping[str, object]) -> dict[str, str]:
    """The header of a submit that sets a deadline at Replicate; none without ``cancel_after``.

    Raises:
        ConfigurationError: Not a duration that Replicate takes; nothing has been sent.
    """
    duration = given.get("cancel_after")
    if duration is None:
        return {}
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if hours * 3600 + minutes * 60 + seconds < _SHORTEST:
        _refuse("cancel_after", duration, f"'90s', '5m' or '1h30m', at least {_SHORTEST} seconds")
    return {"Cancel-After": str(duration)}


def _refuse(name: str, value: object, wanted: str) -> NoReturn:
    raise ConfigurationError(
        f"provider_config: {name}={value!r} is not taken by replicate; give {wanted}", provider="replicate"
    )
