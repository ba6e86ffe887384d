"""What each provider can do, read off its plugin's own data: its mappings and its ``provider.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from tarash_core.stack import stack_of

_CONTINUING = frozenset({"extend-video", "remix-video"})
# The option of `provider_config` by which a request asks for a call.
_WEBHOOK_OPTION = "webhook_url"
_PROGRESS_WORDS = {"per_cent": "per cent", "queue_position": "queue position", "logs": "logs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one provider can do with at least one of its models.

    Args:
        provider: Name of the provider.
        text: From a prompt alone.
        first_frame: From an image that the video begins with.
        last_frame: To an image that the video ends with.
        reference: With images of what is to appear, or of a style.
        video_in: From a video.
        extend_remix: Longer, or otherwise, from a video that was made before.
        audio: With sound that can be asked for or left out.
        cancel: A job can be stopped.
        webhook: A request can ask the provider to call an address, and its signature is checked.
        upload: Local files reach the provider.
        progress: What it tells of a running job.
    """

    provider: str
    text: bool
    first_frame: bool
    last_frame: bool
    reference: bool
    video_in: bool
    extend_remix: bool
    audio: bool
    cancel: bool
    webhook: bool
    upload: bool
    progress: tuple[str, ...]


def capabilities_of(provider: str) -> Capabilities:
    """Read off the mappings of a provider's plugin and its facts. Its SDK is not imported.

    Raises:
        PluginError: No such plugin, or it is broken.
        MappingError: One of its plugin's mapping files is wrong. What others add to them is not looked at.
    """
    from tarash_core.mapping.sources import plugin_only

    stack = stack_of(provider)
    library = stack.mappings.with_layers(plugin_only)
    mappings = [library.find(model) for model in library.models()]
    takes = frozenset[str]().union(*(mapping.takes for mapping in mappings))
    tasks = {mapping.task for mapping in mappings}
    features = stack.facts.features
    return Capabilities(
        provider=provider,
        text="text-to-video" in tasks or "any" in tasks,
        first_frame="first_frame" in takes,
        last_frame="last_frame" in takes,
        reference=not takes.isdisjoint({"reference", "asset", "style"}),
        video_in="video" in takes,
        extend_remix=features.extend or not tasks.isdisjoint(_CONTINUING),
        audio="generate_audio" in takes,
        cancel=features.cancel,
        webhook=features.webhook and _WEBHOOK_OPTION in stack.facts.options,
        upload=features.upload,
        progress=tuple(_PROGRESS_WORDS[word] for word in features.progress),
    )


HEADS = tuple(field.name.replace("extend_remix", "extend / remix").replace("_", " ") for field in fields(Capabilities))


def cells(providers: Iterable[Capabilities], *, yes: str) -> list[list[str]]:
    """One row a provider, one text a capability in the order of `HEADS`; empty where there is none."""
    return [[_cell(getattr(provider, field.name), yes) for field in fields(Capabilities)] for provider in providers]


def markdown_table(providers: Iterable[Capabilities]) -> str:
    """One row a provider, one column a capability, as GitHub-flavoured Markdown."""
    rows = [[cell or "-" for cell in row] for row in cells(providers, yes="✓")]
    lines = [HEADS, ["---"] + [":-:"] * (len(HEADS) - 2) + ["---"], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: object, yes: str) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return value if isinstance(value, str) else yes if value else ""
