"""From what a script passed to `agent()` to a request with a key; misuse becomes a fault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.answers.schemas import preflight
from hocket.api.calls import DEFAULTS, Options
from hocket.engine import keys
from hocket.engine.seals import UNSEALED
from hocket.engine.tallies import UNCOUNTED, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Attached, Check
    from hocket.api.sealing import Sealing
    from hocket.api.tools import AgentType

    Payload = Mapping[str, JsonValue]

EFFORTS = ("low", "medium", "high", "xhigh", "max")
_LABEL_FROM_PROMPT, _LABEL = 60, 120
_PROMPT_BYTES = 1 << 20
_DECIDING = (
    "schema",
    "model",
    "effort",
    "agent_type",
    "tools",
    "disallowed_tools",
    "isolation",
    "inputs",
    "check",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A call before it has an occurrence: what is asked, and under which key."""

    key: str
    prompt: str
    label: str
    phase: str | None
    options: Options = DEFAULTS
    tally: Tally = UNCOUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What options can refer to (the script's checks, agent types, files), and what limits them."""

    checks: Mapping[str, Check]
    agent_types: Mapping[str, AgentType]
    attach: Callable[[list[JsonValue]], tuple[Attached, ...]]
    checkable: bool
    backend: str
    seals: Sealing = UNSEALED
    defaults: Options = DEFAULTS
    """What every call of the script begins with: its ceiling."""
    tally: Tally = UNCOUNTED


def read(payload: Payload, phase: str | None, around: Surroundings) -> Request:
    """Read a payload; TypeError and ValueError carry what the script sees at its await."""
    prompt = _prompt(payload.get("prompt"))
    label = _text(payload, "label") or prompt[:_LABEL_FROM_PROMPT]
    phase = _text(payload, "phase") or phase
    if len(payload) - ("label" in payload) - ("phase" in payload) == 1:
        key = keys.prompt_key(prompt, around.seals.named)
        return Request(key, prompt, label[:_LABEL], phase, around.defaults, around.tally)
    options, shown = _options(payload, around), (label, phase)
    request = made(prompt, options, shown, around.agent_types, around.seals)
    return replace(request, tally=around.tally)


def made(
    prompt: str,
    options: Options,
    shown: tuple[str, str | None],
    agent_types: Mapping[str, AgentType],
    seals: Sealing,
) -> Request:
    """Make a request from options that are read already; `shown` is its label and phase."""
    label, phase = shown
    fields = canonical_fields(prompt, options, agent_types)
    named = seals.named
    key = keys.key(fields, named) if len(fields) > 1 else keys.prompt_key(prompt, named)
    label = label or prompt[:_LABEL_FROM_PROMPT]
    return Request(key, prompt, label[:_LABEL], phase, options)


def canonical_fields(
    prompt: str, options: Options, agent_types: Mapping[str, AgentType]
) -> dict[str, JsonValue]:
    """Give everything that changes the answer; what is absent or default is left out."""
    inputs: list[JsonValue] = [[f.path, f.digest, f.untrusted] for f in options.inputs]
    fields: dict[str, JsonValue] = {
        "schema": options.schema,
        "model": options.model,
        "effort": options.effort,
        "isolation": options.isolation,
        "agent_type": _definition(options.agent_type, agent_types),
        "tools": None if options.tools is None else [*sorted(options.tools)],
        "disallowed_tools": [*sorted(options.disallowed_tools)] or None,
        "inputs": inputs or None,
        "untrusted": options.untrusted or None,
        "check": _command(options.check),
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return {"prompt": prompt, **given}


def _definition(name: str | None, agent_types: Mapping[str, AgentType]) -> JsonValue:
    if name is None:
        return None
    kind = agent_types[name]
    return [name, keys.digest(repr((kind.instructions, kind.tools, kind.model)))]


def _command(check: Check | None) -> JsonValue:
    if check is None:
        return None
    return [check.name, check.run if isinstance(check.run, str) else [*check.run]]


def _prompt(prompt: JsonValue) -> str:
    if not isinstance(prompt, str):
        raise TypeError(f"agent(prompt): must be a text, is {_kind(prompt)}")
    if not prompt:
        raise TypeError("agent(prompt): must not be empty")
    if len(prompt) * 4 > _PROMPT_BYTES and len(prompt.encode("utf-8", "replace")) > _PROMPT_BYTES:
        raise ValueError("agent(prompt): larger than 1 MiB; attach a file with inputs= instead")
    return prompt


def _options(payload: Payload, around: Surroundings) -> Options:
    _unsealed(payload, around.seals)
    tools = _names(payload, "tools")
    schema = _schema(payload.get("schema"))
    options = replace(
        around.defaults,
        schema=schema,
        model=_text(payload, "model"),
        effort=_effort(payload),
        agent_type=_agent_type(_text(payload, "agent_type"), around),
        tools=tools,
        disallowed_tools=_names(payload, "disallowed_tools") or (),
        isolation=_isolation(_text(payload, "isolation")),
        untrusted=bool(payload.get("untrusted")),
        check=_check(_text(payload, "check"), around),
        role=_role(schema) or _text(payload, "role"),
        item=payload.get("item"),
        worth=_worth(payload.get("worth")),
    )
    inputs = payload.get("inputs")
    if inputs:
        if not isinstance(inputs, list):
            raise TypeError(f"agent(inputs): must be a list of paths, is {_kind(inputs)}")
        options = replace(options, inputs=around.attach(inputs))
    return _limits(payload, options)


def _unsealed(payload: Payload, seals: Sealing) -> None:
    """Refuse handles where they would decide what an agent is and may do."""
    for name in _DECIDING:
        if name in payload and seals.holds(payload[name]):
            raise TypeError(
                f"agent({name}): holds a handle, which stands for words from outside; it may stand"
                " in a prompt and in the result"
            )


def _limits(payload: Payload, options: Options) -> Options:
    limit = payload.get("max_tokens")
    if limit is not None:
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
            raise TypeError(f"agent(max_tokens): must be a whole number from 1, is {limit!r}")
        options = replace(options, max_tokens=limit)
    timeout = _seconds(payload, "timeout", 1.0)
    stall = _seconds(payload, "stall_ms", 1000.0)
    return replace(
        options,
        timeout_s=timeout if timeout is not None else options.timeout_s,
        stall_s=stall if stall is not None else options.stall_s,
    )


def _worth(worth: JsonValue) -> float | None:
    """Read what a pattern says its call adds; scripts have no such option."""
    return float(worth) if isinstance(worth, int | float) else None


def _role(schema: Mapping[str, JsonValue] | None) -> str | None:
    """Read what a script says the call is for: it knows better than the pattern it goes through."""
    role = (schema or {}).get("x-role")
    return role if isinstance(role, str) and role else None


def _schema(schema: JsonValue) -> dict[str, JsonValue] | None:
    if schema is None:
        return None
    reason = preflight(schema)
    if reason is not None or not isinstance(schema, dict):
        raise TypeError(f"agent(schema): {reason}")
    return schema


def _effort(payload: Payload) -> str | None:
    effort = _text(payload, "effort")
    if effort is not None and effort.lower() not in EFFORTS:
        raise TypeError(f'agent(effort): "{effort}" is not one of {", ".join(EFFORTS)}')
    return effort.lower() if effort is not None else None


def _agent_type(name: str | None, around: Surroundings) -> str | None:
    if name is not None and name not in around.agent_types:
        known = ", ".join(sorted(around.agent_types)) or "none"
        raise TypeError(f'agent(agent_type): "{name}" is not known; known: {known}')
    return name


def _isolation(isolation: str | None) -> str | None:
    if isolation not in (None, "worktree"):
        raise TypeError(f'agent(isolation): "{isolation}" is not known; known: worktree')
    return isolation


def _check(name: str | None, around: Surroundings) -> Check | None:
    if name is None:
        return None
    if name not in around.checks:
        known = ", ".join(sorted(around.checks)) or "none"
        raise TypeError(f'agent(check): "{name}" is not in meta.checks; known: {known}')
    if not around.checkable:
        raise TypeError(f'agent(check): the backend "{around.backend}" has no workspace to check')
    return around.checks[name]


def _text(payload: Payload, name: str) -> str | None:
    value = payload.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"agent({name}): must be a text, is {_kind(value)}")
    return value


def _names(payload: Payload, name: str) -> tuple[str, ...] | None:
    value = payload.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"agent({name}): must be a list of texts, is {_kind(value)}")
    return tuple(str(item) for item in value)


def _seconds(payload: Payload, name: str, unit: float) -> float | None:
    value = payload.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise TypeError(f"agent({name}): must be a number above 0, is {value!r}")
    return value / unit


def _kind(value: JsonValue) -> str:
    names = {"NoneType": "None", "dict": "an object", "list": "a list"}
    return names.get(type(value).__name__, type(value).__name__)
