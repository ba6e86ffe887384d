from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract

KITE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string", "maxLength": 2000},
        "seconds": {"type": "integer", "enum": [4, 8]},
        "size": {"type": "string", "enum": ["small", "large"]},
    },
}
OURS = {"prompt": "prompt", "seconds": "duration_seconds", "size": "resolution"}
SIZES = {"small": "720p", "large": "1080p"}


class AcmeCatalogue(Catalogue):
    provider = "acme"
    wrong = {"seconds": [5], "size": ["huge"]}

    def words(self, model, wanted):
        said = {OURS[name]: SIZES.get(value, value) for name, value in wanted.items()}
        return {"image_list": [], "extra_params": {}, **said}


class TestKites(CatalogueContract):
    catalogue = AcmeCatalogue({"kite-1": KITE})
