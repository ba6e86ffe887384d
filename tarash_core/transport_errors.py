"""What a failure of an HTTP library means, whichever library it is.

SDKs carry their requests with httpx, or with its successor httpx2, which keeps the class names. Nothing here imports
either: a class is told by its name and by the package it comes from, so that no plugin's choice weighs on the others.
"""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Iterator, Mapping

_LIBRARIES = frozenset({"httpx", "httpx2", "httpcore", "httpcore2"})

# httpx's exception tree (https://www.python-httpx.org/exceptions/). These are raised before a byte of the request is
# written: no connection was made, or none was free in the pool.
NOT_SENT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError", "InvalidURL"}
)
MAYBE_SENT = frozenset(
    {
        "TransportError",
        "TimeoutException",
        "ReadTimeout",
        "WriteTimeout",
        "NetworkError",
        "ReadError",
        "WriteError",
        "CloseError",
        "ProtocolError",
        "LocalProtocolError",
        "RemoteProtocolError",
        "DecodingError",
        "TooManyRedirects",
        "StreamError",
    }
)


def request_sent(error: BaseException) -> bool | None:
    """Whether the provider may have read the request: False is certain; None: this is no transport failure."""
    for cause in _chain(error):
        names = {cls.__name__ for cls in type(cause).__mro__ if cls.__module__.partition(".")[0] in _LIBRARIES}
        if names & NOT_SENT:
            return False
        if names & MAYBE_SENT:
            return True
        if isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError):
            return False
        if isinstance(cause, ConnectionError | TimeoutError):
            return True
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it, outermost first: SDKs wrap their library's exceptions."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait, as number or date (RFC 9110, 10.2.3); None without one."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    if text is None:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
