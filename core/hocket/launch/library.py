"""The scripts that `workflow()` can name: saved commands, and files beside the parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import HocketError, ScriptRejected
from hocket.launch import arguments, locate
from hocket.scripts.source import render

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.scripts import Script
    from hocket.launch.project import Project


class ProjectLibrary:
    """Finds, reads and checks child scripts; a child is checked like a script that was typed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._checked: dict[Path, Script] = {}

    def find(self, ref: JsonValue, parent: Script) -> Script:
        """Give the script; raises LookupError with the sentence the caller sees."""
        path = self._path(ref, parent)
        if path not in self._checked:
            self._checked[path] = self._read(path)
        return self._checked[path]

    def arguments(self, script: Script, args: JsonValue) -> JsonValue:
        """Fill in defaults and validate; raises ValueError naming the field."""
        given = arguments.Arguments(args, given=args is not None)
        try:
            return arguments.complete(given, script.manifest).value
        except HocketError as error:
            raise ValueError(error.found) from None

    def _path(self, ref: JsonValue, parent: Script) -> Path:
        if isinstance(ref, dict) and isinstance(ref.get("script_path"), str):
            return self._beside(str(ref["script_path"]), parent)
        known = {c.name: c.path for c in reversed([*locate.commands(self._project)])}
        if not isinstance(ref, str) or ref not in known:
            raise LookupError(f"not found; known: {', '.join(sorted(known)) or 'none'}")
        return known[ref]

    def _beside(self, text: str, parent: Script) -> Path:
        """Allow a file of a workflow folder, or of the folder the parent lies in."""
        root = self._project.root
        allowed = [
            (root / parent.path).parent.resolve(),
            *(command.path.parent.resolve() for command in locate.commands(self._project)),
        ]
        for folder in (allowed[0], root):
            path = (folder / text).resolve()
            if path.is_file() and any(path.is_relative_to(place) for place in allowed):
                return path
        raise LookupError("no such script in a workflow folder or beside the caller")

    def _read(self, path: Path) -> Script:
        project = self._project
        try:
            script = locate.read(project, path)
            check(project, script)
        except ScriptRejected as error:
            raise LookupError(f"not valid: {error.findings[0]}") from None
        except HocketError as error:
            raise LookupError(error.message) from None
        return script


def check(project: Project, script: Script) -> list[str]:
    """Check a script; gives the warnings, raises ScriptRejected with every finding."""
    host = next(h for h in project.host.script_hosts().values() if h.language == script.language)
    patterns = project.host.patterns()
    findings = host.check(script, [patterns[name] for name in sorted(patterns)])
    if any(not finding.warning for finding in findings):
        raise ScriptRejected(script.path, render(script.path, findings), "Nothing was started.")
    return render(script.path, findings)
