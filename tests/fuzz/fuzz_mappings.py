"""Fuzz the mapping loader with atheris: nothing but `MappingError` comes out, and what loads can be used.

Not part of the test suite, which fuzzes with hypothesis (`fuzz_properties.py` does more of that). From the root of the
repository:

    pip install atheris
    python tests/fuzz/fuzz_mappings.py -max_total_time=300 [FOLDER OF INPUTS]

Without a folder, it starts from the mapping files of the plugins and of the example. A finding is written to
``crash-*``; give that file in place of the folder to run it alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # installed for a fuzzing run only

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["tarash_core"]):
    from tarash_core.errors import MappingError, TarashException
    from tarash_core.mapping import vocabulary
    from tarash_core.mapping.library import MappingLibrary
    from tarash_core.mapping.sources import Source
    from tarash_core.request import VideoGenerationRequest

REQUEST = VideoGenerationRequest(
    prompt="a red kite",
    duration_seconds=8,
    resolution="720p",
    aspect_ratio="16:9",
    seed=7,
    image_list=[{"image": "https://example.com/1.png", "role": "first_frame"}],
    extra_params={"loop": True},
)
OTHER = "models: [another-model]\ntask: any\nfields: {prompt: prompt}"


def one_input(data: bytes) -> None:
    """As an installed file, as a call's text, and as a file of the user, which never harms other models."""
    _as_installed(data)
    library = MappingLibrary.load("fal", models=None)
    try:
        library.add(data.decode("utf-8", errors="surrogateescape"))
    except MappingError:
        _left_out(data)
        return
    for model in library.models():
        with contextlib.suppress(TarashException):
            library.find(model).apply(REQUEST, model=model)
            library.find(model).explain()
    for family in library.families():
        with contextlib.suppress(TarashException):
            library.chosen(family, REQUEST)


def _as_installed(data: bytes) -> None:
    """A plugin's own file, and a data package's: the models are told without parsing, each is there or an error."""
    file = Path("installed.yaml").absolute()
    file.write_bytes(data)
    for own in (True, False):
        layer = Source("installed", (file,), own=own, is_installed=True)
        library = MappingLibrary.load("fal", models=None).with_layers(lambda models, layer=layer: [layer])
        with contextlib.suppress(MappingError):
            for model in library.models():
                with contextlib.suppress(MappingError):
                    library.find(model)


def _left_out(data: bytes) -> None:
    """The same bytes as a file: looking up something else works, with a warning at most."""
    Path("tarash.yaml").write_bytes(data)
    library = MappingLibrary.load("fal", models=None)
    library.add(OTHER)
    with contextlib.suppress(MappingError):
        # Only the bytes themselves may name the other model.
        library.find("another-model").apply(REQUEST, model="another-model")
        return
    assert b"another-model" in data


def _dictionary() -> str:
    """A file with the words of the language, which libFuzzer puts into its inputs."""
    groups = (getattr(vocabulary, name) for name in dir(vocabulary) if name.isupper())
    words = {str(word) for group in groups if isinstance(group, dict | tuple) for word in group}
    words |= {"provider: fal", "models: [x]", "schema: 1", "given", "missing", "null", "frames", "fps", "object", "key"}
    with tempfile.NamedTemporaryFile("w", prefix="tarash-fuzz-", suffix=".dict", delete=False) as file:
        file.writelines(f'"{word}"\n' for word in sorted(words))
    return file.name


def main() -> None:
    """Run until atheris is done."""
    logging.disable(logging.CRITICAL)
    arguments = sys.argv
    if not any(not argument.startswith("-") for argument in arguments[1:]):
        seeds = tempfile.mkdtemp(prefix="tarash-fuzz-seeds-")
        files = [*ROOT.glob("plugins/*/*/models/*.yaml"), *ROOT.glob("examples/*/*/*.yaml")]
        for number, file in enumerate(sorted(files)):
            Path(seeds, str(number)).write_bytes(file.read_bytes())
        arguments = [*arguments, seeds]
    if not any(argument.startswith("-dict=") for argument in arguments):
        arguments = [arguments[0], f"-dict={_dictionary()}", *arguments[1:]]
    # An empty place: nobody's own mappings take part.
    place = tempfile.mkdtemp(prefix="tarash-fuzz-")
    os.environ["XDG_CONFIG_HOME"] = place
    os.environ.pop("TARASH_MAPPINGS", None)
    arguments = [os.path.abspath(item) if os.path.exists(item) else item for item in arguments]
    os.chdir(place)
    atheris.Setup(arguments, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
