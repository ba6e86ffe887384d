"""The two roads to Google's video models, and which of them a config takes.

google-genai 3 makes videos with `models.generate_videos` on Vertex AI alone (`Models._generate_videos` refuses the
Gemini API), and with `interactions.create` on a plain API key. Veo is on the first road, Gemini Omni on the second:
https://ai.google.dev/gemini-api/docs/video, read 2026-11-23.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from tarash_core import ConfigurationError, Job, VideoGenerationConfig

RoadName = Literal["vertex", "interactions"]

# Families by the names that Google gives them; other names take whatever road the config has.
_ROADS: dict[str, RoadName] = {"veo-": "vertex", "gemini-": "interactions"}
# The variables that the SDK reads for the same question (`BaseApiClient.__init__`, `get_base_url`).
_WANT_VERTEX = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")
_ADDRESSES: dict[RoadName, str] = {"vertex": "GOOGLE_VERTEX_BASE_URL", "interactions": "GOOGLE_GEMINI_BASE_URL"}

_TO_VERTEX = (
    "set provider_config project and location (or GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION), with application-"
    "default credentials"
)
_TO_KEY_ONLY = "set api_key (or GOOGLE_API_KEY or GEMINI_API_KEY), without provider_config project, location, vertexai"


@dataclass(frozen=True, slots=True)
class Road:
    """How a job goes to Google. It holds no secret, stands in the job, and finds it again in another process.

    Args:
        name: ``"vertex"`` or ``"interactions"``, the key-only road.
        project: Google Cloud project; on Vertex without one, the key is an express-mode key.
        location: Google Cloud location.
        base_url: Another address than Google's own.
    """

    name: RoadName
    project: str | None = None
    location: str | None = None
    base_url: str | None = None

    @classmethod
    def of_job(cls, job: Job, config: VideoGenerationConfig) -> Road:
        """The road that a job was submitted on; that of the config for one whose answer was lost and settled later."""
        data = job.provider_data
        if "road" not in data:
            return road_of(config)
        return cls(data["road"], data.get("project"), data.get("location"), data.get("base_url"))

    @property
    def keyed(self) -> bool:
        """Whether the key pays; application-default credentials do on Vertex with a project."""
        return self.name == "interactions" or self.project is None

    def data(self) -> dict[str, str]:
        """For `Job.provider_data`."""
        told = {"road": self.name, "project": self.project, "location": self.location, "base_url": self.base_url}
        return {name: value for name, value in told.items() if value is not None}

    def __str__(self) -> str:
        if self.name == "interactions":
            return "google: the key-only road (Interactions API)"
        if self.project is None:
            return "google: the Vertex road, with an express-mode key"
        return f"google: the Vertex road, project '{self.project}' in '{self.location}'"


def road_of(config: VideoGenerationConfig) -> Road:
    """The road of a config: by its options, else by its model, else by the environment.

    Raises:
        ConfigurationError: An option of a wrong kind, or a model that this road does not have; the other one is named.
    """
    options = config.provider_config
    project, location = _text(options, "project"), _text(options, "location")
    family = next((road for prefix, road in _ROADS.items() if (config.model or "").startswith(prefix)), None)
    name = _by_options(options) or family or _by_environment()
    if family is not None and name != family:
        _refuse(config, family)
    base_url = config.base_url or os.environ.get(_ADDRESSES[name]) or None
    if name == "interactions":
        return Road(name, base_url=base_url)
    return Road(
        name,
        project or os.environ.get("GOOGLE_CLOUD_PROJECT") or None,
        location or os.environ.get("GOOGLE_CLOUD_LOCATION") or None,
        base_url,
    )


def check_credentials(config: VideoGenerationConfig, road: Road) -> None:
    """Refuse a road for which the config does not have what it takes.

    Raises:
        ConfigurationError: Naming what is missing and, where there is one, the other road.
    """
    if road.name == "interactions":
        if config.api_key is None:
            _lacks(config, f"{road} needs a key: {_TO_KEY_ONLY}; or, for Veo, {_TO_VERTEX}")
        return
    if road.project and road.location:
        return
    if road.project or road.location:
        missing = "location" if road.project else "project"
        _lacks(config, f"the Vertex road needs project and location, and {missing} is missing; {_TO_VERTEX}")
    if config.api_key is None:
        _lacks(config, f"the Vertex road needs a project: {_TO_VERTEX}; or api_key with vertexai=True (express mode)")
    if not (config.provider_config.get("vertexai") or _environment_wants_vertex()):
        _refuse(config, "vertex")


def _by_options(options: Mapping[str, object]) -> RoadName | None:
    wanted = options.get("vertexai")
    if wanted is not None and not isinstance(wanted, bool):
        raise ConfigurationError(f"provider_config: vertexai={wanted!r} is not taken; give true or false")
    if wanted is False and (options.get("project") or options.get("location")):
        raise ConfigurationError("provider_config: vertexai=False goes without project and location; leave them out")
    if wanted is None:
        return "vertex" if options.get("project") or options.get("location") else None
    return "vertex" if wanted else "interactions"


def _by_environment() -> RoadName:
    return "vertex" if _environment_wants_vertex() or os.environ.get("GOOGLE_CLOUD_PROJECT") else "interactions"


def _environment_wants_vertex() -> bool:
    return any(os.environ.get(name, "").lower() in ("true", "1") for name in _WANT_VERTEX)


def _text(options: Mapping[str, object], name: str) -> str | None:
    value = options.get(name)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise ConfigurationError(f"provider_config: {name}={value!r} is not taken; give a text")
    return value


def _refuse(config: VideoGenerationConfig, other: RoadName) -> NoReturn:
    if other == "vertex":
        _lacks(
            config,
            f"the key-only road (Interactions API) does not make '{config.model}'; use Vertex: {_TO_VERTEX}, or "
            "vertexai=True where the key is an express-mode key",
        )
    _lacks(config, f"the Vertex road does not make '{config.model}'; use the key-only road: {_TO_KEY_ONLY}")


def _lacks(config: VideoGenerationConfig, message: str) -> NoReturn:
    raise ConfigurationError(message, provider=config.provider, model=config.model)
