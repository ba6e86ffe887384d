"""A server of the protocol on loopback, to test with; no key and no money needed.

with VideoServer() as server:
    config = VideoGenerationConfig(provider="openai", model="sora-2", api_key="any", base_url=server.url)
    ...
"""

from tarash_openai.testing.server import COMPLETED, IN_PROGRESS, QUEUED, ServedVideo, VideoServer
from tarash_openai.testing.webhook import signed
from tarash_openai.testing.words import STATES, in_our_words

__all__ = ["COMPLETED", "IN_PROGRESS", "QUEUED", "STATES", "ServedVideo", "VideoServer", "in_our_words", "signed"]
