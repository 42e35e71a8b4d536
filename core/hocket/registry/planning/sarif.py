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
    rules = sorted({one.id for one in issues})
    return log("hocket audit", hocket_version, rules, [_result(one) for one in issues])


def log(
    tool: str, version: str, rules: Sequence[str], results: Sequence[JsonValue]
) -> dict[str, JsonValue]:
    """Give a log of one tool with its results."""
    driver: dict[str, JsonValue] = {
        "name": tool,
        "version": version,
        "rules": [{"id": id_} for id_ in rules],
    }
    run: dict[str, JsonValue] = {"tool": {"driver": driver}, "results": [*results]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def place(uri: str, line: int = 0, end_line: int = 0, snippet: str = "") -> JsonValue:
    """Give a place in a file; 0 stands for no line."""
    physical: dict[str, JsonValue] = {"artifactLocation": {"uri": visible(uri)}}
    if line > 0:
        region: dict[str, JsonValue] = {"startLine": line}
        region |= {"endLine": end_line} if end_line >= line else {}
        region |= {"snippet": {"text": snippet}} if snippet else {}
        physical["region"] = region
    return {"physicalLocation": physical}


def _result(one: Issue) -> JsonValue:
    who = f"{one.package} {one.version}" if one.version else one.package
    uri = f"{one.package}/{one.path}" if one.path else _LOCK
    return {
        "ruleId": one.id,
        "level": _LEVELS[one.level],
        "message": {"text": visible(f"{who}: {one.text}")},
        "locations": [place(uri, one.line or 0)],
        "properties": {"package": one.package, "severity": one.level},
    }
