"""What the pretended service raises, as a vendor's SDK would: its own classes, not Tarash's."""

from __future__ import annotations

from collections.abc import Mapping

POLICY = "content_policy_violation"


class MockServiceError(Exception):
    """Base of the service's errors."""


class MockAPIError(MockServiceError):
    """The service answered with an error status.

    Args:
        message: What it says.
        status_code: The HTTP status.
        code: The service's own word for it, e.g. ``"invalid_parameter"``.
        parameter: The parameter at fault, where one is.
        retry_after: Seconds to wait, with a 429 or a 503.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        code: str,
        parameter: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.code = code
        self.parameter = parameter
        self.retry_after = retry_after

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON body of the answer."""
        return {"error": {"code": self.code, "message": str(self), "parameter": self.parameter}}


class MockReplyLostError(MockServiceError):
    """The request went out, the connection broke, and no answer came."""


class MockSpoolError(MockServiceError):
    """The folder for uploaded files cannot be used."""


class MockJobFailedError(MockServiceError):
    """The job was accepted and failed later.

    Args:
        message: What the service says.
        code: ``"generation_failed"`` or `POLICY`.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def refused(message: str, *, parameter: str) -> MockAPIError:
    """The 422 of a parameter that the service does not take as it is."""
    return MockAPIError(message, status_code=422, code="invalid_parameter", parameter=parameter)
