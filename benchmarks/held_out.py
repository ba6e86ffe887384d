"""How well the models of a family are learned by rules that owe it nothing: each family held out in turn.

``python benchmarks/held_out.py`` prints the second table of ``docs/learning.md``. Nothing is sent anywhere.

Before a family is met, all is taken back that no other family bears out, whoever put it there and when:

- words: of the vocabulary, of sets of words in the code and of patterns, those that only its own names use;
- rules: a condition that has come out one way for this family alone comes out the other way.

The learner's modules are compiled with each condition asking `HeldOut.decides`, so this runs in a process of its own.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from learning import Score

PACKAGE = "tarash_core.learning"
# Words are taken out of the first; what comes after the roles are settled is no rule about them.
AS_THEY_ARE = {"vocabulary", "learn", "some_of", "writing"}
NAME = "_tarash_held_out"  # what the compiled conditions call, in builtins
Value = TypeVar("Value")


class HeldOut:
    """What each family has taught, and the family that is held out."""

    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, bool], set[str]] = {}
        self.words: dict[str, set[str]] = {}
        self.met = ""
        self.without: str | None = None

    def decides(self, site: str, value: Value) -> Value | bool | None:
        """The outcome of a condition: its own, or the other one where only the family held out has shown it."""
        outcome = bool(value)
        if self.without is None:
            self.outcomes.setdefault((site, outcome), set()).add(self.met)
            return value
        if self.outcomes.get((site, outcome)) == {self.without}:
            return None if outcome else True
        return value

    def known(self, words: frozenset[str]) -> frozenset[str]:
        """A set of words without those that only the family held out uses."""
        return words if self.without is None else frozenset(filter(self._is_known, words))

    def alternatives(self, pattern: str) -> str:
        """A pattern without the alternatives that match words of the family held out alone."""
        return "|".join(each for each in pattern.split("|") if self._matches_others(each)) or r"(?!)"

    def _is_known(self, word: str) -> bool:
        return self.words.get(word) != {self.without}

    def _matches_others(self, alternative: str) -> bool:
        families = {name for word, used in self.words.items() if re.search(alternative, word) for name in used}
        return families != {self.without}


class _Asking(ast.NodeTransformer):
    """Lets each condition of a module ask whether it may come out as it does."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.sites = 0

    def _asks(self, test: ast.expr) -> ast.expr:
        if _is_of_types(test):
            return test
        self.sites += 1
        site = ast.Constant(f"{self.module}:{test.lineno}:{self.sites}")
        return _call("decides", test, site, test)

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        node.test = self._asks(node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        self.generic_visit(node)
        node.test = self._asks(node.test)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.BoolOp:
        self.generic_visit(node)
        node.values = [self._asks(value) for value in node.values]
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        self.generic_visit(node)
        node.guard = self._asks(node.guard) if node.guard is not None else None
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.ifs = [self._asks(test) for test in node.ifs]
        return node

    def visit_Set(self, node: ast.Set) -> ast.expr:
        if all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in node.elts):
            return _call("known", node, node)
        return node


def _is_of_types(test: ast.expr) -> bool:
    """Whether it is there for the type checker, not for a rule: ``is None``, ``isinstance``."""
    compared = isinstance(test, ast.Compare) and any(isinstance(each, ast.Is | ast.IsNot) for each in test.ops)
    called = isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance"
    return compared or called or (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING")


def _call(method: str, where: ast.expr, *arguments: ast.expr) -> ast.expr:
    called = ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load())
    return ast.fix_missing_locations(ast.copy_location(ast.Call(called, list(arguments), []), where))


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        tree = _Asking(fullname).visit(ast.parse(Path(self.path).read_text("utf-8")))
        return compile(tree, self.path, "exec")


class _Finder(MetaPathFinder):
    """Finds the modules of the learner, to be compiled with conditions that ask."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        module = fullname.removeprefix(f"{PACKAGE}.")
        if module == fullname or module in AS_THEY_ARE or path is None:
            return None
        file = str(Path(next(iter(path))) / f"{module}.py")
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file))


def scores() -> dict[str, Score]:
    """The score of each set, every family met without what it alone has taught."""
    held = HeldOut()
    setattr(builtins, NAME, held)
    sys.meta_path.insert(0, _Finder())
    import learning  # only now, so that the learner is compiled anew

    from tarash_core.learning import vocabulary

    models = {name: model for name, model in learning.gold_models().items() if model["set"] in learning.SETS}
    for name, model in models.items():
        held.met = model["family"]
        for word in learning.words_of_model(name, model):
            held.words.setdefault(word, set()).add(model["family"])
        learning.learned(name, model)
    words = {name: each for name, each in vars(vocabulary).items() if name.isupper()}
    counted = {name: learning.Score() for name in learning.SETS}
    for name, model in models.items():
        held.without = model["family"]
        for constant, value in words.items():
            setattr(vocabulary, constant, _without(held, value))
        counted[model["set"]].add(set(model["roles"].items()), learning.learned(name, model)[0])
    return counted


def _without(held: HeldOut, value: Any) -> Any:
    """A constant of the vocabulary as those who have not met the family would have it."""
    if isinstance(value, tuple):
        return tuple(held.known(each) for each in value)
    return held.alternatives(value) if isinstance(value, str) else held.known(value)


def table(counted: Mapping[str, Score]) -> Iterable[str]:
    """The lines of the table."""
    import learning

    yield "| held out | models | precision | recall | right in every role |"
    yield "|---|---|---|---|---|"
    for name, sets in (("develop and judge", learning.SETS[:2]), ("all", learning.SETS)):
        whole = sum((counted[each] for each in sets), learning.Score())
        yield learning.row(name, whole, task=False).removesuffix("  |")


if __name__ == "__main__":
    print("\n".join(table(scores())))
