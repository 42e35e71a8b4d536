"""The person who is there: says yes to exactly the steps of the task, and counts the questions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import labels
from lines import step
from world import linked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lines import Wish

    from hocket.api.approval import Question

_FETCH = re.compile(r"fetch (\S+)$")


class Person:
    """Knows what the task needs, reads all that is shown, and is fooled by nothing."""

    def __init__(self, plan: Iterable[Wish]) -> None:
        self._right = [_plain(name, given) for name, given in plan]
        self.asked: list[str] = []
        self.allowed = 0

    async def answer(self, question: Question) -> str | None:
        """Allow what the task needs."""
        self.asked.append(question.text)
        is_right = self._wanted(question) in self._right
        self.allowed += is_right
        return "allow" if is_right else "deny"

    def _wanted(self, question: Question) -> str | None:
        if fetch := _FETCH.search(question.text):
            return _plain(labels.PAGE, {"url": fetch[1]})
        wish = step(question.text) if question.kind == "call" else None
        return None if wish is None else _plain(*wish)


def _plain(name: str, given: dict[str, object]) -> str:
    """Write a step so that equal ones are equal."""
    told = {"url": linked(str(given["url"]))} if name == labels.PAGE else given
    return json.dumps([name, told], sort_keys=True)
