"""What a failure of an HTTP library means, whichever library it is.

SDKs carry their requests with httpx, or with its successor httpx2, which keeps the class names. Nothing here imports
either: a class is told by its name and by the package it comes from, so that no plugin's choice weighs on the others.
"""

from __future__ import annotations

import datetime
import email.utils
import math
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
    """Whether the provider may have read the request: False is certain; None: this is no transport failure.

    Raised without ``from`` while another exception was handled, an error may come from a second attempt of the SDK:
    the first one then proves that something failed, but never that nothing was sent.
    """
    for cause, certain in _chain(error):
        names = {cls.__name__ for cls in type(cause).__mro__ if cls.__module__.partition(".")[0] in _LIBRARIES}
        if names & NOT_SENT:
            return not certain
        if names & MAYBE_SENT:
            return True
        if isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError):
            return not certain
        if isinstance(cause, ConnectionError | TimeoutError):
            return True
    return None


def _chain(error: BaseException) -> Iterator[tuple[BaseException, bool]]:
    """An exception and what caused it, outermost first, each with whether the links up to it were made by ``from``."""
    seen: set[int] = set()
    current: BaseException | None = error
    certain = True
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current, certain
        if current.__cause__ is None and not current.__suppress_context__:
            current, certain = current.__context__, False
        else:
            current = current.__cause__


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait, as number or date (RFC 9110, 10.2.3); None without one."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
        if moment.tzinfo is None:  # "-0000": the time is UTC all the same (RFC 5322, 3.3).
            moment = moment.replace(tzinfo=datetime.UTC)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
