"""What an author says of a provider's models, so that the contract can be run against their mappings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from tarash_core.api import build_payload
from tarash_core.config import OnUnsupported, VideoGenerationConfig
from tarash_core.mapping.limits import Limits
from tarash_core.mapping.model import ModelMapping
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest
from tarash_core.stack import stack_of
from tarash_core.testing.catalogue_contract.published import LARGEST_SEED, TEXTS, Json, Published

# What applications ask for, whatever the model; of each field, two values that differ.
USUAL: dict[str, tuple[Any, ...]] = {
    "prompt": TEXTS,
    "duration_seconds": (5, 8, 4, 2.5),
    "resolution": ("720p", "1080p", "1280x720"),
    "aspect_ratio": ("16:9", "9:16", "auto"),
    "generate_audio": (False, True),
    "seed": (7, 0, LARGEST_SEED),
    "number_of_videos": (2, 1),
    "negative_prompt": ("rain", "clouds"),
    "enhance_prompt": (False, True),
}


class Catalogue(Published, ABC):
    """The models of a provider: what was published of each, and the way there and back.

    A subclass names the provider and says in `words` what the provider's names mean. It says so once more, without
    looking at the mappings, so that no mapping is checked against itself.

    Attributes:
        provider: Its name.
        unpublished: Models that have a mapping and no schema, each with the reason.
        wrong: Values that are not offered, by the provider's name of each choice that a request field makes.
    """

    provider: str
    unpublished: Mapping[str, str] = {}
    wrong: Mapping[str, list[Any]] = {}

    @abstractmethod
    def words(self, model: str, wanted: Json) -> Json:
        """The fields of the request that says, in our words, what `wanted` says in the provider's.

        Images stand in ``image_list``, and what no field says in ``extra_params``.
        """

    def sent(self, model: str, wanted: Json) -> Json:
        """What is sent for `wanted`: with what the mapping always sends beside it."""
        return wanted

    def askable(self, model: str, wanted: Json) -> Json:
        """As much of `wanted` as one request can ask for."""
        return wanted

    def called(self, name: str) -> str:
        """What a mapping calls a parameter of the schema."""
        return name

    def names(self, model: str) -> set[str]:
        """What a mapping should call its parameters, all of them."""
        return {self.called(name) for name in self.properties(model)}

    def config(self, model: str, on_unsupported: OnUnsupported = "error") -> VideoGenerationConfig:
        """A config that asks for a model. It needs no key: nothing is sent."""
        return VideoGenerationConfig(provider=self.provider, model=model, on_unsupported=on_unsupported)

    def body(self, config: VideoGenerationConfig, request: VideoGenerationRequest, payload: Payload) -> Json:
        """What the schema describes, of a request and its payload."""
        return payload.arguments

    def mapping(self, model: str) -> ModelMapping:
        """The mapping that is used for a model."""
        return stack_of(self.provider).mappings.find(model)

    def payload(self, model: str, ours: Json, on_unsupported: OnUnsupported = "error") -> Payload:
        """What a request becomes."""
        return build_payload(self.config(model, on_unsupported), VideoGenerationRequest(**ours))

    def converted(self, model: str, ours: Json, on_unsupported: OnUnsupported = "error") -> tuple[Json, Payload]:
        """What the schema describes, and the payload that it came from."""
        config, request = self.config(model, on_unsupported), VideoGenerationRequest(**ours)
        payload = build_payload(config, request)
        return self.body(config, request, payload), payload

    def fields(self, model: str, name: str) -> set[str]:
        """The fields of the request that become a parameter; none for one that goes through extra_params."""
        schema = self.properties(model)[name]
        said = [self.words(model, {name: value}) for value in self.choices(name, schema) or [self.least(name, schema)]]
        return {field for ours in said for field in ours if ours[field] not in ([], {}) and field != "extra_params"}

    def requests(self, model: str) -> st.SearchStrategy[Json]:
        """Requests over the fields of a request and the mapping's own limits: a few fields beside what is needed."""
        mapping, smallest = self.mapping(model), self.words(model, self.smallest(model))
        fields = {name: st.sampled_from([*_offered(mapping, name) * 2, *usual]) for name, usual in USUAL.items()}
        fields["video"] = st.just(self.video)
        extra = dict(self._extra(model, mapping))
        roles = [role for role in ROLES if role in mapping.takes] * 4 + list(ROLES)
        images = st.lists(st.sampled_from(roles), max_size=3)

        def asked(names: list[str]) -> st.SearchStrategy[Json]:
            chosen = st.fixed_dictionaries({name: fields[name] for name in names if name in fields})
            more = st.fixed_dictionaries({name: extra[name] for name in names if name in extra})
            return st.builds(self._together, st.just(smallest), chosen, more, images)

        return st.lists(st.sampled_from([*fields, *extra]), unique=True, max_size=4).flatmap(asked)

    def _together(self, smallest: Json, chosen: Json, more: Json, roles: list[str]) -> Json:
        images = [{"image": self.image, "role": role} for role in roles]
        return {
            **smallest,
            **chosen,
            "image_list": [*smallest.get("image_list", ()), *images],
            "extra_params": {**smallest.get("extra_params", {}), **more},
        }

    def offers(self, model: str) -> Iterator[Json]:
        """The smallest request with each value that the mapping offers by its own limits, in our words."""
        mapping, smallest = self.mapping(model), self.words(model, self.smallest(model))
        for name in USUAL:
            for value in _offered(mapping, name):
                yield {**smallest, name: value}
        for name, rule in mapping.extra.items():
            for value in _of(rule.limits):
                yield {**smallest, "extra_params": {**smallest["extra_params"], name: value}}

    def _extra(self, model: str, mapping: ModelMapping) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
        """The other parameters of a mapping: by its own limits, or by the schema where those leave it open."""
        for name, rule in mapping.extra.items():
            if name in self.properties(model) and rule.kind in ("array", "object", "any", "media"):
                yield name, self.values(name, self.properties(model)[name])
            elif offered := _of(rule.limits):
                yield name, st.sampled_from(offered)
            elif rule.kind in ("number", "integer"):
                yield name, st.integers(1, 100)
            else:
                yield name, st.booleans() if rule.kind == "boolean" else st.sampled_from(TEXTS)


def _offered(mapping: ModelMapping, name: str) -> list[Any]:
    """What a mapping offers for a field of the request, in our words."""
    found: list[Any] = []
    for rule in mapping.fields.values():
        if rule.source == "from" and name in rule.names:
            found += [*(rule.values or ()), *_of(rule.limits)]
        elif rule.source == "lookup" and name in rule.names:
            found += rule.table if rule.names[0] == name else next(iter(rule.table.values()))
    return found


def _of(limits: Limits) -> list[Any]:
    """The values at the limits."""
    if limits.one_of is not None:
        return list(limits.one_of)
    texts = ["x" * length for length in (limits.min_length, limits.max_length) if length is not None]
    return [*(end for end in (limits.min, limits.max) if end is not None), *texts]
