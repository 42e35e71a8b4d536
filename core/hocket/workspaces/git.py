"""hocket's own git: nothing that an agent wrote into a tree or a repository makes it run a program.

git runs what configuration names: hooks, a monitor, filters, diff and merge drivers. An agent can
write all of them. So the repository and the tree are always named from our own record, never found
from the tree; the person's and the system's settings are left out, and those of the repository are
overruled. Filters and drivers have free names, so they are looked up and overruled one by one.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.workspaces.processes import finish

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hocket.workspaces.processes import Ended

SETTINGS = {
    "apply.ignoreWhitespace": "no",
    "apply.whitespace": "nowarn",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.filesRefLockTimeout": "10000",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.packedRefsTimeout": "10000",
    "core.safecrlf": "false",
    "core.splitIndex": "false",
    "core.untrackedCache": "false",
    "init.templateDir": "",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "worktree.useRelativePaths": "false",
}
"""What git is told on every command, whatever the settings of the repository say."""
_PROGRAMS = r"^(filter\..*\.(clean|smudge|process|required)|merge\..*\.driver)$"
_MERGE = "git merge-file --marker-size=%L %A %O %B"
"""What git does by itself where no driver is named."""
_KEPT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT")
_WHO = "hocket"


@dataclass(frozen=True, slots=True)
class Git:
    """git on one repository, one tree and one index, named by us."""

    program: str
    folder: Path
    """The repository (`.git`), never searched for."""
    tree: Path | None = None
    index: Path | None = None
    overruled: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Settings that hold for this repository alone, and win."""

    async def hardened(self) -> Git:
        """Look up which programs the repository's settings name now, and overrule each."""
        listed = await self.ask("config", "--name-only", "-z", "--get-regexp", _PROGRAMS)
        names = [os.fsdecode(name) for name in listed.out.split(b"\0") if name]
        found = tuple((name, _harmless(name)) for name in names)
        return replace(self, overruled=(*self.overruled, *found))

    def on(self, tree: Path, index: Path | None = None) -> Git:
        """Give the same repository with another tree and index."""
        return replace(self, tree=tree, index=index)

    def excluding(self, names: Path) -> Git:
        """Give the same with a file of names that are not looked at."""
        return replace(self, overruled=(*self.overruled, ("core.excludesFile", str(names))))

    async def ask(self, *arguments: str | bytes, given: bytes | None = None) -> Ended:
        """Run a git command, however it ends."""
        named: list[str | bytes] = [self.program, f"--git-dir={self.folder}"]
        if self.tree is not None:
            named.append(f"--work-tree={self.tree}")
        environment = surroundings([*SETTINGS.items(), *self.overruled])
        if self.index is not None:
            environment["GIT_INDEX_FILE"] = str(self.index)
        return await finish([*named, *arguments], environment, self.tree or self.folder, given)

    async def run(self, *arguments: str | bytes, given: bytes | None = None) -> bytes:
        """Run a git command and give what it printed; raises HocketError with its own words."""
        ended = await self.ask(*arguments, given=given)
        if ended.code != 0:
            raise failed(os.fsdecode(arguments[0]), ended)
        return ended.out

    async def line(self, *arguments: str | bytes, given: bytes | None = None) -> str:
        """Run a git command that prints one line."""
        return os.fsdecode((await self.run(*arguments, given=given)).removesuffix(b"\n"))


def program() -> str:
    """Find git on the person's path; raises HocketError."""
    found = shutil.which("git")
    if found is None:
        raise HocketError(
            "isolation",
            found="there is no program 'git' on PATH",
            expected="git 2.33 or later",
            hint="Install git, or run the call without isolation.",
        )
    return os.path.abspath(found)  # noqa: PTH100  (a link may choose the program by its name)


def surroundings(settings: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Give the environment for git: no settings but these, no editor, no question, no network."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {
        "LC_ALL": "C",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": _WHO, f"GIT_{role}_EMAIL": f"{_WHO}@localhost"}
    # By variables and not by `-c`: the name of a filter may have a `=` in it.
    pairs = list(settings)
    for number, (name, value) in enumerate(pairs):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return environment | {"GIT_CONFIG_COUNT": str(len(pairs))}


def failed(what: str, ended: Ended) -> HocketError:
    """Tell of a git command that failed, in its own words."""
    said = ended.err.decode("utf-8", "backslashreplace").strip().splitlines()
    wrong = [line for line in said if line.startswith(("error:", "fatal:"))]
    words = " · ".join(dict.fromkeys(wrong or said[-1:]))
    return HocketError(f"git {what}", found=words or f"it ended with {ended.code}")


def _harmless(name: str) -> str:
    if name.endswith(".driver"):
        return _MERGE
    return "false" if name.endswith(".required") else ""
