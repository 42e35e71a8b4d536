"""What a finder is asked: the task, one lens, and nothing of what the others found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask
from hocket.api.patterns.grouping import keyed
from hocket.api.patterns.templates import block, fill, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.until_done.catch import Find
    from hocket_plugins.patterns.until_done.search import Search


HOW = (
    "Give all that you find, each once. Nothing found is an answer, too; what is not there is none."
)


class Finders:
    """Words the question for each finder; what all share stands first."""

    def __init__(self, context: PatternContext, search: Search) -> None:
        self._search = search
        self._args = context.args
        self._told(0)  # a misspelt place must cost nothing

    def ask(self, number: int, finds: Sequence[Find], worth: float | None) -> Ask:
        """Ask one more finder; lenses take turns."""
        lens = self._search.lenses[number % len(self._search.lenses)]
        parts = [self._told(number), HOW]
        if self._search.show_found and finds:
            known = [shown(keyed(find.value, self._search.key)) for find in finds]
            parts.append("Found already, leave it out:\n" + block("found", "\n".join(known)))
        parts.append(f"{lens.say}\nYou are finder {number + 1}.")
        label: dict[str, JsonValue] = {"label": f"find {number + 1}"}
        given = {**label, **self._search.__pydantic_extra__, **lens.__pydantic_extra__}
        item: JsonValue = {"index": number, "lens": lens.say}
        options = self._search.options("find", given, schema=self._search.shape, item=item)
        return Ask(prompt="\n\n".join(parts), options=options, worth=worth)

    def _told(self, number: int) -> str:
        count = self._search.max_agents
        return fill(self._search.prompt, {"index": number, "count": count, "args": self._args})
