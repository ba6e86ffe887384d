"""The flow caller: pluggy's call of a hook, with wrappers kept open across the I/O of a flow.

Plain pluggy closes a wrapper as soon as an implementation returns its generator, before any I/O has happened. So for
flow hooks the core walks `hook.get_hookimpls()` itself, in pluggy's order and by pluggy's rules (pluggy 1.5 and later:
``_multicall``): implementations from last registered to first, `tryfirst` and `trylast` honoured, stopping at the first
result that is not None; then the wrappers unwind from the innermost out, each seeing the result or the error of what it
wraps, free to replace either. A property test holds the two equal.

A wrapper yields once, bare, where the wrapped call stands. Before and after that it may yield effects of its own
(``yield from sleep(1)``), as any flow.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Mapping
from types import GeneratorType
from typing import Any, cast

import pluggy

from tarash_core.flow import Effect, Flow

_Wrapper = Generator[Effect | None, Any, Any]


def flow_call(hook: pluggy.HookCaller, **arguments: Any) -> Flow[Any]:
    """Call a first-result flow hook: a flow that returns the first result that is not None, or None.

    Args:
        hook: The hook, e.g. ``manager.hook.tarash_submit``.
        **arguments: All arguments of the hook's specification.

    Raises:
        RuntimeError: A wrapper does not yield, or yields bare a second time.
    """
    result: Any = None
    error: BaseException | None = None
    wrappers: list[_Wrapper] = []
    try:
        for impl in reversed(hook.get_hookimpls()):
            returned: Any = impl.function(*_arguments_of(impl, arguments))
            if impl.wrapper:
                yield from _enter(returned)
                wrappers.append(returned)
                continue
            result = (yield from returned) if inspect.isgenerator(returned) else returned
            if result is not None:
                break
    except GeneratorExit:
        # The flow was abandoned: nobody listens, so wrappers may clean up but not ask for I/O.
        for wrapper in reversed(wrappers):
            wrapper.close()
        raise
    except BaseException as raised:
        result, error = None, raised
    for wrapper in reversed(wrappers):
        try:
            result = yield from _leave(wrapper, result, error)
            error = None
        except BaseException as raised:
            error = raised
    if error is not None:
        raise error
    return result


def _arguments_of(impl: pluggy.HookImpl, arguments: Mapping[str, Any]) -> list[Any]:
    try:
        return [arguments[name] for name in impl.argnames]
    except KeyError as missing:
        raise pluggy.HookCallError(f"hook call must provide argument {missing.args[0]!r}") from missing


def _enter(wrapper: _Wrapper) -> Flow[None]:
    """Run a wrapper up to its bare yield, performing the effects it asks for on the way."""
    returned, _ = yield from _until_bare_yield(wrapper, wrapper.send, None)
    if returned:
        raise RuntimeError(f"{_named(wrapper)} did not yield")


def _leave(wrapper: _Wrapper, result: Any, error: BaseException | None) -> Flow[Any]:
    """Hand the outcome to a wrapper and run it to its end; its return value is the new result."""
    advance, outcome = (wrapper.send, result) if error is None else (wrapper.throw, error)
    returned, value = yield from _until_bare_yield(wrapper, advance, outcome)
    if returned:
        return value
    wrapper.close()
    raise RuntimeError(f"{_named(wrapper)} has second yield")


def _until_bare_yield(wrapper: _Wrapper, advance: Callable[[Any], Effect | None], what: Any) -> Flow[tuple[bool, Any]]:
    """Perform what a wrapper asks for until it returns, ``(True, value)``, or stands bare, ``(False, None)``."""
    while True:
        try:
            asked = advance(what)
        except StopIteration as stop:
            return True, stop.value
        if asked is None:
            return False, None
        try:
            advance, what = wrapper.send, (yield asked)
        except GeneratorExit:
            wrapper.close()
            raise
        except BaseException as error:
            advance, what = wrapper.throw, error


def _named(wrapper: _Wrapper) -> str:
    code = cast("GeneratorType[Any, Any, Any]", wrapper).gi_code
    return f"wrap_controller at {code.co_name!r} {code.co_filename}:{code.co_firstlineno}"
