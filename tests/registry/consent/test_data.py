"""The plan and its consent for a program that reads them."""

from __future__ import annotations

import json

from hocket.api.ceiling import Ceiling
from hocket.registry.consent.data import as_data
from hocket.registry.installing.plan import Action, Finding, Step

LOUD = Ceiling(network=("*",), write=("reports/**",))


def test_the_keys_of_the_specification(desk):
    high = Finding("L02", "high", "SKILL.md", 41, "runs a download unread")
    one = desk.parcel("acme/deep", "1.4.0", LOUD, findings=(high,))
    found = desk.needs(one)
    told = as_data(found.plan, found)
    assert told == {
        "plan": [
            {
                "action": "add",
                "package": "acme/deep",
                "kind": "bundle",
                "from": None,
                "to": "1.4.0",
                "digest": "hk1:" + "1" * 64,
                "files": 1,
                "size": len(one.tree.entries[0][2]),
                "why": "requested",
            }
        ],
        "consent": {"needed": ["network:*", "write:reports/**"], "given": [], "by": None},
        "findings": [
            {
                "id": "L02",
                "level": "high",
                "package": "acme/deep",
                "path": "SKILL.md",
                "line": 41,
                "text": "runs a download unread",
            }
        ],
        "commands": ["/deep"],
    }
    assert json.loads(json.dumps(told)) == told


def test_what_was_given_and_what_is_taken_away(desk):
    old = desk.parcel()
    consent = desk.agreed(old)
    new = desk.parcel(number="1.1.0")
    gone = Step(Action.REMOVE, "acme/gone", before=desk.receipt(old, consent))
    found = desk.needs(desk.update(new, old, consent), gone, Step(Action.REMOVE, "acme/lost"))
    told = as_data(found.plan, found, given=("network:*",), by="flag")
    assert told["consent"] == {"needed": [], "given": ["network:*"], "by": "flag"}
    updated, removed, lost = told["plan"]
    assert (updated["action"], updated["from"], updated["to"]) == ("update", "1.0.0", "1.1.0")
    assert (removed["from"], removed["to"], removed["kind"]) == ("1.0.0", None, None)
    assert removed["digest"] == old.row.digest
    assert (lost["from"], lost["digest"]) == (None, None)
