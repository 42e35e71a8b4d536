"""The policy that holds a person's rules against calls and their tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.approval import Judgement, Verdict
from hocket_plugins.policies.permissions.matching import Wish, forbids, permits
from hocket_plugins.policies.permissions.rules import Rule, parse
from hocket_plugins.policies.permissions.section import Permissions
from hocket_plugins.policies.permissions.suggestion import suggestion
from hocket_plugins.policies.permissions.tokens import Unclear

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
        section = settings.sections.get("permissions")
        given = section if isinstance(section, Permissions) else Permissions()
        self._project = settings.project
        self._allow = [parse(text) for text in given.allow]
        self._ask = [parse(text) for text in given.ask]
        self._deny = [parse(text) for text in given.deny]

    def judge(self, call: Call) -> Judgement:
        """Deny a call that names a tool which is denied as a whole, or names it wrongly."""
        for text in call.options.tools or ():
            try:
                named = parse(text)
            except ValueError as misfit:
                return Judgement(Verdict.DENY, f"tools: {misfit}")
            for rule in self._deny:
                if rule.concerns(named.tool) and rule.what in {None, named.what}:
                    return Judgement(Verdict.DENY, f"the rule deny {rule} is about {named}")
        return FINE

    def judge_use(self, call: Call, use: Use) -> Judgement:
        """Judge one use; the reason of anything but ALLOW says which rule would allow it."""
        wish = Wish.read(use.tool, use.shown, use.effects)
        return self._narrowed(call, wish) or self._judged(wish)

    def granted(self, shown: str) -> bool:
        """Say whether rules alone allow a use, and nothing asks about it: nobody was asked."""
        tool = shown.partition("(")[0]
        wish = Wish.read(tool, shown)
        against = self._about(self._deny, wish) or self._about(self._ask, wish)
        return against is None and self._allowed(wish) is True

    def explain(self, text: str) -> list[str]:
        """Say what every rule that concerns a use makes of it, and what comes of that."""
        tool = text.partition("(")[0]
        wish = Wish.read(tool, text)
        lines = [
            f"{kind} {rule}: {'matches' if self._matches(kind, rule, wish) else 'does not match'}"
            for kind, rules in (("deny", self._deny), ("ask", self._ask), ("allow", self._allow))
            for rule in rules
            if rule.concerns(tool)
        ]
        judged = self._judged(wish)
        word = {Verdict.ALLOW: "allowed", Verdict.ASK: "asked", Verdict.DENY: "denied"}
        return [*lines, f"{word[judged.verdict]}: {judged.reason or 'nothing is against it'}"]

    def _judged(self, wish: Wish) -> Judgement:
        if rule := self._about(self._deny, wish):
            return Judgement(Verdict.DENY, f"the rule deny {rule}")
        allowed = self._allowed(wish)
        if wish.is_steering and allowed is not True:
            return Judgement(Verdict.DENY, f"it is protected; {suggestion(wish)}")
        if rule := self._about(self._ask, wish):
            return Judgement(Verdict.ASK, f"the rule ask {rule}")
        if allowed is True or not wish.effects or (wish.only_reads and not wish.is_guarded):
            return FINE
        reason = allowed if isinstance(allowed, str) else "no rule allows it"
        return Judgement(Verdict.ASK, f"{reason}; {suggestion(wish)}")

    def _narrowed(self, call: Call, wish: Wish) -> Judgement | None:
        """Keep to the tools that the call was given; they never widen what a person allows."""
        for text in call.options.disallowed_tools:
            if forbids(parse(text), wish, self._project):
                return Judgement(Verdict.DENY, f"the call's disallowed_tools name {text}")
        if call.options.tools is None:
            return None
        mine = [rule for rule in map(parse, call.options.tools) if rule.names(wish.tool)]
        if any(rule.what is None for rule in mine):
            return None
        if self._covered(mine, wish) is True:
            return None
        named = ", ".join(map(str, mine))
        reason = f"the call was given {named} only" if mine else "the call was not given this tool"
        return Judgement(Verdict.DENY, reason)

    def _about(self, rules: Iterable[Rule], wish: Wish) -> Rule | None:
        return next((rule for rule in rules if forbids(rule, wish, self._project)), None)

    def _allowed(self, wish: Wish) -> bool | str:
        return self._covered(self._allow, wish)

    def _covered(self, rules: Iterable[Rule], wish: Wish) -> bool | str:
        """Say whether rules name a use, or why none can."""
        try:
            return permits(rules, wish, self._project)
        except Unclear as reason:
            return f"no rule can allow it, since {reason}"

    def _matches(self, kind: str, rule: Rule, wish: Wish) -> bool:
        if kind == "allow":
            return self._covered([rule], wish) is True
        return forbids(rule, wish, self._project)
