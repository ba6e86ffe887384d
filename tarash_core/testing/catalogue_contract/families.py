"""A family's name in place of a model's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import pytest

from tarash_core.errors import ValidationError
from tarash_core.installed import list_families
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.request import VideoGenerationRequest
from tarash_core.stack import stack_of
from tarash_core.testing.catalogue_contract.case import CatalogueCase
from tarash_core.testing.catalogue_contract.published import Json

SEEN = (*ROLES, "video")


class FamilyPromises(CatalogueCase):
    """For every set of images and video."""

    def test_each_member_of_a_family_is_chosen_for_some_inputs_and_answers_for_itself(self) -> None:
        """And its payload is for the member that was chosen."""
        for family, members in list_families(self.catalogue.provider).items():
            chosen = {self._chosen(family, ours) for ours in self._inputs()}
            assert chosen - {None} == set(members), family
            for member in members:
                assert {self._chosen(member, ours) for ours in self._inputs()} == {member}

    def test_what_a_family_chooses_takes_every_image_and_the_video(self) -> None:
        """As its own mapping says: nothing of them is left out, and nothing is missing."""
        for family in list_families(self.catalogue.provider):
            for ours in self._inputs():
                if model := self._chosen(family, ours):
                    takes = self.catalogue.mapping(model).takes
                    assert self._given(ours) <= takes, (family, ours)

    def test_a_family_that_takes_none_of_the_inputs_says_what_each_member_takes(self) -> None:
        """Every family refuses something."""
        for family, members in list_families(self.catalogue.provider).items():
            refused = next(ours for ours in self._inputs() if self._chosen(family, ours) is None)
            with pytest.raises(ValidationError) as caught:
                self._find(family, refused)
            assert [member for member in members if f"'{member}' (" not in caught.value.message] == [], family

    def _chosen(self, model: str, ours: Json) -> str | None:
        try:
            return self._find(model, ours)
        except ValidationError:
            return None

    def _find(self, model: str, ours: Json) -> str:
        return stack_of(self.catalogue.provider).mappings.chosen(model, VideoGenerationRequest(**ours))

    def _given(self, ours: Json) -> set[str]:
        return {item["role"] for item in ours["image_list"]} | ({"video"} if ours["video"] else set())

    def _inputs(self) -> Iterator[Json]:
        """Every set of at most three of image roles and a video."""
        for given_ in chain.from_iterable(combinations(SEEN, count) for count in range(4)):
            images = [{"image": self.catalogue.image, "role": role} for role in given_ if role != "video"]
            yield {"image_list": images, "video": self.catalogue.video if "video" in given_ else None}
