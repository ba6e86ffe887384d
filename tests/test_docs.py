"""The documentation is complete, its examples run, and its links lead somewhere."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

import pytest
from fenced import HOUSE, blocks
from pydantic import BaseModel
from reader import installed, run_in

import tarash_core
from tarash_core import api, errors, hookspecs, plugin_rules, provider
from tarash_core.testing.provider_contract import CancellingContract, FindingContract, ProviderContract

DOCS = HOUSE / "docs"
PAGES = [
    HOUSE / "README.md",
    HOUSE / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(HOUSE.glob("plugins/*/README.md")),
]
PLUGINS = DOCS / "plugins.md"
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


def _functions(source: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


def _signature(function: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"{function.name}({ast.unparse(function.args)}){returns}"


SPECS = {
    name: function for name, function in _functions(inspect.getsource(hookspecs)).items() if name.startswith("tarash_")
}


def _section(page: Path, heading: str) -> str:
    """What stands under a ``###`` heading, up to the next heading."""
    found = re.search(rf"^### {re.escape(heading)}$(.*?)(?=^##|\Z)", page.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{page.name} has no section '{heading}'"
    return found.group(1)


def test_hookspecs_are_found() -> None:
    assert set(SPECS) == set(plugin_rules.HOOKS)


@pytest.mark.parametrize("hook", SPECS)
def test_every_hook_is_documented_with_its_signature(hook: str) -> None:
    """Signature, kind and whether it is required, as `tarash_core.hookspecs` has them."""
    section = _section(PLUGINS, hook)
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert code, f"{hook} is documented without its signature"
    assert _signature(_functions(code.group(1))[hook]) == _signature(SPECS[hook])
    docstring = ast.get_docstring(SPECS[hook]) or ""
    kind = docstring.partition(".")[0]
    assert kind in ("Value", "Value, required", "Value, all", "Flow", "Flow, required")
    assert f"\n{kind}. " in section


def test_no_hook_is_documented_that_is_not_there() -> None:
    headings = re.findall(r"^### (tarash_\w+)$", PLUGINS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(SPECS)


def test_every_fact_of_a_provider_is_documented() -> None:
    """The keys of ``provider.yaml``, and those inside them."""
    text = PLUGINS.read_text(encoding="utf-8").partition("\n## provider.yaml\n")[2].partition("\n## ")[0]
    rows = {name: row for row in text.splitlines() for name in _ROW.findall(row)}
    assert list(rows) == [field.alias or name for name, field in provider.ProviderFacts.model_fields.items()]
    for name, noun in (
        ("api_key", provider.KeySource),
        ("features", provider.Features),
        ("result", provider.ResultPaths),
    ):
        assert not [field for field in noun.model_fields if field not in rows[name]]


def test_the_example_plugin_passes_the_tests_that_the_page_gives_it(tmp_path: Path) -> None:
    """In an empty folder, found by its entry point, in both worlds."""
    site = installed(PLUGINS, tmp_path)
    pytest_alone = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    printed = run_in(tmp_path, [*pytest_alone, "tests/test_acme.py"], sites=[site])
    assert re.search(r"^\d{3} passed in", printed, re.MULTILINE), printed


def test_all_that_describes_a_provider_to_its_contract_is_documented() -> None:
    """The attributes of the contract and of those that are inherited besides; the first are those without a default."""
    text = PLUGINS.read_text(encoding="utf-8").partition("\n## The contract\n")[2].partition("\n## ")[0]
    rows = [name for name in _ROW.findall(text) if not name.endswith("Contract")]
    contracts = (ProviderContract, CancellingContract, FindingContract)
    described = {name for kind in contracts for part in kind.__mro__ for name in inspect.get_annotations(part)}
    assert set(rows) == described
    assert [name for name in rows if not any(hasattr(kind, name) for kind in contracts)] == rows[:4]


def test_the_example_plugin_keeps_the_contract_that_the_page_holds_it_to(tmp_path: Path) -> None:
    """Its mapping against a schema."""
    site = installed(PLUGINS, tmp_path)
    run_in(
        tmp_path, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_kites.py"], sites=[site]
    )


def test_the_example_plugin_can_be_registered_at_run_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Module and data apart, as `register_provider` takes them."""
    for block in blocks(PLUGINS):
        if block.file is not None and block.file.startswith("tarash_acme/"):
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__("tarash_acme")
    monkeypatch.delitem(sys.modules, "tarash_acme")
    tarash_core.register_provider(module, name="acme")
    try:
        assert tarash_core.list_models("acme") == ("kite-1",)
        request = tarash_core.VideoGenerationRequest(prompt="a red kite", duration_seconds=4, resolution="1080p")
        payload = tarash_core.build_payload(tarash_core.VideoGenerationConfig(provider="acme"), request)
        assert payload.arguments == {"prompt": "a red kite", "seconds": 4, "size": "large"}
    finally:
        tarash_core.unregister_provider("acme")


_TALLIED = """
from tarash_core import VideoGenerationConfig, VideoGenerationRequest, submit_video
submit_video(VideoGenerationConfig(provider="mock"), VideoGenerationRequest(prompt="a red kite"))
"""


def test_the_shared_plugin_of_the_page_wraps_every_provider(tmp_path: Path) -> None:
    site = installed(PLUGINS, tmp_path, "tarash_tally")
    printed = run_in(tmp_path, [sys.executable, "-W", "error", "-c", _TALLIED], sites=[site]).splitlines()
    assert printed[0] == "submitting: mock mock/video"
    assert re.fullmatch(r"mock took mock/video in \d\.\d\d s", printed[1])
    assert printed[2] == "submitted: mock mock/video"


def test_public_names_are_the_same_everywhere() -> None:
    """`__all__`, what type checkers see, and ``docs/api.md``."""
    tree = ast.parse(inspect.getsource(tarash_core))
    checked = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name for node in checked.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    text = re.sub(r"^### .*?(?=^##)", "", (DOCS / "api.md").read_text(encoding="utf-8"), flags=re.M | re.S)
    documented = [row.partition("(")[0] for row in _ROW.findall(text)]
    assert set(tarash_core.__all__) - {"__version__"} == seen
    assert sorted(documented) == sorted(tarash_core.__all__), "each name stands in one row"
    assert set(dir(tarash_core)) == set(tarash_core.__all__)


def test_functions_are_documented_with_their_parameters() -> None:
    rows = {row.partition("(")[0]: row for row in _ROW.findall((DOCS / "api.md").read_text(encoding="utf-8"))}
    for name in tarash_core.__all__:
        value = getattr(tarash_core, name)
        if inspect.isfunction(value):
            bare = [
                parameter.replace(annotation=inspect.Parameter.empty)
                for parameter in inspect.signature(value).parameters.values()
            ]
            assert rows[name] == f"{name}{inspect.Signature(bare)}"


@pytest.mark.parametrize(
    "noun",
    re.findall(r"^### (\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE),
)
def test_every_field_of_a_noun_is_documented(noun: str) -> None:
    model: type[BaseModel] = getattr(tarash_core, noun)
    assert _ROW.findall(_section(DOCS / "api.md", noun)) == list(model.model_fields)


def test_every_public_name_says_what_it_is() -> None:
    for name in tarash_core.__all__:
        value = getattr(tarash_core, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert inspect.getdoc(value), f"{name} has no docstring"
    for name, function in vars(api).items():
        if inspect.isfunction(function) and function.__module__ == api.__name__:
            assert function.__doc__ or name.startswith("_"), f"{name} has no docstring"


def test_every_error_is_documented_with_what_it_holds() -> None:
    """Class, place in the tree, and every attribute of its own."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    classes = [
        value for value in vars(errors).values() if inspect.isclass(value) and value.__module__ == errors.__name__
    ]
    rows = {row.split(" | ")[0].strip("| `"): row for row in text.splitlines() if row.startswith("| `")}
    assert list(rows) == [kind.__name__ for kind in classes]
    for kind in classes:
        inherited = () if kind is tarash_core.TarashException else vars(tarash_core.TarashException(""))
        for attribute in set(vars(kind(""))) - set(inherited):
            assert f"`{attribute}`" in rows[kind.__name__], f"{kind.__name__}.{attribute}"
    drawn = next(block.text for block in blocks(DOCS / "errors.md") if block.language == "text").splitlines()
    depths = {line.lstrip("│├└─ "): len(line) - len(line.lstrip("│├└─ ")) for line in drawn}
    assert depths == {kind.__name__: 4 * kind.__mro__.index(tarash_core.TarashException) for kind in classes}


def test_the_trees_name_what_there_is() -> None:
    """Every file and folder in the trees of README and design exists."""
    for page in (HOUSE / "README.md", DOCS / "design.md"):
        tree = next(block.text for block in reversed(blocks(page)) if block.language == "text")
        top = ""
        for line in tree.splitlines():
            names = re.findall(r"[\w-]+(?:\.py|/)(?= |$)", line)
            assert names, line
            if not line.startswith(("├", "└", "│")):
                top = names[0]
                assert (HOUSE / top).is_dir(), line
                continue
            for name in names:
                assert (HOUSE / top / name).exists(), f"{page.name}: {top}{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_links_lead_somewhere(page: Path) -> None:
    """Files that exist, and headings that stand in them."""
    for path, anchor in _LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
        if path.startswith(("http://", "https://")):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {path}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_anchor(heading) for heading in headings}, f"{page.name} links to {path}#{anchor}"


def _anchor(heading: str) -> str:
    """GitHub's: lower case, without punctuation, with hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
