"""The simple commands of a shell line, and whether a rule may speak for them at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hocket.api.protected import is_inside, is_secret, is_steering
from hocket.api.shell.lexing import Lexer
from hocket.api.shell.tokens import Operator, Redirect, Unclear, Word

_SYNTAX = frozenset(
    (
        *("!", "{", "}", "[[", "]]", "if", "then", "elif", "else", "fi", "for", "while", "until"),
        *("do", "done", "case", "esac", "select", "function", "time", "coproc", "in"),
    )
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(\[.*\])?\+?=.*", re.DOTALL)
_RUNNING_OTHERS = frozenset(
    (
        *("eval", "exec", "source", ".", "command", "builtin", "env", "xargs", "sudo", "doas"),
        *("su", "time", "timeout", "nice", "nohup", "setsid", "stdbuf", "ionice", "chroot"),
        *("unshare", "nsenter", "strace", "ltrace", "watch", "parallel", "script", "busybox"),
        *("toybox", "flock", "trap"),
    )
)
_CHANGING_OTHERS = frozenset(
    ("alias", "export", "declare", "typeset", "readonly", "local", "set", "shopt", "enable", "hash")
)
"""What comes after them on the line means something else."""
_SHELLS = frozenset(
    ("sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash")
)
_FIND = frozenset(("find", "gfind", "bfs", "fd", "fdfind"))
_FINDING_AND_DOING = frozenset(
    (
        *("-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprint0", "-fprintf"),
        *("-fls", "-x", "-X", "--exec", "--exec-batch"),
    )
)
_HARMLESS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
_MOVING = frozenset({"cd", "pushd", "popd"})
"""After them a path beneath the workspace may be another one."""


@dataclass(slots=True)
class Part:
    """One simple command."""

    words: list[Word] = field(default_factory=list[Word])
    files: list[Redirect] = field(default_factory=list[Redirect])


def parts(line: str) -> list[Part]:
    """Give the commands of a line; raises Unclear when its words do not say what will run."""
    found = [Part()]
    between: list[str] = []
    for token in Lexer(line).tokens():
        if isinstance(token, Operator):
            between.append(token.sign)
            found.append(Part())
        elif isinstance(token, Redirect):
            found[-1].files.append(token)
        else:
            found[-1].words.append(token)
    _check_operators(found, between)
    whole = [part for part in found if part.words]
    has_moved = False
    for part in whole:
        _check_command(part.words)
        has_moved = has_moved or part.words[0].text in _MOVING
        for file in part.files:
            _check_file(file, has_moved=has_moved)
    return whole


def _check_operators(found: list[Part], between: list[str]) -> None:
    """Let an empty command pass only where bash does: at the ends of lines."""
    for before, part, after in zip(["\n", *between], found, [*between, "\n"], strict=True):
        if part.files and not part.words:
            raise Unclear("it redirects nothing")
        if not part.words and (after != "\n" or (before not in {"\n", ";"} and part is found[-1])):
            raise Unclear("an operator has nothing beside it")


def _check_command(words: list[Word]) -> None:
    first, texts = words[0], [word.text for word in words[1:]]
    name = first.text.rpartition("/")[2]
    if first.raw in _SYNTAX:
        raise Unclear("it has shell syntax")
    if _ASSIGNMENT.fullmatch(first.raw):
        raise Unclear("it sets a variable in front of a command")
    if not first.fixed or not name:
        raise Unclear("its command is a pattern")
    if name in _RUNNING_OTHERS:
        raise Unclear(f"`{name}` runs other commands")
    if name in _CHANGING_OTHERS:
        raise Unclear(f"`{name}` changes what other commands mean")
    if name in _SHELLS and not _is_script(texts):
        raise Unclear(f"`{name}` runs other commands")
    if name in _FIND and _FINDING_AND_DOING.intersection(texts):
        raise Unclear(f"`{name}` does something to what it finds")


def _is_script(texts: list[str]) -> bool:
    """Say whether a shell is given a file to run, and nothing that is a command itself."""
    return bool(texts) and not texts[0].startswith(("-", "+"))


def _check_file(file: Redirect, *, has_moved: bool) -> None:
    name = file.file.text
    if name in _HARMLESS:
        return
    if has_moved:
        raise Unclear(f"it redirects to {name} after it went to another folder")
    if not file.file.fixed or not is_inside(name):
        raise Unclear(f"it redirects to {name}, which may lie outside the workspace")
    if is_steering(name) if file.sign == ">" else is_secret(name):
        raise Unclear(f"it redirects to {name}, which is protected")
