"""The kit for testing plugins and applications: the one that Tarash tests itself with.

    from tarash_core.testing import LoopbackServer, Reply, World, assert_absent

`World` drives the public API from a plain test in either world; the fixture `world` of `tarash_core.testing.fixtures`
gives both in turn. `LoopbackServer` is a real HTTP server on 127.0.0.1 that answers, drops, resets and hangs as told;
a `FakeService` puts one service's steps on it, each of which can be counted and can fail.
`ScriptedProvider` is a provider without a service, with every outcome that a service can have. `tiny_video` is an MP4
for a fake service to serve.

What every plugin must keep stands in contracts, which are tests to inherit: `tarash_core.testing.provider_contract` and
`tarash_core.testing.store_contract`. They and the fixtures need pytest; nothing else here does.
"""

from tarash_core.testing.canary import assert_absent
from tarash_core.testing.environment import clear_environment
from tarash_core.testing.fake import FakeService
from tarash_core.testing.scripted import ScriptedProvider
from tarash_core.testing.server import LoopbackServer, Received, Reply
from tarash_core.testing.video import tiny_video
from tarash_core.testing.world import World

__all__ = [
    "FakeService",
    "LoopbackServer",
    "Received",
    "Reply",
    "ScriptedProvider",
    "World",
    "assert_absent",
    "clear_environment",
    "tiny_video",
]
