"""pytest fixtures: ``pytest_plugins = ["tarash_core.testing.fixtures"]`` in a conftest."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tarash_core import VideoGenerationRequest
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing.world import World


@pytest.fixture(params=["sync", "async"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Both worlds in turn: one test, two runs."""
    with World(request.param) as both:
        yield both


@pytest.fixture
def key() -> str:
    """An API key that is a canary: it must appear in nothing that is written."""
    return "canary-7f3a9c51e2"


@pytest.fixture
def kite() -> VideoGenerationRequest:
    """The smallest request."""
    return VideoGenerationRequest(prompt="a red kite")


@pytest.fixture
def ledger() -> Iterator[MemoryJobStore]:
    """A ledger of the test's own, in memory."""
    store = MemoryJobStore()
    use_ledger(store)
    yield store
    use_ledger(None)


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context for localhost, whose authority `SSL_CERT_FILE` names. Needs trustme."""
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context
