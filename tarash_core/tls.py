"""One TLS context per process: building one costs some 30 ms of CPU, nearly all that a client costs."""

from __future__ import annotations

import functools
import os
import ssl


def shared_tls_context() -> ssl.SSLContext:
    """The context that httpx would build by itself: SSL_CERT_FILE, SSL_CERT_DIR, else certifi's certificates.

    For plugins too: give it to every SDK that takes one.
    """
    return _context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@functools.lru_cache(maxsize=4)
def _context(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    # httpx reads the two variables itself; as arguments they make the cache follow them.
    import httpx

    return httpx.create_ssl_context()
