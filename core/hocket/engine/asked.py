"""What calls of a run were asked, read back from its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask
from hocket.journal.recovery import whole
from hocket.journal.spending import begins, number, part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pydantic import JsonValue

    from hocket.journal.records import Record

    Payload = Mapping[str, JsonValue]
    Load = Callable[[int, int], Record]

_PLAIN = ("schema", "model", "effort", "tools", "disallowed_tools", "untrusted", "isolation")
"""Options whose canonical form is what a script writes."""
_DEFINED = ("agent_type", "check")
"""Options whose canonical form is a name with what it stands for."""


def asked(journal: bytes, calls: Collection[str], load: Load) -> dict[str, Ask]:
    """Give what calls were asked, by their ids; limits that are in no key are not told.

    The first try says it: a later one may be a router's own question about the call. `load` reads
    a record with what was too long for its line.
    """
    found: dict[str, Ask] = {}
    for record, offset, length in whole(journal):
        call = str(record.payload.get("call"))
        if record.kind == "started" and call in calls and _is_first(record.payload):
            payload = load(offset, length).payload
            found[call] = _ask(payload, part(payload, "canonical"))
    return found


def _is_first(payload: Payload) -> bool:
    return begins(payload) and number(payload, "attempt") == 1


def _ask(payload: Payload, canonical: Payload) -> Ask:
    options = {name: canonical[name] for name in _PLAIN if name in canonical}
    for name in _DEFINED:
        definition = canonical.get(name)
        if isinstance(definition, list):
            options[name] = definition[0]
    inputs = canonical.get("inputs")
    if isinstance(inputs, list):
        options["inputs"] = [_input(one) for one in inputs if isinstance(one, list)]
    options["label"] = payload.get("label")
    return Ask(prompt=str(canonical.get("prompt")), options=options)


def _input(attached: list[JsonValue]) -> JsonValue:
    path, _, untrusted = attached
    return {"path": path, "untrusted": untrusted}
