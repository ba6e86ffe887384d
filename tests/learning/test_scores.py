"""How much of what people wrote down is found, and that the page says so."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tarash_core.learning import learn

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "learning.md"


@pytest.fixture(scope="module")
def report() -> ModuleType:
    """``benchmarks/learning.py``."""
    return benchmark("learning")


def benchmark(name: str) -> ModuleType:
    """A module of ``benchmarks/``."""
    spec = importlib.util.spec_from_file_location(f"{name}_report", ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("of_set", "precision", "recall", "whole"),
    [
        ("develop", 0.995, 0.99, 0.98),
        ("judge", 0.995, 0.99, 0.95),
        ("fresh", 0.995, 0.99, 0.98),
        ("unseen", 0.995, 0.98, 0.95),
        ("later", 0.995, 0.97, 0.92),
        ("last", 0.995, 0.97, 0.94),
        ("blind", 0.99, 0.91, 0.66),
        ("hosts", 0.995, 0.97, 0.88),
        ("served", 0.98, 0.87, 0.62),
        ("leftover", 0.95, 0.82, 0.68),
        ("hosts-2", 0.995, 0.97, 0.90),
        ("newest", 0.95, 0.91, 0.74),
        ("hosts-3", 0.985, 0.98, 0.89),
        ("gateways", 0.995, 0.99, 0.97),
        ("versions", 0.995, 0.99, 0.98),
        ("hosts-4", 0.99, 0.98, 0.92),
    ],
)
def test_enough_is_found_and_little_is_wrong(
    report: ModuleType, of_set: str, precision: float, recall: float, whole: float
) -> None:
    score = report.score(of_set)
    assert score.precision() >= precision
    assert score.recall() >= recall
    assert score.whole_share >= whole
    usual = report.score(of_set, report.usual)
    assert score.recall() > usual.recall()
    assert score.whole_share > usual.whole_share + 0.2


def test_the_page_has_the_tables_of_today(report: ModuleType) -> None:
    page = PAGE.read_text("utf-8")
    missing = [line for line in report.table() if line not in page]
    assert missing == [], "run benchmarks/learning.py, and put what it prints into docs/learning.md"


def test_the_page_has_the_table_of_families_held_out() -> None:
    # In a process of its own: it compiles the learner anew.
    ran = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "held_out.py"], capture_output=True, text=True, check=True
    )
    page = PAGE.read_text("utf-8")
    missing = [line for line in ran.stdout.splitlines() if line not in page]
    assert missing == [], "put what benchmarks/held_out.py prints into docs/learning.md"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in ran.stdout.splitlines()[2:]]
    shared = {
        name: [float(share.rstrip("%")) for share in shares] for name, _, *shares in rows if "all sets" not in name
    }
    assert len(shared) == 3
    for name, (precision, recall, whole) in shared.items():
        assert (precision >= 99.5, recall >= 97, whole >= 90) == (True, True, True), name


def test_what_one_family_alone_has_taught_is_taken_back() -> None:
    held = benchmark("held_out").HeldOut()
    held.words = {"kite": {"acme"}, "video": {"acme", "other"}, "videos": {"other"}}
    for family, value in (("acme", "found"), ("other", "")):
        held.met = family
        assert held.decides("a rule", value) is value
    for held.met in ("acme", "other"):
        held.decides("a common rule", True)
    held.met = "acme"
    held.decides("a rule that is asked here alone", True)

    held.without = frozenset({"acme"})
    assert held.decides("a rule", "found") is None
    assert held.decides("a rule", "") == ""
    assert held.decides("a common rule", True) is True
    assert held.decides("a rule that is asked here alone", True) is True
    assert held.known(frozenset({"kite", "video", "unheard"})) == {"video", "unheard"}
    assert held.alternatives("kit|vid") == "vid"
    held.without = frozenset({"other"})
    assert held.decides("a rule", "found") == "found"
    assert held.decides("a rule", "") is True
    held.without = frozenset({"acme", "other"})
    assert held.decides("a rule", "found") == "found", "nobody is left to tell another way"
    assert held.known(frozenset({"kite", "video"})) == frozenset()


def test_the_example_of_the_page_is_what_is_written() -> None:
    text = {"type": "string"}
    schema = {
        "properties": {
            "prompt": {**text, "maxLength": 2000},
            "image_url": text,
            "tail_image_url": text,
            "duration": {"enum": ["5s", "9s"], "default": "5s"},
            "images": {"type": "array", "items": text},
            "steps": {"type": "integer", "minimum": 1, "maximum": 50},
        },
        "required": ["prompt", "image_url"],
    }
    found = learn(schema, model="acme/kite", provider="acme", source="schema.json", read="2026-11-23")
    page = PAGE.read_text("utf-8")
    assert f"```yaml\n{found.text}```" in page, found.text
