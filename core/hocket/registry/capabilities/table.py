"""Reads a capability table by its closed vocabulary, and gives it an identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from hocket.api.ceiling import AGENTS, FLAGS, KEYS, LISTS, MOST_AGENTS, Ceiling
from hocket.registry.capabilities.vocabulary import READERS
from hocket.registry.forms.canonical import fingerprint
from hocket.registry.forms.names import quoted
from hocket.registry.forms.problem import Problem, is_giant, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = "capabilities"
_QUIET_TOOLS = frozenset({"Read", "Grep", "Glob"})
_QUIET_AGENTS = 100


@dataclass(frozen=True, slots=True)
class Declared:
    """What a table says as far as it can be read, and all that is wrong with it."""

    ceiling: Ceiling
    problems: tuple[Problem, ...] = ()


def read(table: object) -> Declared:
    """Read a table of TOML or JSON; lists come out in one spelling, sorted and unique."""
    if not isinstance(table, dict):
        return Declared(Ceiling(), (Problem(KEY, f"{quoted(table)} is not a table"),))
    given = cast("dict[str, object]", table)
    if is_giant(given):
        return Declared(Ceiling(), (Problem(KEY, "holds a number of more than 64 bits"),))
    problems = [Problem(KEY, _unknown(key)) for key in given if key not in KEYS]
    lists = {key: _items(key, given.get(key, []), problems) for key in LISTS}
    flags = {key: _flag(key, given.get(key, False), problems) for key in FLAGS}
    agents = _agents(given.get(AGENTS, 0), problems)
    return Declared(_ceiling(agents, lists, flags), tuple(problems))


def capability_hash(ceiling: Ceiling) -> str:
    """Give the identity of a table: over all twelve keys, whatever their order was."""
    return fingerprint(ceiling.table())


def union(ceilings: Iterable[Ceiling]) -> Ceiling:
    """Join what a parent and its dependencies may do, for the screen that asks for all."""
    given = tuple(ceilings)
    lists = {key: tuple(item for one in given for item in one.items(key)) for key in LISTS}
    flags = {key: any(one.has(key) for one in given) for key in FLAGS}
    whole = _ceiling(max((one.agents for one in given), default=0), lists, flags)
    return replace(whole, is_declared=all(one.is_declared for one in given))


def is_quiet(ceiling: Ceiling) -> bool:
    """Say whether a table asks for nothing that `--yes` could not accept anywhere."""
    tame = set(ceiling.tools) <= _QUIET_TOOLS and ceiling.agents <= _QUIET_AGENTS
    rest = replace(ceiling, tools=(), read=(), agents=0)
    return tame and rest == Ceiling()


def _ceiling(agents: int, lists: dict[str, tuple[str, ...]], flags: dict[str, bool]) -> Ceiling:
    return Ceiling(
        agents=agents,
        env=lists["env"],
        hooks=flags["hooks"],
        inline_exec=flags["inline-exec"],
        mcp=lists["mcp"],
        network=lists["network"],
        python=flags["python"],
        read=lists["read"],
        reveal=flags["reveal"],
        shell=lists["shell"],
        tools=lists["tools"],
        write=lists["write"],
    )


def _unknown(key: str) -> str:
    return f"unknown capability {quoted(key)} (known: {', '.join(KEYS)})"


def _items(key: str, value: object, problems: list[Problem]) -> tuple[str, ...]:
    reader, expected = READERS[key]
    if not isinstance(value, list):
        problems.append(Problem(key_of(KEY, key), f"{quoted(value)} is not a list"))
        return ()
    found: list[str] = []
    for item in cast("list[object]", value):
        read_item = reader(item) if isinstance(item, str) else None
        if read_item is None:
            problems.append(Problem(key_of(KEY, key), f"{quoted(item)} is not {expected}"))
        else:
            found.append(read_item)
    return tuple(found)


def _flag(key: str, value: object, problems: list[Problem]) -> bool:
    if not isinstance(value, bool):
        problems.append(Problem(key_of(KEY, key), f"{quoted(value)} is not true or false"))
    return value is True


def _agents(value: object, problems: list[Problem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_AGENTS:
        return value
    text = f"{quoted(value)} is not a whole number from 0 to {MOST_AGENTS}"
    problems.append(Problem(key_of(KEY, AGENTS), text))
    return 0
