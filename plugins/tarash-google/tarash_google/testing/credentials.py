"""Application-default credentials for the fake: a service account whose token server is the fake's."""

from __future__ import annotations

import functools


def service_account(token_uri: str) -> dict[str, str]:
    """What a credentials file says that ``GOOGLE_APPLICATION_CREDENTIALS`` names; google-auth signs with its key."""
    return {
        "type": "service_account",
        "project_id": "kites",
        "private_key_id": "1",
        "private_key": _private_key(),
        "client_email": "tests@kites.iam.gserviceaccount.com",
        "token_uri": token_uri,
    }


@functools.cache
def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode("ascii")
    )
