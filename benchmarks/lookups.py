"""Finding and applying a mapping among 10, 1,000 and 10,000 models: the cost of one must not grow with the number."""

from __future__ import annotations

import statistics
import tempfile
import time
import timeit
from collections.abc import Iterator
from pathlib import Path

from rows import Row

from tarash_core import VideoGenerationConfig, build_payload, register_provider, unregister_provider
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.sources import Source, plugin_only
from tarash_core.request import VideoGenerationRequest
from tarash_core.testing import ScriptedProvider

SIZES = (10, 1_000, 10_000)
PER_FILE = 100
FEW = SIZES[0]
PLUGINS = 100
REQUEST = VideoGenerationRequest(prompt="a red kite", duration_seconds=8, resolution="1080p", seed=7)
DOCUMENT = """models: [bench/family-{family}/model-{number}]
docs: https://example.com/{number}
task: text-to-video
fields:
  prompt:          {{from: prompt, required: true, max_length: 20000}}
  duration:        {{from: duration_seconds, as: "{{}}s", one_of: [4, 6, 8]}}
  resolution:      {{from: resolution, one_of: [720p, 1080p, 4k]}}
  aspect_ratio:    {{from: aspect_ratio, one_of: ["16:9", "9:16"]}}
  generate_audio:  generate_audio
  negative_prompt: negative_prompt
  seed:            seed
extra:
  auto_fix:        {{type: boolean}}
rules:
  - {{when: {{resolution: 4k}}, then: {{duration_seconds: [8]}}}}
"""


def lookups(*, quick: bool) -> Iterator[Row]:
    """One row for each thing done and each larger number of models, against the smallest number."""
    with tempfile.TemporaryDirectory() as folder:
        libraries = {size: _library(Path(folder, str(size)), size) for size in SIZES}
        # What is imported on first use, and by whom, is no matter of the number of models.
        _first_use(_library(Path(folder, "imports"), FEW), FEW)
        first = {size: _first_use(library, size) for size, library in libraries.items()}
        packaged = {size: _first_use(_with_package(Path(folder), size, "bench"), size) for size in SIZES}
        of_others = {size: _first_use(_with_package(Path(folder), size, "other"), FEW) for size in SIZES}
        found, unknown, applied = (
            _medians(libraries, kind, rounds=5 if quick else 51) for kind in ("find", "find below", "apply")
        )
    for size in SIZES[1:]:
        for what, times in (("find a model", found), ("find what is not mapped", unknown), ("find and apply", applied)):
            yield Row(f"{what}: {size:,} models / {FEW}", times[size], times[FEW], "µs", budget=1.5)
        for where, unread in (
            ("files", first),
            ("a data package", packaged),
            ("a data package for another provider", of_others),
        ):
            yield Row(f"first payload, {where} unread: {size:,} models / {FEW}", unread[size], unread[FEW], "ms")
    yield _plugins(rounds=5 if quick else 51)


def _plugins(*, rounds: int) -> Row:
    """A payload through the stack of its plugin, alone and among others that are loaded too."""
    names = [f"bench-{number}" for number in range(PLUGINS)]
    config = VideoGenerationConfig(provider=names[0], model=_some_model(FEW))
    times: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        _library(Path(folder, "models"), FEW)
        for count in (1, PLUGINS):
            for name in names[:count]:
                register_provider(ScriptedProvider(), name=name, data=Path(folder))
            calls = [timeit.timeit(lambda: build_payload(config, REQUEST), number=200) for _ in range(rounds)]
            times[count] = statistics.median(calls) / 200 * 1e6
            for name in names[:count]:
                unregister_provider(name)
    return Row(f"request to payload: {PLUGINS} plugins / 1", times[PLUGINS], times[1], "µs", budget=1.5)


def _library(folder: Path, size: int) -> MappingLibrary:
    _write(folder, size, "schema: 1\n")
    generic = 'schema: 1\nmodels: ["*"]\ndocs: https://example.com/all\ntask: any\nfields: {prompt: prompt}\n'
    (folder / "generic.yaml").write_text(generic, encoding="utf-8")
    return MappingLibrary.load("bench", models=folder)


def _with_package(folder: Path, size: int, provider: str) -> MappingLibrary:
    """A plugin of few models with a data package of so many for a provider."""
    package = folder / f"{provider}-{size}"
    _write(package, size, f"schema: 1\nprovider: {provider}\n")
    layer = Source("data package", tuple(sorted(package.iterdir())), is_installed=True)
    few = MappingLibrary.load("bench", models=folder / str(FEW))
    return few.with_layers(lambda models: [*plugin_only(models), layer])


def _write(folder: Path, size: int, head: str) -> None:
    folder.mkdir()
    documents = [DOCUMENT.format(family=number // PER_FILE, number=number) for number in range(size)]
    for start in range(0, size, PER_FILE):
        text = head + "---\n".join(documents[start : start + PER_FILE])
        (folder / f"{start}.yaml").write_text(text, encoding="utf-8")


def _first_use(library: MappingLibrary, size: int) -> float:
    """Milliseconds until the first payload: reading the files included."""
    began = time.perf_counter()
    model = _some_model(size)
    library.find(model).apply(REQUEST, model=model)
    return (time.perf_counter() - began) * 1e3


def _some_model(size: int) -> str:
    number = size * 2 // 3
    return f"bench/family-{number // PER_FILE}/model-{number}"


def _medians(libraries: dict[int, MappingLibrary], kind: str, *, rounds: int, number: int = 500) -> dict[int, float]:
    """Microseconds of one call for each size, measured in turn."""
    times: dict[int, list[float]] = {size: [] for size in libraries}
    for _ in range(rounds):
        for size, library in libraries.items():
            times[size].append(_microseconds(library, _some_model(size), kind, number))
    return {size: statistics.median(measured) for size, measured in times.items()}


def _microseconds(library: MappingLibrary, model: str, kind: str, number: int) -> float:
    calls = {
        "find": lambda: library.find(model),
        "find below": lambda: library.find("another/family/model"),
        "apply": lambda: library.find(model).apply(REQUEST, model=model),
    }
    return timeit.timeit(calls[kind], number=number) / number * 1e6
