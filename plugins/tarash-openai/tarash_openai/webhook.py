"""Webhooks, in the standard form that OpenAI signs them in; checked by the SDK.

https://developers.openai.com/api/docs/guides/webhooks, read 2026-11-23. The body is ``{id, type, created_at,
data: {id}}``. This module imports the SDK: import it from `tarash_verify_webhook` only.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping

from openai import OpenAI

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    WebhookState,
)
from tarash_openai.client import http_client

_STATES: dict[object, str] = {"video.completed": "completed", "video.failed": "failed"}
_OLDEST_SECONDS = 300


def verified(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """What a webhook tells of a video, once it is certain who sent it, less than five minutes ago.

    Raises:
        AuthenticationError: The signature is wrong, too old or missing.
        ConfigurationError: There is no secret to check it with.
        UnexpectedResponseError: It is rightly signed, and about something else.
    """
    secret = _secret(config)
    with OpenAI(api_key="none", http_client=http_client("sync")) as client:
        try:
            client.webhooks.verify_signature(body, headers, secret=secret, tolerance=_OLDEST_SECONDS)
        except ValueError as error:
            raise AuthenticationError(
                f"the webhook is not from '{config.provider}', or too old: {error}; ignore it", provider=config.provider
            ) from None
    told: object = json.loads(body)
    event: dict[str, object] = told if isinstance(told, dict) else {}
    state, video = _STATES.get(event.get("type")), event.get("data")
    if state is None or not isinstance(video, dict) or not isinstance(video.get("id"), str):
        raise UnexpectedResponseError(
            "the webhook is about no video; subscribe to video.completed and video.failed only"
        )
    return WebhookState(request_id=video["id"], state=state, body=event)


def _secret(config: VideoGenerationConfig) -> str:
    """The secret, checked here: the SDK decodes it, and what fails then looks like a wrong signature."""
    found = config.provider_config.get("webhook_secret") or os.environ.get("OPENAI_WEBHOOK_SECRET", "")
    secret = found.strip() if isinstance(found, str) else ""
    if not secret:
        raise ConfigurationError(
            "webhooks are checked with a secret; set OPENAI_WEBHOOK_SECRET, or provider_config['webhook_secret'], to "
            "what the server gave when the webhook was made"
        )
    if secret.startswith("whsec_") and not _is_base64(secret.removeprefix("whsec_")):
        raise ConfigurationError("the webhook secret is not 'whsec_' and base64; copy it again")
    return secret


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
