"""What a run's journal says about the run itself, beside its calls: who, what, and the end."""

from __future__ import annotations

import os
import socket
from hashlib import sha256
from typing import TYPE_CHECKING

import hocket
from hocket.engine.summary import report
from hocket.journal.cleaning import clean
from hocket.journal.records import FORMAT, KEY_VERSION, MIN_READER, decode
from hocket.journal.spending import part
from hocket.launch import ceilings, granting, origins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.engine.plan import Ended
    from hocket.engine.summary import Failure, Report
    from hocket.journal.past import Past
    from hocket.launch.opened import Opened
    from hocket.launch.prepare import Prepared

    Payload = dict[str, JsonValue]

TOLD = (
    "census",
    "usage",
    "cost_usd",
    "elapsed_s",
    "failures",
    "notes",
    "outside",
    "resumes_at",
)
"""The fields of a report that its `closed` record repeats, so that both say the same for ever."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


def header(run_id: str, prepared: Prepared) -> Payload:
    """Say what a new run is; only a resume that changes something says more."""
    settings = prepared.project.loaded.settings
    return _clean(
        {
            "v": FORMAT,
            "min_reader": MIN_READER,
            "kv": KEY_VERSION,
            "run": run_id,
            "name": prepared.script.manifest.name,
            "durability": settings.durability,
            **({} if prepared.shown is None else {"estimate": prepared.shown}),
            **_taken(prepared),
        }
    )


def life(prepared: Prepared, past: Past) -> Payload:
    """Say which process lives the run from here on, with what, and what opening it found."""
    process: Payload = {"pid": os.getpid(), "host": socket.gethostname()}
    return _clean({**process, **_taken(prepared), **past.findings})


def closed(account: Report, kept: Payload) -> Payload:
    """Say how the run left; `kept` carries its result."""
    end: Payload = {"state": account["status"], "cause": account["cause"], **kept}
    return {**end, **{name: account[name] for name in TOLD}}


def told(
    opened: Opened, prepared: Prepared, ended: Ended, failures: list[Failure], elapsed_ms: int
) -> Report:
    """Tell a person and a program what became of a run."""
    account = report(
        run_id=opened.run_id,
        name=prepared.script.manifest.name,
        status=ended.state,
        cause=ended.cause,
        result=ended.result,
        census=ended.census,
        usage=ended.usage,
        elapsed_ms=elapsed_ms,
        failures=failures,
        notes=(
            *opened.past.notes,
            *ended.notes,
            *origins.notes(ended.result, ended.outside),
            *_proxies(ended),
        ),
        outside=ended.outside,
        resumes_at=ended.resumes_at,
    )
    return {**account, **ceilings.told(prepared.script)}


def latest(past: Past, load: Callable[[str], bytes | None]) -> Payload:
    """Give what the run was taken with the last time; what was too long for a line is loaded."""
    return {**unspilled(past.header, load), **unspilled(past.opened, load)}


def unspilled(payload: Mapping[str, JsonValue], load: Callable[[str], bytes | None]) -> Payload:
    """Put back the fields that were too long for a line; a lost one stays away."""
    whole = {name: value for name, value in payload.items() if name != "spilled"}
    for name, reference in part(payload, "spilled").items():
        digest = str(reference.get("artifact")) if isinstance(reference, dict) else ""
        content = load(digest)
        if content is not None and sha256(content).hexdigest() == digest:
            whole[name] = decode(content.decode())
    return whole


def value(payload: Mapping[str, JsonValue], load: Callable[[str], bytes | None]) -> JsonValue:
    """Give the value a record carries, or names by its digest; None when that is lost."""
    if "artifact" in payload:
        return unspilled({"spilled": {"value": {**payload}}}, load).get("value")
    return payload.get("value")


def expanded(before: Mapping[str, JsonValue]) -> dict[str, str]:
    """Name the arguments that hold what was expanded for them, each with its kind."""
    return {name: str(kind) for name, kind in part(before, "expanded").items()}


def outside(before: Mapping[str, JsonValue]) -> dict[str, tuple[str, ...]]:
    """Say where words from outside are in the arguments."""
    said = part(before, "outside_args").items()
    return {at: tuple(map(str, by)) for at, by in said if isinstance(by, list)}


def _listed(found: Mapping[str, tuple[str, ...]]) -> dict[str, JsonValue]:
    return {at: [*by] for at, by in found.items()}


def _proxies(ended: Ended) -> list[str]:
    """Name the variables that may lead a run that reached nobody into nowhere."""
    if ended.cause != "offline":
        return []
    names = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    return [f"{name} is set: is the proxy it names there?" for name in names]


def _taken(prepared: Prepared) -> Payload:
    """Say what a life of the run is taken with."""
    script, caps, given = prepared.script, prepared.caps, prepared.arguments
    return {
        "hocket": hocket.__version__,
        "script": script.digest,
        "language": script.language,
        "path": script.path,
        "args": given.value,
        "has_args": given.given,
        **({"expanded": {**given.expanded}} if given.expanded else {}),
        **({"outside_args": _listed(given.outside)} if given.outside else {}),
        "budget": {"tokens": caps.budget.tokens, "micros": caps.budget.cost_micros},
        "caps": {"cap": caps.at_once, "total": caps.agents},
        "choices": {**prepared.project.plugin_settings.choices},
        "denied": [*granting.denied(prepared.project)],
        **ceilings.told(script),
    }


def _clean(payload: Payload) -> Payload:
    # A path and a choice may have bytes that are not UTF-8, and a journal may not. Arguments
    # were cleaned when they were typed; inside a record they may lie one level too deep.
    return {name: field if name == "args" else clean(field) for name, field in payload.items()}
