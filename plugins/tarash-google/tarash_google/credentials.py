"""Application-default credentials that keep the deadline.

google-auth gives its token server 120 seconds, three times (`google.auth.transport.requests`, `google.oauth2._client`);
a blocking call cannot be stopped from outside. This module imports google-auth: import it from the client only.
"""

from __future__ import annotations

from typing import Any

import google.auth
from google.auth.credentials import Credentials

from tarash_core import remaining_seconds

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_LONGEST = 60.0
_LEAST_TIMEOUT = 0.001


class DefaultCredentials(Credentials):
    """What `google.auth.default` finds, looked for at the first use. The SDK refreshes it under a lock of its own."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # google-auth has no types here
        self._found: Credentials | None = None

    def refresh(self, request: Any) -> None:
        """Fetch a token, within the deadline of the generation.

        Raises:
            google.auth.exceptions.GoogleAuthError: None is found, or no token is given.
        """
        if self._found is None:
            self._found, _ = google.auth.default(scopes=_SCOPES)

        def in_time(*args: Any, **options: Any) -> Any:
            seconds = remaining_seconds()
            most = _LONGEST if seconds is None else max(min(seconds, _LONGEST), _LEAST_TIMEOUT)
            return request(*args, **{**options, "timeout": most})

        self._found.refresh(in_time)  # type: ignore[no-untyped-call]  # google-auth has no types here either
        self.token, self.expiry = self._found.token, self._found.expiry
        self._quota_project_id = self._found.quota_project_id
