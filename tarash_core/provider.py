"""The facts of a provider: what its plugin's ``provider.yaml`` says, readable without importing the plugin."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tarash_core.errors import MappingError, TarashException
from tarash_core.noun import Noun
from tarash_core.yaml_node import Table
from tarash_core.yaml_reader import read_document

FILE_NAME = "provider.yaml"
MODELS_FOLDER = "models"


class KeySource(Noun):
    """Where the key comes from when the config gives none: environment variables, the first that is set wins.

    A name written ``A+B`` takes two variables and joins their values with a colon. An `optional` key is one that the
    provider can do without, by other credentials of its own.
    """

    invalid: ClassVar[type[TarashException]] = MappingError

    environment: tuple[str, ...] = Field(min_length=1)
    optional: bool = False


class AddressSource(Noun):
    """Where the address comes from when the config gives none: the first environment variable that is set."""

    invalid: ClassVar[type[TarashException]] = MappingError

    environment: tuple[str, ...] = Field(min_length=1)


class Upload(Noun):
    """How bytes reach the provider when its plugin has no upload of its own."""

    invalid: ClassVar[type[TarashException]] = MappingError

    data_url_limit: int = Field(default=0, ge=0)


class Features(Noun):
    """What the provider can do, for tables and for `tarash doctor`.

    Args:
        cancel: A job can be stopped.
        extend: A model that is for other tasks too also continues or remixes a video; the tasks of the models tell the
            rest.
        webhook: The provider's calls can be verified.
        upload: Local files reach the provider.
        progress: What it tells of a running job.
    """

    invalid: ClassVar[type[TarashException]] = MappingError

    cancel: bool = False
    extend: bool = False
    webhook: bool = False
    upload: bool = False
    progress: tuple[Literal["per_cent", "queue_position", "logs"], ...] = ()


class ResultPaths(Noun):
    """Dotted paths into a raw result, tried in order: first inside the video's object, then in the whole result."""

    invalid: ClassVar[type[TarashException]] = MappingError

    videos: tuple[str, ...] = ("video", "videos")
    url: tuple[str, ...] = ("url",)
    content_type: tuple[str, ...] = ("content_type",)
    filename: tuple[str, ...] = ("file_name",)
    size_bytes: tuple[str, ...] = ("file_size",)
    duration: tuple[str, ...] = ("duration",)
    fps: tuple[str, ...] = ("fps",)
    width: tuple[str, ...] = ("width",)
    height: tuple[str, ...] = ("height",)
    seed: tuple[str, ...] = ("seed",)


class ProviderFacts(Noun):
    """Everything that is data about a provider.

    Args:
        name: The entry point's name.
        title: The provider's name as it writes it itself.
        docs: The page that the facts come from.
        default_model: What a config without a model means.
        api_key: Where the key comes from; None: the provider needs no key.
        base_url: Where a `base_url` comes from that the config does not give; the job keeps it.
        poll_interval: Seconds between polls at first.
        upload: Limits of data URLs.
        version_separator: Text after it is cut off a model's name before the lookup.
        options: Keys of `provider_config` that the plugin knows, each with what it does.
        features: What the provider can do.
        result: Where the parts of a result stand.
    """

    invalid: ClassVar[type[TarashException]] = MappingError

    schema_version: Literal[1] = Field(alias="schema", default=1)
    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: str
    docs: str | None = None
    default_model: str | None = None
    api_key: KeySource | None = None
    base_url: AddressSource | None = None
    poll_interval: float = Field(default=2.0, gt=0, allow_inf_nan=False)
    upload: Upload = Upload()
    version_separator: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    features: Features = Features()
    result: ResultPaths = ResultPaths()


def read_facts(folder: Path | None, *, name: str) -> ProviderFacts:
    """Read ``provider.yaml`` of a plugin's folder; without one, the facts are the defaults.

    Raises:
        MappingError: The file is not valid, or is about another provider.
    """
    file = folder / FILE_NAME if folder else None
    if file is None or not file.is_file():
        return ProviderFacts(name=name, title=name)
    document = read_document(file.read_bytes(), file=str(file))
    if not isinstance(document, Table):
        raise document.error(f"a provider's facts are a group of keys, not {document.describe()}")
    try:
        facts = ProviderFacts.model_validate(document.plain())
    except MappingError as error:
        raise MappingError(error.message, file=str(file)) from None
    if facts.name != name:
        raise MappingError(f"it is about '{facts.name}', but the plugin's name is '{name}'", file=str(file))
    return facts
