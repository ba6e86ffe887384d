"""Webhooks of Replicate: the signature checked by the SDK, and the age.

https://replicate.com/docs/topics/webhooks/verify-webhook, read 2026-11-23. This module imports the SDK: import it from
`tarash_verify_webhook` only.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping

from replicate.webhook import Webhooks, WebhookSigningSecret

from tarash_core import AuthenticationError, ConfigurationError, VideoGenerationConfig, WebhookState
from tarash_replicate.prediction import state_of

_OLDEST_SECONDS = 300
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]+=*", re.ASCII)


def verified(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """What a webhook tells of a prediction, once it is certain that Replicate sent it less than five minutes ago.

    Raises:
        AuthenticationError: The signature is wrong or missing, or it is too old.
        ConfigurationError: There is no secret to check it with.
        UnexpectedResponseError: The prediction's status is not documented.
    """
    secret = _secret(config)
    try:
        text = body.decode()
        # Without a tolerance the SDK checks no age. Its errors, and those of a stray header, are all ValueErrors.
        Webhooks.validate(headers=dict(headers), body=text, secret=secret, tolerance=_OLDEST_SECONDS)
    except ValueError as error:
        raise AuthenticationError(f"the webhook is not from replicate, or too old: {error}; ignore it") from None
    prediction = json.loads(text)
    return WebhookState(request_id=str(prediction["id"]), state=state_of(prediction), body=prediction)


def _secret(config: VideoGenerationConfig) -> WebhookSigningSecret:
    """The secret, checked here: the SDK quotes one that it cannot read."""
    found = config.provider_config.get("webhook_secret") or os.environ.get("REPLICATE_WEBHOOK_SECRET", "")
    key = found.strip() if isinstance(found, str) else ""
    if not key:
        raise ConfigurationError(
            "webhooks of replicate are checked with a secret; set REPLICATE_WEBHOOK_SECRET, or "
            "provider_config['webhook_secret'] (it is at https://replicate.com/account/webhook)"
        )
    if not _SECRET.fullmatch(key) or not _is_base64(key.removeprefix("whsec_")):
        raise ConfigurationError("the webhook secret of replicate is not 'whsec_' and base64; copy it again")
    return WebhookSigningSecret(key=key)


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
