"""The flow caller against pluggy itself: same order, same rules, and wrappers that span the I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pluggy
import pytest
from hypothesis import given, strategies as st

from tarash_core import call, sleep
from tarash_core.drive import run
from tarash_core.flow import Flow
from tarash_core.hookcall import flow_call
from tarash_core.testing import World

hookspec = pluggy.HookspecMarker("trial")
hookimpl = pluggy.HookimplMarker("trial")


class Spec:
    @hookspec(firstresult=True)
    def step(self, number: int, word: str) -> Any:
        """The hook under test."""


def manager_of(*plugins: object) -> pluggy.PluginManager:
    manager = pluggy.PluginManager("trial")
    manager.add_hookspecs(Spec)
    for plugin in plugins:
        manager.register(plugin)
    return manager


class Trouble(Exception):
    pass


ORDERS: list[dict[str, bool]] = [{}, {"tryfirst": True}, {"trylast": True}]

implementations = st.fixed_dictionaries(
    {
        "order": st.sampled_from(ORDERS),
        "does": st.sampled_from(["none", "value", "raise"]),
        "takes": st.sampled_from(["nothing", "number", "both"]),
    }
)
wrappers = st.fixed_dictionaries(
    {
        "order": st.sampled_from(ORDERS),
        "does": st.sampled_from(
            ["pass", "replace", "raise before", "raise after", "recover", "translate", "no yield", "two yields"]
        ),
    }
)


def implementation(index: int, plan: dict[str, Any], trace: list[Any]) -> object:
    def act(*seen: object) -> object:
        trace.append((index, *seen))
        if plan["does"] == "raise":
            raise Trouble(index)
        return index if plan["does"] == "value" else None

    shapes: dict[str, Callable[..., object]] = {
        "nothing": lambda: act(),
        "number": lambda number: act(number),
        "both": lambda word, number: act(word, number),
    }
    return _plugin(shapes[plan["takes"]], plan["order"], wrapper=False)


def wrapper(index: int, plan: dict[str, Any], trace: list[Any]) -> object:
    does = plan["does"]

    def wrap(number: int) -> Generator[None, Any, Any]:
        trace.append((index, "before", number))
        if does == "raise before":
            raise Trouble(index)
        if does == "no yield":
            return index
        try:
            result = yield
        except Trouble as error:
            trace.append((index, "error", error.args))
            if does == "recover":
                return index
            if does == "translate":
                raise KeyError(index) from error
            raise
        trace.append((index, "after", result))
        if does == "two yields":
            yield
        if does == "raise after":
            raise Trouble(index)
        return index if does == "replace" else result

    return _plugin(wrap, plan["order"], wrapper=True)


def _plugin(function: Callable[..., Any], order: dict[str, bool], *, wrapper: bool) -> object:
    class Plugin:
        step = staticmethod(hookimpl(wrapper=wrapper, **order)(function))

    return Plugin()


def outcome(act: Callable[[], object]) -> tuple[str, object]:
    try:
        return "value", act()
    except Exception as error:
        text = str(error) if isinstance(error, RuntimeError) else error.args
        return type(error).__name__, text


@given(st.lists(st.one_of(implementations.map(lambda p: ("i", p)), wrappers.map(lambda p: ("w", p))), max_size=7))
def test_order_and_rules_are_pluggys(plans: list[tuple[str, dict[str, Any]]]) -> None:
    def build(trace: list[Any]) -> pluggy.PluginManager:
        makers = {"i": implementation, "w": wrapper}
        return manager_of(*(makers[kind](index, plan, trace) for index, (kind, plan) in enumerate(plans)))

    theirs: list[Any] = []
    ours: list[Any] = []
    pluggys, tarashs = build(theirs), build(ours)
    expected = outcome(lambda: pluggys.hook.step(number=3, word="w"))
    assert outcome(lambda: run(flow_call(tarashs.hook.step, number=3, word="w"))) == expected
    assert ours == theirs


def test_a_wrapper_stays_open_across_the_io(world: World) -> None:
    order: list[str] = []

    async def answer_async() -> str:
        order.append("io")
        return "answer"

    def answer() -> str:
        order.append("io")
        return "answer"

    class Provider:
        @hookimpl
        def step(self) -> Flow[str]:
            return (yield from call(answer if world.mode == "sync" else answer_async))

    class Wrapper:
        @hookimpl(wrapper=True)
        def step(self) -> Generator[None, str, str]:
            order.append("before")
            result = yield
            order.append("after")
            return result.upper()

    assert world.drive(flow_call(manager_of(Provider(), Wrapper()).hook.step, number=1, word="")) == "ANSWER"
    assert order == ["before", "io", "after"]


def test_a_wrapper_sees_the_error_of_the_io(world: World) -> None:
    def broken() -> None:
        raise Trouble("on the wire")

    class Provider:
        @hookimpl
        def step(self) -> Flow[None]:
            yield from call(broken)

    class Wrapper:
        @hookimpl(wrapper=True)
        def step(self) -> Generator[None, Any, Any]:
            try:
                return (yield)
            except Trouble as error:
                return f"recovered from {error}"

    got = world.drive(flow_call(manager_of(Provider(), Wrapper()).hook.step, number=1, word=""))
    assert got == "recovered from on the wire"


def test_a_wrapper_may_do_io_of_its_own_on_both_sides(world: World) -> None:
    order: list[str] = []

    class Provider:
        @hookimpl
        def step(self) -> str:
            order.append("inner")
            return "plain values need no flow"

    class Limiter:
        @hookimpl(wrapper=True)
        def step(self) -> Generator[Any, Any, Any]:
            yield from sleep(0.001)
            order.append((yield from call(lambda: "before")))
            try:
                yield from call(lambda: 1 / 0)
            except ZeroDivisionError:
                order.append("caught")
            result = yield
            order.append((yield from call(lambda: "after")))
            return result

    got = world.drive(flow_call(manager_of(Provider(), Limiter()).hook.step, number=1, word=""))
    assert got == "plain values need no flow"
    assert order == ["before", "caught", "inner", "after"]


def test_an_abandoned_flow_closes_its_wrappers() -> None:
    closed: list[str] = []

    class Provider:
        @hookimpl
        def step(self) -> Flow[None]:
            yield from sleep(60)

    class Wrapper:
        @hookimpl(wrapper=True)
        def step(self) -> Generator[None, Any, Any]:
            try:
                return (yield)
            finally:
                closed.append("closed")

    flow = flow_call(manager_of(Provider(), Wrapper()).hook.step, number=1, word="")
    next(flow)
    flow.close()
    assert closed == ["closed"]


def test_an_implementation_that_asks_for_an_argument_nobody_gives_is_named() -> None:
    class Provider:
        @hookimpl
        def step(self, word: str) -> str:
            return word

    with pytest.raises(pluggy.HookCallError, match="word"):
        run(flow_call(manager_of(Provider()).hook.step, number=1))
