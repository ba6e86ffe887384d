"""What every test of this repository shares."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest

pytest_plugins = ["tarash_core.testing.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--e2e``: also the tests that call a real provider, and cost money. ``--kills``: how long `tests/crash` is."""
    parser.addoption("--e2e", action="store_true", help="also run the tests that call real providers; they cost money")
    parser.addoption("--kills", type=int, default=2, help="how often tests/crash kills each provider's process")


def pytest_configure(config: pytest.Config) -> None:
    """The marker of those tests, a ledger that is not the user's own, and signals that are heard."""
    folder = tempfile.TemporaryDirectory(prefix="tarash-ledger-")
    config.add_cleanup(folder.cleanup)
    os.environ["TARASH_LEDGER"] = os.path.join(folder.name, "jobs.sqlite3")
    # A shell starts what runs in its background so, and nohup: what tests send would never arrive.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    config.addinivalue_line("markers", "e2e(*variables, usd): calls a real provider, if these are set; costs so much")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: half of the time, tests wait for what they have started on loopback."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what costs money unless it is asked for and can be paid."""
    for item in items:
        marker = item.get_closest_marker("e2e")
        if marker is None:
            continue
        missing = [name for name in marker.args if not os.environ.get(name)]
        if not config.getoption("--e2e"):
            item.add_marker(pytest.mark.skip(reason="calls a real provider; run it with --e2e"))
        elif missing:
            item.add_marker(pytest.mark.skip(reason=f"not set: {', '.join(missing)}"))
