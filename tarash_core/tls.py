"""One TLS context per process: building one costs some 30 ms of CPU, nearly all that a client costs."""

from __future__ import annotations

import functools
import ssl


@functools.cache
def shared_context() -> ssl.SSLContext:
    """The context that httpx would build by itself: SSL_CERT_FILE, SSL_CERT_DIR, else certifi's certificates."""
    import httpx

    return httpx.create_ssl_context()
