"""What must not be overlooked on the screen, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.consent.wording import is_any_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.ceiling import Ceiling
    from hocket.registry.consent.needed import Needs

_WORST = ("python", "finding", "similar", "signers", "signer", "unsigned", "source", "shadow")
_LEVELS = ("high", "warn", "note")
_READERS = frozenset({"Read", "Grep", "Glob"})
_WEB = frozenset({"WebFetch", "WebSearch"})
TRIO = (
    "private files + outside content + network: text it reads could try to carry files out; "
    "quarantine is on"
)
UNDECLARED = (
    "what it may do is undeclared: every effect is asked about, and refused where nobody is there"
)


def warnings(needs: Needs) -> tuple[str, ...]:
    """Give a sentence for each, at most once."""
    return tuple(dict.fromkeys((*_raised(needs), *_powers(needs), *_findings(needs))))


def is_trio(ceiling: Ceiling) -> bool:
    """Say whether a table, of however many packages, can read, be told what to do, and send."""
    reads = bool(ceiling.read or ceiling.shell or _READERS & set(ceiling.tools))
    goes_out = bool(ceiling.network or ceiling.mcp or _WEB & set(ceiling.tools))
    return reads and goes_out


def _raised(needs: Needs) -> list[str]:
    found = [one for need in needs.packages for one in need.raised if one.id in need.ids]
    found += needs.signers
    order = {kind: place for place, kind in enumerate(_WORST)}
    found.sort(key=lambda one: order.get(one.id.partition(":")[0], len(order)))
    return [one.why for one in found]


def _powers(needs: Needs) -> Iterator[str]:
    whole = needs.asked
    if is_any_program(whole, needs.granted.checks):
        yield "it may start any program, in the sandbox"
    if is_trio(whole):
        yield TRIO
    for need in needs.packages:
        if not need.asked.is_declared:
            yield f"{need.key}: {UNDECLARED}"


def _findings(needs: Needs) -> list[str]:
    found = [(need.key, one) for need in needs.packages for one in need.parcel.findings]
    shown = [(key, one) for key, one in found if one.level in _LEVELS]
    shown.sort(key=lambda pair: _LEVELS.index(pair[1].level))
    return [
        f"{one.level} {one.id} {key}: {one.path}:{one.line} {one.text}".replace(":0 ", " ")
        for key, one in shown
    ]
