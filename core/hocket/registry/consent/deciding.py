"""Whether a plan may be carried out: by what was typed, by what held before, or by asking."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket.registry.capabilities.difference import ids
from hocket.registry.capabilities.table import union
from hocket.registry.consent.ids import CAPABILITIES, ceiling_of, checked, is_capability
from hocket.registry.consent.managed import judge
from hocket.registry.consent.needed import covers
from hocket.registry.consent.screen import screen
from hocket.registry.receipts.receipt import Consent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from hocket.api.ceiling import Ceiling
    from hocket.registry.consent.managed import Managed
    from hocket.registry.consent.needed import Need, Needs
    from hocket.registry.consent.screen import Screen

    Ask = Callable[[Screen], "Answer"]

NOTHING = "Nothing was installed."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to the screen; whatever is no clear yes is a no."""

    agreed: bool = False
    typed: frozenset[str] = frozenset()
    """Names that they typed, as they were asked to."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the command line says."""

    yes: bool
    accepted: tuple[str, ...]

    def missing(self, need: Need) -> tuple[str, ...]:
        """Give what was neither typed nor lies in what `--yes` covers."""
        return tuple(one for one in need.ids if not self._gives(need, one))

    def wants_yes(self, need: Need) -> bool:
        """Say whether a package comes for the first time, and nothing typed is about it."""
        told = need.at_once in self.accepted or any(covers(self.accepted, one) for one in need.ids)
        return need.is_new and not self.yes and not told

    def _gives(self, need: Need, id_: str) -> bool:
        if is_capability(id_) and (need.at_once in self.accepted or (self.yes and need.is_quiet)):
            return True
        return covers(self.accepted, id_)


def decide(
    needs: Needs,
    *,
    yes: bool,
    accepted: tuple[str, ...],
    policy: Managed,
    ask: Ask | None,
    now: datetime,
) -> Mapping[str, Consent]:
    """Give the consent for each package; raises RefusedError, or UsageError for an id that is none.

    `ask` is None where nobody can answer. After `--yes` nobody is asked: what it does not cover
    is refused, with the ids that would.
    """
    typed = _Typed(yes, checked(accepted))
    judge(needs, policy)
    signers = tuple(one.id for one in needs.signers if one.id not in typed.accepted)
    lacking = any(typed.missing(one) or typed.wants_yes(one) for one in needs.packages)
    if not lacking and not signers:
        by = "flag" if yes or accepted else "policy"
        return {need.key: _consent(need, _given(need, typed), by, now) for need in needs.packages}
    if yes or ask is None:
        raise _refusal(needs, typed, signers)
    _agreed(needs, ask(screen(needs.plan, needs)), typed)
    return {
        need.key: _consent(need, (*_given(need, typed), *need.ids), "tty", now)
        for need in needs.packages
    }


def unused(needs: Needs, accepted: tuple[str, ...]) -> tuple[str, ...]:
    """Give what was accepted although nothing needed it, for a note."""
    return tuple(one for one in checked(accepted) if not _is_used(needs, one))


def _is_used(needs: Needs, given: str) -> bool:
    if any(one.id == given for one in needs.signers):
        return True
    return any(
        given == need.at_once
        or (is_capability(given) and not need.asked.is_declared)
        or any(covers((given,), one) for one in need.ids)
        for need in needs.packages
    )


def _given(need: Need, typed: _Typed) -> tuple[str, ...]:
    """Give what was typed about one package; one that declares nothing is given what was typed."""
    about = [one for one in need.ids if covers(typed.accepted, one)]
    about += [need.at_once] if need.at_once in typed.accepted and need.ids else []
    if not need.asked.is_declared:
        about += [one for one in typed.accepted if is_capability(one)]
    return tuple(about)


def _consent(need: Need, given: tuple[str, ...], by: str, now: datetime) -> Consent:
    """Write what holds from now on; where nothing was new it is as it was, only narrowed."""
    before = need.before.accepted if need.before else ()
    still = {one for one in before if _is_about(need, one)}
    accepted = tuple(sorted({*given, *still}))
    ceiling = _ceiling(need, accepted)
    if need.before and not need.ids:
        return replace(need.before, ceiling=ceiling, accepted=accepted)
    return Consent(ceiling, accepted, by, now)


def _is_about(need: Need, id_: str) -> bool:
    """Say whether what was agreed to once is still asked for; else it is asked anew one day."""
    if is_capability(id_):
        return not need.asked.is_declared or id_ in ids(need.asked)
    return id_ == need.at_once or any(one.id == id_ for one in need.raised)


def _ceiling(need: Need, accepted: tuple[str, ...]) -> Ceiling:
    told = need.parcel.row.capabilities
    if told.is_declared:
        return told
    # What is typed for a package that declares nothing becomes its table.
    extra = ceiling_of(one for one in accepted if one not in ids(need.asked))
    whole = union((need.asked, extra))
    return replace(whole, is_declared=extra != ceiling_of(()))


def _agreed(needs: Needs, answer: Answer, typed: _Typed) -> None:
    """Raise RefusedError unless they said yes, and typed the name of all code that is new."""
    code = {
        one.partition(":")[2]
        for need in needs.packages
        for one in typed.missing(need)
        if one.startswith("python:")
    }
    untyped = sorted(name for name in code if name.rpartition("/")[2] not in answer.typed)
    if not answer.agreed:
        raise RefusedError(needs.plan.command, found="not agreed to", hint=NOTHING)
    if untyped:
        found = f"the name was not typed: {', '.join(untyped)}"
        raise RefusedError(needs.plan.command, found=found, hint=NOTHING)


def _refusal(needs: Needs, typed: _Typed, signers: tuple[str, ...]) -> RefusedError:
    """Say what is missing, and what exactly would give it."""
    missing = [(need, typed.missing(need)) for need in needs.packages]
    lacking = sorted({*signers, *(one for _need, some in missing for one in some)})
    words = [f"--accept={one}" for one in lacking]
    # Where ids are to be typed for some, others may come for the first time and ask for nothing.
    if any(typed.wants_yes(need) and not need.loud for need in needs.packages):
        words.append("--yes")
    return RefusedError(
        needs.plan.command,
        found=f"not agreed to: {', '.join(lacking) or 'what the plan installs'}",
        expected="a yes to the screen on a terminal, or each id",
        hint=f"{_spoken(words)}{_at_once(missing)}\n{NOTHING}",
    )


def _at_once(missing: Sequence[tuple[Need, tuple[str, ...]]]) -> str:
    """Offer one id for the capabilities of each package, where they are several."""
    several = [need.at_once for need, some in missing if sum(map(is_capability, some)) > 1]
    words = _spoken([f"--accept={one}" for one in dict.fromkeys(several)])
    return f"\nAll {CAPABILITIES} of a package at once: {words}" if several else ""


def _spoken(words: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, words))
