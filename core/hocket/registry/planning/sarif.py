"""Writes what an audit found as SARIF 2.1.0, which code hosts show beside the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.inert import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.registry.planning.auditing import Issue

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"note": "note", "warn": "warning", "high": "error", "critical": "error"}
_LOCK = "hocket.lock"


def sarif(issues: Sequence[Issue], hocket_version: str) -> dict[str, JsonValue]:
    """Give the log; what has no file of its own is told of the lock."""
    rules: list[JsonValue] = [{"id": id_} for id_ in sorted({one.id for one in issues})]
    driver: dict[str, JsonValue] = {
        "name": "hocket audit",
        "version": hocket_version,
        "rules": rules,
    }
    run: dict[str, JsonValue] = {
        "tool": {"driver": driver},
        "results": [_result(one) for one in issues],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Issue) -> JsonValue:
    who = f"{one.package} {one.version}" if one.version else one.package
    uri = f"{one.package}/{one.path}" if one.path else _LOCK
    place: dict[str, JsonValue] = {"artifactLocation": {"uri": visible(uri)}}
    if one.line:
        place["region"] = {"startLine": one.line}
    return {
        "ruleId": one.id,
        "level": _LEVELS[one.level],
        "message": {"text": visible(f"{who}: {one.text}")},
        "locations": [{"physicalLocation": place}],
        "properties": {"package": one.package, "severity": one.level},
    }
