"""How well models are learned by rules that owe their family nothing: each family held out, or half of them as one.

``python benchmarks/held_out.py`` prints the second table of ``docs/learning.md``. Nothing is sent anywhere.

Before a family is met, all is taken back that no other family bears out, whoever put it there and when:

- words: of the vocabulary, of sets of words in the code and of patterns, those that only its own names use;
- rules: a condition that has come out one way for this family alone, and the other way for others, comes out as theirs.

The learner's modules are compiled with each condition asking `HeldOut.decides`, so this runs in a process of its own.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
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
Branch = TypeVar("Branch", ast.If, ast.IfExp)


class HeldOut:
    """What each family has taught, and the families that are held out."""

    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, bool], set[str]] = {}
        self.words: dict[str, set[str]] = {}
        self._matched: dict[str, set[str]] = {}  # families by alternative, once all words are known
        self.met = ""
        self.without: frozenset[str] = frozenset()

    def decides(self, site: str, value: Value) -> Value | bool | None:
        """The outcome of a condition: its own, or the other one where others have only shown that."""
        outcome = bool(value)
        if not self.without:
            self.outcomes.setdefault((site, outcome), set()).add(self.met)
            return value
        told, otherwise = (self._is_borne_out(self.outcomes.get((site, way))) for way in (outcome, not outcome))
        if told or not otherwise:
            return value
        return None if outcome else True

    def known(self, words: frozenset[str]) -> frozenset[str]:
        """A set of words without those that only the families held out use."""
        return frozenset(word for word in words if word not in self.words or self._is_borne_out(self.words[word]))

    def alternatives(self, pattern: str) -> str:
        """A pattern without the alternatives that match words of the families held out alone."""
        return "|".join(each for each in pattern.split("|") if self._matches_others(each)) or r"(?!)"

    def _matches_others(self, alternative: str) -> bool:
        if alternative not in self._matched:
            matched = (used for word, used in self.words.items() if re.search(alternative, word))
            self._matched[alternative] = set().union(*matched)
        families = self._matched[alternative]
        return not families or self._is_borne_out(families)

    def _is_borne_out(self, families: set[str] | None) -> bool:
        return families is not None and not families <= self.without


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

    def visit_If(self, node: Branch) -> Branch:
        self.generic_visit(node)
        node.test = self._asks(node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        return self.visit_If(node)

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
    """Whether it keeps to types, which is no rule: ``is None``, ``isinstance``, and what is asked beside them."""
    if isinstance(test, ast.BoolOp):
        return any(map(_is_of_types, test.values))
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


def scores() -> Iterator[tuple[str, Score]]:
    """The scores with each family held out, and with each half of the shared schemas held out as one."""
    held = HeldOut()
    setattr(builtins, NAME, held)
    sys.meta_path.insert(0, _Finder())
    import learning  # only now, so that the learner is compiled anew

    from tarash_core.learning import vocabulary

    models = {name: model for name, model in learning.gold_models().items() if model["set"] in learning.SETS}
    families: dict[str, set[str]] = {}
    for name, model in models.items():
        families.setdefault(model["set"], set()).add(model["family"])
        held.met = model["family"]
        for word in learning.words_of_model(name, model):
            held.words.setdefault(word, set()).add(model["family"])
        learning.learned(name, model)
    words = {name: each for name, each in vars(vocabulary).items() if name.isupper()}

    def scored(of_set: str, *, as_one: bool = False) -> Score:
        counted = learning.Score()
        for name, model in models.items():
            if model["set"] == of_set:
                without = frozenset(families[of_set] if as_one else {model["family"]})
                if without != held.without:
                    held.without = without
                    for constant, value in words.items():
                        setattr(vocabulary, constant, _without(held, value))
                counted.add(set(model["roles"].items()), learning.learned(name, model)[0])
        return counted

    each = {of_set: scored(of_set) for of_set in learning.SETS}
    shared = learning.SETS[:2]
    yield "each family of develop and judge", sum((each[of_set] for of_set in shared), learning.Score())
    for half in shared:
        yield f"all families of {half} at once", scored(half, as_one=True)
    yield "each family of all sets", sum(each.values(), learning.Score())


def _without(held: HeldOut, value: Any) -> Any:
    """A constant of the vocabulary as those who have not met the family would have it."""
    if isinstance(value, tuple):
        return tuple(held.known(each) for each in value)
    return held.alternatives(value) if isinstance(value, str) else held.known(value)


def table() -> Iterator[str]:
    """The lines of the table."""
    yield "| held out | models | precision | recall | right in every role |"
    yield "|---|---|---|---|---|"
    for name, counted in scores():
        import learning

        yield learning.row(name, counted, task=False).removesuffix("  |")


if __name__ == "__main__":
    print("\n".join(table()))
