"""What a scope shall have: what it has already, with what a person wishes now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import NotFound, UsageError
from hocket.registry.forms.names import quoted
from hocket.registry.indexes.rows import ANY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hocket.registry.forms.ranges import Range
    from hocket.registry.locks.lock import Lock
    from hocket.registry.planning.specs import Wish
    from hocket.registry.resolving.shelf import Shelf


def installed(name: str, keys: Collection[str]) -> str:
    """Find the installed package that a person means; empty: there is none.

    Raises UsageError for one of several.
    """
    found = sorted(key for key in keys if key == name or key.endswith(f"/{name}"))
    if len(found) > 1:
        expected = " or ".join(found)
        raise UsageError(quoted(name), found="is installed from two registries", expected=expected)
    return found[0] if found else ""


def needed(name: str, keys: Collection[str]) -> str:
    """Find an installed package; raises NotFound."""
    if key := installed(name, keys):
        return key
    raise NotFound(quoted(name), found="is not installed here", hint="See: hocket list --all")


def wishes(lock: Lock, given: Iterable[tuple[str, Wish]]) -> dict[str, Range]:
    """Join what was asked for once with what is asked for now, by REGISTRY/NAME."""
    told: dict[str, Range] = dict(lock.requested)
    for key, wish in given:
        told[key] = wish.within or told.get(key, ANY)
    return told


def young(accepted: Iterable[str], shelf: Shelf) -> frozenset[str]:
    """Give the versions that were accepted in spite of their age, as REGISTRY/NAME@VERSION."""
    told: set[str] = set()
    for one in accepted:
        kind, _, what = one.partition(":")
        name, at, version = what.partition("@")
        if kind == "young" and at:
            told.add(f"{shelf.qualify(name)}@{version}")
    return frozenset(told)


def orphans(lock: Lock, kept: Mapping[str, object] | Collection[str]) -> frozenset[str]:
    """Give the locked packages that nothing leads to any more from those that are kept."""
    needs = {
        one.name: [need.partition("@")[0] for need in one.dependencies] for one in lock.packages
    }
    reached, waiting = set[str](), [key for key in lock.requested if key in kept]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += needs.get(key, [])
    return frozenset(needs) - reached
