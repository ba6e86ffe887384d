"""What is documented can be asked for, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tarash_core.errors import ValidationError
from tarash_core.installed import list_models
from tarash_core.stack import stack_of
from tarash_core.testing.catalogue_contract.case import CatalogueCase
from tarash_core.testing.catalogue_contract.published import Json, without

NOT_OF_TYPE: dict[str, list[Any]] = {
    "string": [7, True, ["text"]],
    "boolean": ["yes", 1],
    "number": ["half", True],
    "integer": ["half", True, 1.5],
    "array": ["text", {"a": 1}],
    "object": ["text", [1]],
}


class DocumentedPromises(CatalogueCase):
    """Each mapping against the published schema of its model."""

    def test_every_mapping_can_be_used(self) -> None:
        """Every file is right."""
        assert stack_of(self.catalogue.provider).mappings.check() == ()

    def test_every_published_model_has_a_mapping_of_its_own(self) -> None:
        """And every other one a reason why its schema is not known."""
        published, mapped = set(self.catalogue.schemas), set(list_models(self.catalogue.provider))
        assert published - mapped == set()
        assert mapped - published == set(self.catalogue.unpublished)

    def test_a_mapping_has_every_documented_parameter_and_no_other(self, model: str) -> None:
        """By the provider's own names."""
        mapping = self.catalogue.mapping(model)
        assert {*mapping.fields, *mapping.extra} == self.catalogue.names(model)

    def test_whatever_is_documented_can_be_asked_for_and_what_rules_forbid_is_refused(self, model: str) -> None:
        """What the schema allows is sent as documented, without a warning."""
        catalogue = self.catalogue

        @settings(max_examples=self.tries, deadline=None, derandomize=True, database=None)
        @given(drawn=catalogue.objects(catalogue.schemas[model]))
        def check(drawn: Json) -> None:
            wanted = catalogue.askable(model, drawn)
            if not catalogue.is_valid(model, wanted):
                with pytest.raises(ValidationError, match=model):
                    catalogue.payload(model, catalogue.words(model, wanted), "ignore")
                wanted = catalogue.by_the_rules(model, wanted)
            body, payload = catalogue.converted(model, catalogue.words(model, wanted))
            assert catalogue.is_valid(model, body)
            assert (body, payload.model, payload.warnings) == (catalogue.sent(model, wanted), model, ())

        check()

    def test_every_documented_choice_and_both_ends_of_a_range_are_reached(self, model: str) -> None:
        """Each in the smallest payload that has it."""
        for wanted in self.catalogue.choosing(model):
            body, _ = self.catalogue.converted(model, self.catalogue.words(model, wanted))
            assert body == self.catalogue.sent(model, wanted)

    def test_what_is_not_asked_for_is_left_to_the_model(self, model: str) -> None:
        """No default of ours takes the place of the provider's."""
        smallest = self.catalogue.smallest(model)
        body, _ = self.catalogue.converted(model, self.catalogue.words(model, smallest))
        assert body == self.catalogue.sent(model, smallest)

    def test_what_the_model_needs_is_missed_before_anything_is_sent(self, model: str) -> None:
        """Whatever becomes of what the model does not take."""
        smallest = self.catalogue.smallest(model)
        for missing in smallest:
            with pytest.raises(ValidationError, match=model):
                self.catalogue.payload(model, self.catalogue.words(model, without(smallest, missing)), "ignore")

    def test_what_is_not_offered_is_refused_before_anything_is_sent(self, model: str) -> None:
        """Values beyond a limit or a choice, and of another type, by the name of the field that gave them."""
        for name in self.catalogue.properties(model):
            for value in self._forbidden(model, name):
                wanted = {**self.catalogue.smallest(model), name: value}
                assert not self.catalogue.is_valid(model, wanted), (name, value)
                with pytest.raises(ValidationError) as caught:
                    self.catalogue.payload(model, self.catalogue.words(model, wanted), "ignore")
                assert caught.value.field in (self.catalogue.fields(model, name) or {self.catalogue.called(name)}), (
                    name,
                    value,
                )

    def _forbidden(self, model: str, name: str) -> list[Any]:
        """What the schema of a parameter does not allow, as far as a request can hold it at all."""
        catalogue, schema = self.catalogue, self.catalogue.properties(model)[name]
        fields, choice = catalogue.fields(model, name), "enum" in schema or "anyOf" in schema
        if name in catalogue.examples or "video" in fields:
            return []
        found = _beyond(schema)
        if not fields:
            return found + NOT_OF_TYPE[schema["type"]] + (["no such choice"] if choice else [])
        if "image_list" in fields:
            many = "maxItems" in schema
            return found + ([[catalogue.image] * (schema["maxItems"] + 1)] if many else [])
        return found + (catalogue.wrong[name] if choice else [])

    def test_what_rules_forbid_is_refused_and_nothing_else(self, model: str) -> None:
        """Of what the rules of a model speak of, given and not given together."""
        outcomes = set()
        for combined in self.catalogue.combinations(model):
            wanted = self.catalogue.askable(model, combined)
            allowed = self.catalogue.is_valid(model, wanted)
            outcomes.add(allowed)
            ours = self.catalogue.words(model, wanted)
            if allowed:
                assert self.catalogue.converted(model, ours)[0] == self.catalogue.sent(model, wanted)
            else:
                with pytest.raises(ValidationError, match=model):
                    self.catalogue.payload(model, ours, "ignore")
        assert outcomes in (set(), {True, False})


def _beyond(schema: Json) -> list[Any]:
    """Just beyond each limit."""
    unit = 1 if schema.get("type") == "integer" else 0.1
    found: list[Any] = ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    found += [""] if "minLength" in schema else []
    found += [schema["minimum"] - unit] if "minimum" in schema else []
    found += [schema["maximum"] + unit] if "maximum" in schema else []
    return found + ([schema["minimum"] + schema["multipleOf"] - 1] if "multipleOf" in schema else [])
