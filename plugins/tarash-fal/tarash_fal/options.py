"""The options of `config.provider_config`: fal's platform headers, with their documented names and limits.

https://fal.ai/docs/documentation/model-apis/common-parameters and .../media-expiration, read 2026-11-23. Three of them
are arguments of the SDK's `submit`, the others go into its ``headers``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn, TypedDict

from tarash_core import ConfigurationError

PRIORITIES = ("normal", "low")


class SubmitOptions(TypedDict, total=False):
    """Keyword arguments of `fal_client.SyncClient.submit`."""

    start_timeout: float
    priority: str
    hint: str
    headers: dict[str, str]


def submit_options(given: Mapping[str, object]) -> SubmitOptions:
    """Check the options and turn them into arguments of the SDK's `submit`.

    Raises:
        ConfigurationError: A value that fal does not document; nothing has been sent.
    """
    options = SubmitOptions(headers=_headers(given))
    start_timeout = given.get("start_timeout")
    if start_timeout is not None:
        # The SDK refuses one second and less (`add_timeout_header`), though fal documents more than 0.1.
        if not _is_number(start_timeout) or float(str(start_timeout)) <= 1:
            _refuse("start_timeout", start_timeout, "a number of seconds above 1")
        options["start_timeout"] = float(str(start_timeout))
    priority = given.get("priority")
    if priority is not None:
        if priority not in PRIORITIES:
            _refuse("priority", priority, " or ".join(f"'{word}'" for word in PRIORITIES))
        options["priority"] = str(priority)
    hint = given.get("hint")
    if hint is not None:
        if not isinstance(hint, str) or not hint.isascii() or not hint.isprintable():
            _refuse("hint", hint, "printable ASCII text")
        options["hint"] = hint
    return options


def _headers(given: Mapping[str, object]) -> dict[str, str]:
    headers: dict[str, str] = {}
    if _flag(given, "no_retry"):
        headers["X-Fal-No-Retry"] = "1"
    if _flag(given, "store_io") is False:
        headers["X-Fal-Store-IO"] = "0"
    seconds = given.get("expires_in")
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
            _refuse("expires_in", seconds, "a whole number of seconds above 0")
        headers["X-Fal-Object-Lifecycle-Preference"] = json.dumps({"expiration_duration_seconds": seconds})
    return headers


def _flag(given: Mapping[str, object], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        _refuse(name, value, "true or false")
    return value if isinstance(value, bool) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refuse(name: str, value: object, wanted: str) -> NoReturn:
    raise ConfigurationError(f"provider_config: {name}={value!r} is not taken by fal; give {wanted}", provider="fal")
