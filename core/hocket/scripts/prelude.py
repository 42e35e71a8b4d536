"""The part of the script API that is sandbox code, because functions never cross to the host.

`SOURCE` is fed to the sandbox before the script. Host functions are bound under the prefix
`_host_`; what a script may import stands under `_api_`, and the script's own
`from hocket.script import …` lines become assignments from there.
"""

from __future__ import annotations

__all__ = ["HOST_FUNCTIONS", "MAIN", "NAMES", "SOURCE"]

HOST_FUNCTIONS = ("agent", "attempt", "workflow", "ask", "reveal", "phase", "log")
"""Host calls a script reaches under their own name."""

NAMES = (*HOST_FUNCTIONS, "parallel", "pipeline", "args", "budget", "AgentError")
"""Everything `hocket.script` offers beside the installed patterns."""

MAIN = "_hocket_finished(await main())"
"""What starts a script; a function in its result would leave the sandbox as a text."""

SOURCE = """\
import asyncio as _asyncio
import json as _json


def _made(
    asyncio, json, host_spent, host_raised, host_barrier,
    dict, enumerate, float, int, isinstance, len, list, max, str, tuple, type,
):
    # What a script calls its own names, `_item` or `type`, never reaches in here.
    plain = ("int", "float", "bool", "str", "NoneType", "list", "tuple", "dict", "set", "bytes")

    class Totals:
        def __init__(self, kind, total):
            self._kind = kind
            self.total = total

        def spent(self):
            return host_spent(self._kind)

        def remaining(self):
            if self.total is None:
                return float("inf")
            return max(0, self.total - host_spent(self._kind))

    def is_awaitable(value):
        return type(value).__name__ == "coroutine"

    def raised(where, index, error):
        text = str(error)
        if text.startswith("over_cap: agents"):
            raise error
        host_raised(where, index, type(error).__name__, text)

    async def settled(where, index, call):
        try:
            return await call
        except Exception as error:
            raised(where, index, error)
            return None

    async def value_of(value):
        return value

    def misuse(where, index, call):
        return f"{where}(): item {index} is {type(call).__name__}, not a function or a call"

    def begin(where, index, call):
        if is_awaitable(call):
            return call
        try:
            return call()
        except Exception as error:
            if str(error) == "'" + type(call).__name__ + "' object is not callable":
                raise TypeError(misuse(where, index, call))
            raised(where, index, error)
            return None

    def listed(where, items):
        if isinstance(items, (str, dict)):
            raise TypeError(f"{where}(): the items are a {type(items).__name__}, not a list")
        try:
            items = list(items)
        except TypeError:
            raise TypeError(f"{where}(): the items are a {type(items).__name__}, not a list")
        if len(items) > 4096:
            raise ValueError(f"{where}(): {len(items)} items, at most 4096")
        return items

    async def parallel(calls):
        calls = listed("parallel", calls)
        for index, call in enumerate(calls):
            if type(call).__name__ in plain:
                raise TypeError(misuse("parallel", index, call))
        begun = []
        quiet = []
        for index, call in enumerate(calls):
            value = begin("parallel", index, call)
            if not is_awaitable(value):
                value = value_of(value)
            elif str(value).startswith("<coroutine external_future("):
                quiet.append(str(value))
            begun.append(settled("parallel", index, value))
        if len(quiet) == len(begun) and len(quiet) > 1:
            host_barrier(quiet)
        return await asyncio.gather(*begun)

    def missing(error):
        head, found, tail = str(error).partition("() missing ")
        if not found or "required positional argument" not in tail:
            return 0
        return int(tail.split(" ")[0])

    def apply(stage, value, item, index):
        try:
            return stage(value)
        except TypeError as error:
            count = missing(error)
            if count not in (1, 2):
                raise
            try:
                return stage(value, item) if count == 1 else stage(value, item, index)
            except TypeError as second:
                if "positional argument" in str(second) and "were given" in str(second):
                    raise error
                raise

    async def through(stages, item, index):
        value = item
        try:
            for stage in stages:
                if value is None:
                    return None
                value = apply(stage, value, item, index)
                if is_awaitable(value):
                    value = await value
            return value
        except Exception as error:
            raised("pipeline", index, error)
            return None

    async def pipeline(items, *stages):
        items = listed("pipeline", items)
        for number, stage in enumerate(stages):
            if type(stage).__name__ in plain or is_awaitable(stage):
                kind = type(stage).__name__
                raise TypeError(f"pipeline(): stage {number} is {kind}, not a function")
        if not stages:
            return items
        return await asyncio.gather(*[through(stages, item, i) for i, item in enumerate(items)])

    def odd(value, path):
        if isinstance(value, (list, tuple)):
            parts = [(f"{path}[{i}]", part) for i, part in enumerate(value)]
        elif isinstance(value, dict):
            parts = [(f"{path}.{key}", part) for key, part in value.items()]
        else:
            kind = type(value).__name__
            return None if kind in plain[:5] else f"{path}: {kind}"
        for at, part in parts:
            found = odd(part, at)
            if found:
                return found
        return None

    def finished(value):
        try:
            json.dumps(value)
        except ValueError as error:
            raise ValueError(f"the result is not JSON: {error}")
        except TypeError:
            found = odd(value, "result")
            if found:
                raise TypeError(f"the result is not JSON: {found}")
        return value

    return parallel, pipeline, finished, Totals


_api_parallel, _api_pipeline, _hocket_finished, _hocket_Totals = _made(
    _asyncio, _json, _host_spent, _host_raised, _host_barrier,
    dict, enumerate, float, int, isinstance, len, list, max, str, tuple, type,
)
_api_AgentError = RuntimeError
_api_budget = _hocket_Totals("tokens", _tokens)
_api_budget.usd = _hocket_Totals("usd", _usd)
_api_args = _args
"""
