"""Webhooks as a server sends them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time


def signed(event: str, video_id: str, *, secret: str, at: float | None = None) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event, e.g. ``video.completed``, signed now or `at` that second since the epoch.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    seconds = int(time.time() if at is None else at)
    told = {"id": "evt_1", "object": "event", "type": event, "created_at": seconds, "data": {"id": video_id}}
    body = json.dumps(told)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"evt_1.{seconds}.{body}".encode(), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": "evt_1", "webhook-timestamp": str(seconds), "webhook-signature": signature}, body.encode()
