"""Acme on 127.0.0.1, for tests of the plugin and of applications."""

from __future__ import annotations

import ssl
from collections import deque
from typing import Any, Literal

from tarash_core.testing import FakeService, Received, Reply, tiny_video

Step = Literal["submit", "poll", "download"]


class AcmeServer(FakeService[Step]):
    """`statuses` are the answers to a new job's polls, in turn; the last one stays. `jobs` are those accepted."""

    def __init__(self, *, key: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.key, self.video = key, tiny_video()
        self.statuses: list[dict[str, Any]] = [{"status": "waiting"}, {"status": "running"}, {"status": "done"}]
        self.jobs: dict[str, deque[dict[str, Any]]] = {}
        self.serve(tls=tls)

    def step_of(self, received: Received) -> Step | None:
        match received.method, received.path:
            case "POST", "/videos":
                return "submit"
            case "GET", "/kite.mp4":
                return "download"
            case "GET", path if path.startswith("/videos/"):
                return "poll"
        return None

    def carried_out(self, step: Step, received: Received) -> Reply:
        if step == "download":
            return Reply(body=self.video, headers={"Content-Type": "video/mp4"})
        if self.key and received.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(401, json={"type": "credentials", "says": "who are you?"})
        if step == "submit":
            job_id = str(len(self.jobs) + 1)
            self.jobs[job_id] = deque(self.statuses)
            return Reply(json={"id": job_id, "status": "waiting"})
        left = self.jobs.get(received.path.removeprefix("/videos/"))
        if left is None:
            return Reply(404, json={"type": "unknown", "says": "no such job"})
        told = left.popleft() if len(left) > 1 else left[0]
        return Reply(json={"video": {"href": f"{self.url}/kite.mp4", "seconds": 8}, **told})
