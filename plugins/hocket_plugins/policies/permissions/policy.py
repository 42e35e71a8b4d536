"""The policy that holds a person's rules against calls and their tools."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.approval import Judgement, Verdict
from hocket.api.shell.tokens import Unclear
from hocket_plugins.policies.permissions.ground import Ground
from hocket_plugins.policies.permissions.matching import Wish, forbids, permits
from hocket_plugins.policies.permissions.rulebook import Rulebook
from hocket_plugins.policies.permissions.rules import COMMANDS, Rule, parse
from hocket_plugins.policies.permissions.suggestion import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.approval import Use
    from hocket.api.calls import Call
    from hocket.api.settings import PluginSettings

FINE = Judgement(Verdict.ALLOW)


class PermissionsPolicy:
    """Deny goes before ask, ask before allow, and what nothing is about is asked."""

    name = "permissions"

    def __init__(self, settings: PluginSettings) -> None:
        self._ground = Ground(settings.project)
        self._rules = Rulebook.of(settings)

    def judge(self, call: Call) -> Judgement:
        """Deny a call that names a tool which is denied as a whole, or names it wrongly."""
        for text in (*(call.options.tools or ()), *call.options.disallowed_tools):
            try:
                parse(text)
            except ValueError as misfit:
                return Judgement(Verdict.DENY, f"tools: {misfit}")
        for named in map(parse, call.options.tools or ()):
            for rule in self._rules.deny:
                if rule.concerns(named.tool) and rule.what in {None, named.what}:
                    return Judgement(Verdict.DENY, f"the rule deny {rule} is about {named}")
        return FINE

    def judge_use(self, call: Call, use: Use) -> Judgement:
        """Judge one use; the reason of anything but ALLOW says which rule would allow it."""
        ground = Ground(use.workspace) if use.workspace else self._ground
        wish = Wish.read(use.shown, ground, use.tool, use.effects)
        return _narrowed(call, wish) or self._judged(wish)

    def granted(self, use: str) -> bool:
        """Say whether a person's own rules name a use, and nothing denies it or asks about it."""
        wish = Wish.read(use, self._ground)
        against = _about(self._rules.deny, wish) or _about(self._rules.ask, wish)
        return against is None and _covered(self._rules.allow, wish) is True

    def rules(self) -> list[tuple[str, str]]:
        """List the rules with what each is for, in the order in which they are asked."""
        return [(kind, str(rule)) for kind, rule in self._rules.each()]

    def explain(self, use: str) -> tuple[str, str, list[tuple[str, str, bool]]]:
        """Say what comes of a use (allowed, asked, denied), why, and which rules fit it."""
        wish = Wish.read(use, self._ground)
        rules = [
            (kind, str(rule), _fits(kind, rule, wish))
            for kind, rule in self._rules.each()
            if rule.concerns(wish.tool)
        ]
        judged = self._judged(wish)
        word = {Verdict.ALLOW: "allowed", Verdict.ASK: "asked", Verdict.DENY: "denied"}
        return word[judged.verdict], judged.reason or "nothing is against it", rules

    def _judged(self, wish: Wish) -> Judgement:
        if rule := _about(self._rules.deny, wish):
            return Judgement(Verdict.DENY, f"the rule deny {rule}")
        allowed = _covered(self._rules.allow, wish)
        if wish.is_steering and allowed is not True:
            return Judgement(Verdict.DENY, f"it is protected; {suggestion(wish)}")
        if rule := _about(self._rules.ask, wish):
            return Judgement(Verdict.ASK, f"the rule ask {rule}")
        if allowed is True or _is_free(wish) or _is_listed(self._rules.listed, wish):
            return FINE
        reason = allowed if isinstance(allowed, str) else "no rule allows it"
        return Judgement(Verdict.ASK, f"{reason}; {suggestion(wish)}")


def _is_free(wish: Wish) -> bool:
    """Say whether it needs no rule: it does nothing, or reads in the workspace."""
    return not wish.effects or (wish.only_reads and not wish.is_guarded)


def _is_listed(rules: Iterable[Rule], wish: Wish) -> bool:
    """Say whether the card listed it; of a shell in a sandbox the sandbox is the wall."""
    mine = [rule for rule in rules if rule.names(wish.tool)]
    is_walled = wish.tool in COMMANDS and any(rule.what is None for rule in mine)
    return is_walled or _covered(mine, wish) is True


def _narrowed(call: Call, wish: Wish) -> Judgement | None:
    """Keep to the tools that the call was given; they never widen what a person allows."""
    for text in call.options.disallowed_tools:
        if forbids(parse(text), wish):
            return Judgement(Verdict.DENY, f"the call's disallowed_tools name {text}")
    if call.options.tools is None:
        return None
    # In `tools=` a `*` may stand for any tool; in a person's rules it may not.
    given = [*map(parse, call.options.tools)]
    mine = [rule for rule in given if rule.names(wish.tool) or fnmatchcase(wish.tool, rule.tool)]
    if any(rule.what is None for rule in mine) or _covered(mine, wish) is True:
        return None
    named = ", ".join(map(str, mine))
    reason = f"the call was given {named} only" if mine else "the call was not given this tool"
    return Judgement(Verdict.DENY, reason)


def _about(rules: Iterable[Rule], wish: Wish) -> Rule | None:
    return next((rule for rule in rules if forbids(rule, wish)), None)


def _covered(rules: Iterable[Rule], wish: Wish) -> bool | str:
    """Say whether rules name a use, or why none can."""
    try:
        return permits(rules, wish)
    except Unclear as reason:
        return f"no rule can allow it, since {reason}"


def _fits(kind: str, rule: Rule, wish: Wish) -> bool:
    if kind == "listed":
        return _is_listed([rule], wish)
    return _covered([rule], wish) is True if kind == "allow" else forbids(rule, wish)
