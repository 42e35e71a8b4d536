"""The tool calls of a reply, put together from deltas that servers write in many ways."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.messages import ToolUse
from hocket_plugins.models.openai_compatible.fields import table, text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.models.openai_compatible.fields import JsonObject


@dataclass(slots=True)
class _Call:
    """One call on its way."""

    index: int | None
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])

    @property
    def raw(self) -> str:
        """The arguments so far, as they came."""
        return "".join(self.pieces)

    def is_whole(self) -> bool:
        """Say whether nothing more can belong to it."""
        try:
            return isinstance(json.loads(self.raw), dict)
        except ValueError:
            return False


class Calls:
    """Tells calls apart by id, else by index, else by a name that comes when one is whole."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []

    def __len__(self) -> int:
        """Count the calls so far."""
        return len(self._calls)

    def take(self, row: JsonObject) -> tuple[int, str]:
        """Add a delta; gives the call's place and the piece of its arguments."""
        function = table(row.get("function"))
        name = text(function.get("name"))
        call = self._find(row, name)
        call.id = call.id or text(row.get("id"))
        call.name = call.name or name
        piece = _arguments(function.get("arguments"))
        call.pieces.append(piece)
        return self._calls.index(call), piece

    def uses(self, prefix: str, *, cut: bool) -> list[ToolUse]:
        """Give the calls; an id that is missing, or was given twice, is made up."""
        seen: set[str] = set()
        uses: list[ToolUse] = []
        for at, call in enumerate(self._calls):
            use_id = call.id if call.id and call.id not in seen else f"{prefix}_{at}"
            seen.add(use_id)
            # Without arguments there are none, unless the tokens ran out before them.
            raw = call.raw if cut else call.raw or "{}"
            uses.append(ToolUse(id=use_id, name=call.name, raw=raw))
        return uses

    def _find(self, row: JsonObject, name: str) -> _Call:
        index = row.get("index")
        place = index if isinstance(index, int) else None
        same = [one for one in self._calls if place is None or one.index == place]
        if same and not _is_another(same[-1], text(row.get("id")), name):
            return same[-1]
        self._calls.append(_Call(place))
        return self._calls[-1]


def _is_another(call: _Call, use_id: str, name: str) -> bool:
    if use_id and call.id:
        return use_id != call.id
    return bool(name and call.name) and (name != call.name or call.is_whole())


def _arguments(value: JsonValue) -> str:
    """Give arguments as text; some servers send the object itself."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
