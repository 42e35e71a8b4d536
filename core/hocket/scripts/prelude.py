"""The part of the script API that is sandbox code, because functions never cross to the host.

`SOURCE` is fed to the sandbox before the script. Host functions are bound under the prefix
`_host_`; what a script may import stands under `_api_`, and the script's own
`from hocket.script import …` lines become assignments from there.
"""

from __future__ import annotations

__all__ = ["HOST_FUNCTIONS", "NAMES", "SOURCE"]

HOST_FUNCTIONS = ("agent", "attempt", "workflow", "ask", "reveal", "phase", "log")
"""Host calls a script reaches under their own name."""

NAMES = (*HOST_FUNCTIONS, "parallel", "pipeline", "args", "budget", "AgentError")
"""Everything `hocket.script` offers beside the installed patterns."""

SOURCE = """\
import asyncio as _asyncio

_AGENT_STATES = ("refused", "invalid", "stalled", "over_budget", "over_cap")
_PLAIN = ("int", "float", "bool", "str", "NoneType", "list", "tuple", "dict", "set", "bytes")


class _Totals:
    def __init__(self, kind, total):
        self._kind = kind
        self.total = total

    def spent(self):
        return _host_spent(self._kind)

    def remaining(self):
        if self.total is None:
            return float("inf")
        return max(0, self.total - _host_spent(self._kind))


def _is_awaitable(value):
    return type(value).__name__ == "coroutine"


def _raised(where, index, error):
    text = str(error)
    if text.startswith("over_cap: agents"):
        raise error
    _host_raised(where, index, type(error).__name__, text)


async def _settled(where, index, call):
    try:
        return await call
    except Exception as error:
        _raised(where, index, error)
        return None


async def _nothing():
    return None


def _begin(where, index, call):
    if _is_awaitable(call):
        return call
    try:
        value = call()
    except Exception as error:
        if str(error) == "'" + type(call).__name__ + "' object is not callable":
            raise TypeError(_misuse(where, index, call))
        _raised(where, index, error)
        return _nothing()
    return value


async def _value(value):
    return value


def _misuse(where, index, call):
    return f"{where}(): item {index} is {type(call).__name__}, not a function or a call"


def _listed(where, items):
    if isinstance(items, (str, dict)):
        raise TypeError(f"{where}(): the items are a {type(items).__name__}, not a list")
    try:
        items = list(items)
    except TypeError:
        raise TypeError(f"{where}(): the items are a {type(items).__name__}, not a list")
    if len(items) > 4096:
        raise ValueError(f"{where}(): {len(items)} items, at most 4096")
    return items


async def _api_parallel(calls):
    calls = _listed("parallel", calls)
    for index, call in enumerate(calls):
        if type(call).__name__ in _PLAIN:
            raise TypeError(_misuse("parallel", index, call))
    begun = []
    quiet = []
    for index, call in enumerate(calls):
        value = _begin("parallel", index, call)
        if not _is_awaitable(value):
            value = _value(value)
        elif str(value).startswith("<coroutine external_future("):
            quiet.append(str(value))
        begun.append(_settled("parallel", index, value))
    if len(quiet) == len(begun) and len(quiet) > 1:
        _host_barrier(quiet)
    return await _asyncio.gather(*begun)


def _missing(error):
    head, found, tail = str(error).partition("() missing ")
    if not found or "required positional argument" not in tail:
        return 0
    return int(tail.split(" ")[0])


def _apply(stage, value, item, index):
    try:
        return stage(value)
    except TypeError as error:
        missing = _missing(error)
        if missing not in (1, 2):
            raise
        try:
            return stage(value, item) if missing == 1 else stage(value, item, index)
        except TypeError as second:
            if "positional argument" in str(second) and "were given" in str(second):
                raise error
            raise


async def _item(stages, item, index):
    value = item
    try:
        for stage in stages:
            if value is None:
                return None
            value = _apply(stage, value, item, index)
            if _is_awaitable(value):
                value = await value
        return value
    except Exception as error:
        _raised("pipeline", index, error)
        return None


async def _api_pipeline(items, *stages):
    items = _listed("pipeline", items)
    for number, stage in enumerate(stages):
        if type(stage).__name__ in _PLAIN or _is_awaitable(stage):
            raise TypeError(f"pipeline(): stage {number} is {type(stage).__name__}, not a function")
    if not stages:
        return items
    return await _asyncio.gather(*[_item(stages, item, i) for i, item in enumerate(items)])


_api_AgentError = RuntimeError
_api_budget = _Totals("tokens", _tokens)
_api_budget.usd = _Totals("usd", _usd)
_api_args = _args
"""
