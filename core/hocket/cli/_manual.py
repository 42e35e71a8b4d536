"""The manual of one command: what it takes, what it may do, and how large it can get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.cli._output import emit, table, write
from hocket.cli._text import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.calls import JsonObject
    from hocket.api.ceiling import Ceiling
    from hocket.api.scripts import Script
    from hocket.cli._options import RunOptions
    from hocket.launch.flags import Flag


def show(text: str, options: RunOptions) -> None:
    """Read a command and show what a person needs before they type it; nothing is started."""
    from hocket.cli._running import project_here
    from hocket.launch import arguments, flags, locate

    project = project_here(options)
    script = locate.find(project, text).script
    found = [*flags.declared(script.manifest.args).values()]
    usage = arguments.usage(script.manifest).removeprefix(f"/{script.manifest.name}")
    line = f"hocket {text if text.startswith('/') else f'run {text}'}{usage}"
    most = _most(script, project.loaded.settings.max_agents)

    def human() -> None:
        _show(script, line, found, most)

    emit("help", _as_json(script, line, found, most), human)


def _show(script: Script, line: str, found: list[Flag], most: int) -> None:
    manifest = script.manifest
    write(inert(f"{manifest.name}: {manifest.description}"))
    if manifest.when_to_use:
        write(inert(manifest.when_to_use))
    write(f"\n  {inert(line)}\n")
    if found:
        needed = (manifest.args or {}).get("required")
        needed = needed if isinstance(needed, list) else []
        rows = [(f"  {one.usage}", _told(one, is_needed=one.name in needed)) for one in found]
        table(("", ""), rows)
        write("")
    rows = [
        ("  phases", " → ".join(phase.title for phase in manifest.phases) or "none announced"),
        *((f"  {name}", words) for name, words in _capabilities(script.ceiling)),
        ("  size", f"at most {most:,} agents; hocket estimate {script.manifest.name} says more"),
        ("  script", f"{script.path}  {script.digest[:19]}…"),
    ]
    table(("", ""), rows)
    write("\nHow it runs (--model, --budget-usd, --yes, …): hocket run --help")


def _told(flag: Flag, *, is_needed: bool) -> str:
    told = str(flag.schema.get("description", ""))
    if flag.schema.get("x-default") == "size":
        return f"{told} (else by the setting size)".strip()
    if is_needed and "default" not in flag.schema:
        return f"{told} (needed)".strip()
    if "default" in flag.schema:
        return f"{told} (else {json.dumps(flag.schema['default'], ensure_ascii=False)})".strip()
    return told


def _capabilities(ceiling: Ceiling | None) -> Iterator[tuple[str, str]]:
    if ceiling is None:
        yield "may", "what your rules allow: it is a script by itself, held to nothing else"
        return
    if not ceiling.is_declared:
        yield "may", "undeclared: each effect is asked"
        return
    table = ceiling.table()
    for name, value in table.items():
        if isinstance(value, list) and value:
            yield name, ", ".join(map(str, value))
    not_given = [name for name, value in table.items() if not value]
    yield "not", ", ".join(not_given) or "all may be used"


def _most(script: Script, cap: int) -> int:
    own = (script.manifest.agents, script.ceiling.agents if script.ceiling else None)
    return min([cap, *(one for one in own if one)])


def _as_json(script: Script, line: str, found: list[Flag], most: int) -> JsonObject:
    manifest = script.manifest
    return {
        "name": manifest.name,
        "description": manifest.description,
        "usage": line,
        "args": manifest.args,
        "flags": [one.option for one in found],
        "phases": [phase.title for phase in manifest.phases],
        "bundle": script.bundle or None,
        "capabilities": script.ceiling.table() if script.ceiling else None,
        "agents": most,
        "script": script.path,
        "digest": script.digest,
    }
