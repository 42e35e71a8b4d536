"""Follows renamed packages to the name they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms.names import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

MOST_STEPS = 8
WITHDRAWN = ""
"""What a package is renamed to that nobody shall take any more."""


def chain(renames: Mapping[str, str], name: str) -> tuple[str, ...]:
    """List the names of a package, from the given to the last; a loop ends at the limit."""
    told = [name]
    while told[-1] in renames and len(told) <= MOST_STEPS + 1:
        told.append(renames[told[-1]])
    return tuple(told)


def faults(renames: Mapping[str, str], known: Collection[str]) -> Iterator[str]:
    """Say what is wrong with a table of renames: loops, long chains, ends that do not exist."""
    for name in sorted(renames):
        told = chain(renames, name)
        if len(set(told)) < len(told):
            yield f"{quoted(name)} is renamed in a loop"
        elif len(told) > MOST_STEPS + 1:
            yield f"{quoted(name)} is renamed more than {MOST_STEPS} times"
        elif told[-1] != WITHDRAWN and told[-1] not in known:
            yield f"{quoted(name)} is renamed to {quoted(told[-1])}, which is not there"
