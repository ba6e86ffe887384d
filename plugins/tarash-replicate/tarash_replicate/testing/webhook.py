"""Webhooks as Replicate signs them: https://replicate.com/docs/topics/webhooks/verify-webhook, read 2026-11-23."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

SECRET = "whsec_" + base64.b64encode(b"a secret for tests").decode()


def signed(body: bytes, *, secret: str = SECRET, age: float = 0.0) -> dict[str, str]:
    """The headers of a webhook with this body, sent `age` seconds ago."""
    message_id, timestamp = "msg_1", str(int(time.time() - age))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"Webhook-Id": message_id, "Webhook-Timestamp": timestamp, "Webhook-Signature": signature}
