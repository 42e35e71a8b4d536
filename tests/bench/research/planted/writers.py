"""Scripted writers: one finds what is missing, one writes the answer, a sentence for each claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planted.knowledge import angle, folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from planted.knowledge import Knowledge

MOST = 2


class Writers:
    """Play the roles of a critic and of who writes."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known = knowledge

    @property
    def roles(self) -> dict[str, Callable[..., object]]:
        """The roles by name."""
        return {"critic": self.critic, "synthesize": self.synthesize}

    def critic(self, call: Call) -> object:
        """Name the parts of which nothing is supported, at most two."""
        item = call.options.item
        known = [self._known.stated(text) for text in item["supported"]]
        covered = {folded(angle(one.fact.entity)) for one in known if one is not None}
        missing = [
            {"part": part["id"], "question": part["question"], "terms": []}
            for part in item["parts"]
            if folded(part["question"]) not in covered
        ]
        return {"missing": missing[:MOST]}

    def synthesize(self, call: Call) -> object:
        """Write every part as a sentence with its mark."""
        return " ".join(_written(part) for part in call.options.item)


def _written(part: JsonValue) -> str:
    if not isinstance(part, dict):
        return str(part)
    text = folded(part["text"]).rstrip(".")
    return f"{text} [{part['n']}]." if "n" in part else f"{text}."
