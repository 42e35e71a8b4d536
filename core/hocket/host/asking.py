"""Asks plugins one by one, so that every answer has a name to it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from hocket.errors import HocketError, NameClash
from hocket.host.plugins import block, broken
from hocket.host.verify import misfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pluggy import HookImpl, PluginManager


def implementations(manager: PluginManager, hook: str) -> list[HookImpl]:
    """List who answers a hook, in the order pluggy would call them: `trylast` at the end."""
    found: list[HookImpl] = getattr(manager.hook, hook).get_hookimpls()
    return found[::-1]


def ask(implementation: HookImpl, hook: str, given: dict[str, object]) -> object:
    """Ask one plugin; raises StructureError when it raises, HookMisfit for a coroutine."""
    arguments = [given[name] for name in implementation.argnames]
    try:
        answer: object = implementation.function(*arguments)
    except HocketError:
        raise
    except Exception as cause:
        raise broken(implementation.plugin_name, f"its hook '{hook}' raised", cause) from cause
    if inspect.iscoroutine(answer):
        # It is not None, so as a first answer it would win: for an approver, a hole.
        answer.close()
        raise misfit(
            implementation.plugin_name,
            f"the hook '{hook}' answered with a coroutine",
            "an object with async methods",
            "A hook never awaits.",
        )
    return answer


def first(manager: PluginManager, hook: str, **given: object) -> object | None:
    """Ask until somebody answers."""
    answers = (ask(one, hook, given) for one in implementations(manager, hook))
    return next((answer for answer in answers if answer is not None), None)


def every(manager: PluginManager, hook: str, **given: object) -> Iterator[tuple[str, object]]:
    """Ask everybody, in the order of registration, and give each thing with its plugin's name."""
    for one in reversed(implementations(manager, hook)):
        answer = ask(one, hook, given)
        if answer is None:
            continue
        if not isinstance(answer, Sequence) or isinstance(answer, str):
            raise misfit(
                one.plugin_name,
                f"the hook '{hook}' answered with a {type(answer).__name__}",
                "a list or a tuple",
                "One thing is a list of one.",
            )
        for thing in cast("Sequence[object]", answer):
            yield one.plugin_name, thing


def by_name(kind: str, offers: Iterable[tuple[str, str, object]]) -> dict[str, object]:
    """Put (plugin, name, thing) under their names; raises NameClash naming both plugins."""
    owners: dict[str, str] = {}
    things: dict[str, object] = {}
    for plugin, name, thing in offers:
        if name in owners:
            raise NameClash(
                f"{kind} '{name}'",
                found=f"offered by plugins '{owners[name]}' and '{plugin}'",
                expected="one owner",
                hint=f"Block one of them: {block(plugin)}",
            )
        owners[name] = plugin
        things[name] = thing
    return things


def named(
    kind: str, offers: Iterable[tuple[str, object]], attribute: str = "name"
) -> Iterator[tuple[str, str, object]]:
    """Read the name off each thing; raises HookMisfit for one that has none."""
    for plugin, thing in offers:
        name = getattr(thing, attribute, None)
        if not isinstance(name, str) or not name:
            found = f"it offers a {kind} without a {attribute}"
            raise misfit(plugin, found, f"a text in .{attribute}", f"It is {thing!r}."[:200])
        yield plugin, name, thing
