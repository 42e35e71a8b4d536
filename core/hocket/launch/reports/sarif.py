"""Writes findings as SARIF 2.1.0, which code hosts show beside the files."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from hocket import __version__
from hocket.api.inert import visible
from hocket.registry.planning.sarif import log, place

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.reports.data import Data, Finding

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_ODD = re.compile(r"[^A-Za-z0-9._/-]+")


def sarif(data: Data, name: str) -> dict[str, JsonValue]:
    """Give the log of the findings that hold; what is open or ruled out is in the report."""
    held = [one for one in data.findings if one.holds]
    results = [_result(one, name) for one in held]
    rules = sorted({_rule(one, name) for one in held})
    return log(f"hocket {name}", __version__, rules, results)


def _rule(finding: Finding, name: str) -> str:
    return _ODD.sub("-", finding.group or name).strip("-") or "finding"


def _result(finding: Finding, name: str) -> dict[str, JsonValue]:
    said = ". ".join(one.rstrip(".") for one in (finding.title, finding.why) if one)
    rule = _rule(finding, name)
    known_by = f"{rule}|{finding.file}|{finding.title}|{finding.quote}"
    result: dict[str, JsonValue] = {
        "ruleId": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": visible(said, newlines="keep")},
        "partialFingerprints": {"hocketFinding/v1": hashlib.sha256(known_by.encode()).hexdigest()},
        "properties": {"severity": finding.severity},
    }
    if finding.file:
        result["locations"] = [_location(finding)]
    return result


def _location(finding: Finding) -> JsonValue:
    uri = quote(finding.file, safe="/")
    return place(uri, finding.line, finding.end_line, visible(finding.quote, newlines="keep"))
