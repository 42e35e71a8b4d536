"""Which answer belongs to which prompt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.calls import Call
    from hocket.testing.answers import Answer

Matcher: TypeAlias = "str | re.Pattern[str] | Callable[[Call], bool]"
Rules: TypeAlias = "Mapping[Matcher, Answer]"

_SHOWN = 120


class Rulebook:
    """Rules in order; a rule that is the whole prompt goes before all others."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def find(self, call: Call) -> Answer:
        """Give the answer for a call; raises UsageError that names the prompt and a near rule."""
        if call.prompt in self._rules:
            return self._rules[call.prompt]
        for matcher, answer in self._rules.items():
            if _fits(matcher, call):
                return answer
        raise self._unmatched(call.prompt)

    def _unmatched(self, prompt: str) -> UsageError:
        import difflib  # noqa: PLC0415  only a broken test pays for it

        names = [*map(_name, self._rules)]
        near = difflib.get_close_matches(prompt, names, n=1, cutoff=0.0)
        return UsageError(
            "ScriptedBackend",
            found=f"no rule answers the prompt {prompt[:_SHOWN]!r}",
            expected=f"one of {', '.join(map(repr, names))}" if names else "at least one rule",
            hint=f"The nearest rule is {near[0]!r}." if near else "",
        )


def _fits(matcher: Matcher, call: Call) -> bool:
    if isinstance(matcher, str):
        return matcher in call.prompt
    if isinstance(matcher, re.Pattern):
        return matcher.search(call.prompt) is not None
    return matcher(call)


def _name(matcher: Matcher) -> str:
    if isinstance(matcher, re.Pattern):
        return matcher.pattern
    if isinstance(matcher, str):
        return matcher
    return getattr(matcher, "__name__", repr(matcher))
