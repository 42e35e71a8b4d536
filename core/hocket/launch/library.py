"""The scripts that `workflow()` can name: saved commands, and files beside the parent.

A child from a folder of workflows that came with the project has to be trusted, whoever names it:
a person who said yes to the parent was not shown the child. What lies beside a script elsewhere
came along with the path that was typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.errors import HocketError, ScriptRejected
from hocket.launch import arguments, checks, languages, locate
from hocket.launch.commands import commands
from hocket.launch.expansion import expanding
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
        return _held(self._checked[path], parent)

    def arguments(self, script: Script, args: JsonValue) -> JsonValue:
        """Fill in defaults and validate; raises ValueError naming the field.

        What a script hands over stands for nothing else: it cannot name files to be read.
        """
        size = self._project.loaded.settings.size
        try:
            held = expanding.held(script, args)
            given = arguments.Arguments(args, given=args is not None, expanded=held)
            given = arguments.complete(given, script.manifest, size)
            return expanding.expanded(self._project, script, given, only_own=True).value
        except HocketError as error:
            raise ValueError(error.found) from None

    def _path(self, ref: JsonValue, parent: Script) -> Path:
        if isinstance(ref, dict) and isinstance(ref.get("script_path"), str):
            return self._beside(str(ref["script_path"]), parent)
        names = locate.named(self._project)
        command = names.meant(ref) if isinstance(ref, str) else None
        if command is None:
            known = sorted({one.answers for one in names.found if one.answers})
            raise LookupError(f"not found; known: {', '.join(known) or 'none'}")
        if command.broken:
            raise LookupError(f"broken: {command.broken}")
        return command.path

    def _beside(self, text: str, parent: Script) -> Path:
        """Allow a file of a workflow folder, or of the folder the parent lies in."""
        root = self._project.root
        allowed = [
            locate.shown_at(root, parent).parent.resolve(),
            *(command.path.parent.resolve() for command in commands(self._project)),
        ]
        for folder in (allowed[0], root):
            path = (folder / text).resolve()
            if path.is_file() and any(path.is_relative_to(place) for place in allowed):
                return path
        raise LookupError("no such script in a workflow folder or beside the caller")

    def _read(self, path: Path) -> Script:
        project = self._project
        try:
            found = locate.vetted(project, path)
            script, _ = checked(project, found.script)
        except ScriptRejected as error:
            raise LookupError(f"not valid: {error.findings[0]}") from None
        except HocketError as error:
            raise LookupError(error.message) from None
        if found.distrusted:
            raise LookupError(
                f"{found.distrusted} came with this folder and is not trusted as it is "
                "(hocket trust)"
            )
        return script


def _held(script: Script, parent: Script) -> Script:
    """Hold a child that is of no bundle to what its parent may do: nobody agreed to more."""
    if script.ceiling is not None or parent.ceiling is None:
        return script
    return replace(script, ceiling=parent.ceiling, bundle=script.bundle or parent.bundle)


def checked(project: Project, script: Script) -> tuple[Script, list[str]]:
    """Check a script and fill in the project's commands; gives the warnings too.

    Raises ScriptRejected with every finding.
    """
    host = languages.by_name(project, script.language)
    patterns = project.host.patterns()
    findings = host.check(script, [patterns[name] for name in sorted(patterns)])
    shown = render(script.path, findings)
    if any(not finding.warning for finding in findings):
        raise ScriptRejected(script.path, shown, "Nothing was started.")
    script = checks.resolve(script, project.loaded.settings.checks, trusted=project.is_trusted)
    folder = locate.file_of(project.root, script).resolve().parent
    return checks.bundled(script, folder), shown
