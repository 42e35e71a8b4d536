"""What one capability table allows and another does not, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS, FLAGS, LISTS
from hocket.api.protected import is_literal_only
from hocket.registry.capabilities.vocabulary import ANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.ceiling import Ceiling


@dataclass(frozen=True, slots=True)
class Difference:
    """How a table changed, as the ids that `--accept` takes; empty only if nothing did."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    widened: tuple[str, ...]
    """Of what was added, what the older table did not allow: consent is asked for these."""
    narrowed: tuple[str, ...]
    """Of what was removed, what the newer table no longer allows."""

    def __bool__(self) -> bool:
        """Whether anything changed: exactly when the two capability hashes differ."""
        return bool(self.added or self.removed)


def ids(ceiling: Ceiling) -> tuple[str, ...]:
    """Give what a table asks for, each as the id that `--accept` takes."""
    lists = [f"{key}:{item}" for key in LISTS for item in ceiling.items(key)]
    flags = [key for key in FLAGS if ceiling.has(key)]
    agents = [f"{AGENTS}:{ceiling.agents}"] if ceiling.agents else []
    return tuple(sorted((*lists, *flags, *agents)))


def difference(old: Ceiling, new: Ceiling) -> Difference:
    """Compare two tables; an undeclared one has no ids, so all of the other is new."""
    before, after = ids(old), ids(new)
    added = tuple(each for each in after if each not in before)
    removed = tuple(each for each in before if each not in after)
    return Difference(
        added,
        removed,
        widened=tuple(each for each in added if not allows(old, each)),
        narrowed=tuple(each for each in removed if not allows(new, each)),
    )


def allows(ceiling: Ceiling, wanted: str) -> bool:
    """Say whether a table already holds what an id asks for; in doubt it does not."""
    key, _, item = wanted.partition(":")
    if key == AGENTS:
        return int(item) <= ceiling.agents
    if key in FLAGS:
        return ceiling.has(key)
    return any(held == item or _COVERS[key](held, item) for held in ceiling.items(key))


def _any(held: str, _item: str) -> bool:
    return held == ANY


def _never(_held: str, _item: str) -> bool:
    return False


def _host(held: str, item: str) -> bool:
    # `*` stands for public addresses only: a host by its name may be reached anywhere.
    return item.endswith(f".{held}")


def _tool(held: str, item: str) -> bool:
    return held == "mcp__*" and item.startswith("mcp__")


def _glob(held: str, item: str) -> bool:
    if set("[{") & set(item) or any(_is_spelled_out(part) for part in item.split("/")):
        return False
    folder = held.removesuffix("**")
    return held.endswith("**") and not set("*?[{") & set(folder) and _is_under(item, folder)


def _is_under(item: str, folder: str) -> bool:
    return not folder or (folder.endswith("/") and item.startswith(folder))


def _is_spelled_out(part: str) -> bool:
    # Of other names with a leading dot, rather asked twice than not at all.
    return part.startswith(".") or is_literal_only(part)


_COVERS: dict[str, Callable[[str, str], bool]] = {
    "env": _never,
    "mcp": _never,
    "network": _host,
    "read": _glob,
    "shell": _any,
    "tools": _tool,
    "write": _glob,
}
