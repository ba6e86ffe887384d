"""Whatever is asked for ends as sent, adapted with a warning, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import pytest
from hypothesis import given, settings

from tarash_core.errors import ValidationError
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.testing.catalogue_contract.case import CatalogueCase
from tarash_core.testing.catalogue_contract.catalogue import USUAL
from tarash_core.testing.catalogue_contract.published import Json, without


class RequestPromises(CatalogueCase):
    """Requests that know nothing of the model, and requests over the mapping's own limits."""

    def test_every_request_becomes_a_valid_payload_of_which_nothing_is_lost_or_is_refused(self, model: str) -> None:
        """Over the fields of a request and the mapping's own limits: each field is sent, warned of, or refused."""
        catalogue = self.catalogue

        @settings(max_examples=self.tries, deadline=None, derandomize=True, database=None)
        @given(ours=catalogue.requests(model))
        def check(ours: Json) -> None:
            try:
                body, payload = catalogue.converted(model, ours, "warn")
            except ValidationError:
                return
            assert catalogue.is_valid(model, body), body
            for name, others in _changed(ours, payload.warnings):
                outcomes = (self._outcome(model, other) for other in others)
                assert any(outcome != (payload.arguments, payload.warnings) for outcome in outcomes), name

        check()

    def test_every_value_that_a_mapping_offers_is_documented(self, model: str) -> None:
        """Or is refused: it goes with something else."""
        for ours in self.catalogue.offers(model):
            try:
                body, _ = self.catalogue.converted(model, ours, "warn")
            except ValidationError:
                continue
            assert self.catalogue.is_valid(model, body), body

    def _outcome(self, model: str, ours: Json) -> object:
        try:
            payload = self.catalogue.payload(model, ours, "warn")
        except ValidationError:
            return "refused"
        return payload.arguments, payload.warnings

    def test_what_a_model_does_not_take_is_named(self, model: str) -> None:
        """In a warning, or in an error where the application asks for one."""
        ours, takes = self.catalogue.words(model, self.catalogue.smallest(model)), self.catalogue.mapping(model).takes
        untaken = [({name: values[0]}, name) for name, values in USUAL.items() if name not in takes]
        untaken += [({"video": self.catalogue.video}, "video")] if "video" not in takes else []
        for role in (role for role in ROLES if role not in takes):
            images = [*ours["image_list"], {"image": self.catalogue.image, "role": role}]
            untaken.append(({"image_list": images}, role))
        for more, name in untaken:
            warnings = self.catalogue.payload(model, {**ours, **more}, "warn").warnings
            assert [warning for warning in warnings if f"{name}" in warning], name
        if untaken:  # Looking for the models that do take a field takes its time: once is enough.
            more, name = untaken[-1]
            with pytest.raises(ValidationError, match=name):
                self.catalogue.payload(model, {**ours, **more}, "error")

    def test_roles_that_go_into_one_parameter_are_alike(self, model: str) -> None:
        """Rules hold for each of them."""
        rules = self.catalogue.mapping(model).fields.values()
        for names in (rule.names for rule in rules if rule.source in ("image", "images") and len(rule.names) > 1):
            for wanted in chain(self.catalogue.choosing(model), self.catalogue.combinations(model)):
                ours = self.catalogue.words(model, self.catalogue.askable(model, wanted))
                outcomes = [self._outcome(model, _with_role(ours, names, role)) for role in names]
                assert all(outcome == outcomes[0] for outcome in outcomes), wanted

    def test_two_images_where_a_model_takes_one_are_refused(self, model: str) -> None:
        """And not one of them dropped."""
        for role in (role for role in ROLES if role in self.catalogue.mapping(model).takes):
            rule = next(rule for rule in self.catalogue.mapping(model).fields.values() if role in rule.names)
            if rule.source == "image":
                images = [{"image": self.catalogue.image, "role": role}] * 2
                with pytest.raises(ValidationError, match="one image"):
                    self.catalogue.payload(model, {"prompt": "a red kite", "image_list": images}, "ignore")


def _with_role(ours: Json, roles: Sequence[str], role: str) -> Json:
    """A request with one of some roles in the place of all of them."""
    images = [{**item, "role": role} if item["role"] in roles else item for item in ours["image_list"]]
    return {**ours, "image_list": images}


def _changed(ours: Json, warnings: Sequence[str]) -> Iterator[tuple[str, list[Json]]]:
    """For each field of a request, the same request without it, and with other values of it.

    For each image, without it; for those of a role that a warning speaks of, without any of them.
    """
    for name in (name for name in ours if name not in ("image_list", "extra_params")):
        others = [{**ours, name: value} for value in USUAL.get(name, ()) if value != ours[name]]
        yield name, [without(ours, name), *others]
    for name in ours["extra_params"]:
        yield name, [{**ours, "extra_params": without(ours["extra_params"], name)}]
    for number, item in enumerate(ours["image_list"]):
        told = any(f"'{item['role']}'" in warning for warning in warnings)
        rest = [
            other
            for place, other in enumerate(ours["image_list"])
            if place != number and not (told and other["role"] == item["role"])
        ]
        yield item["role"], [{**ours, "image_list": rest}]
