"""What a shell offers after `hocket /`: names, flags and values of the commands here.

A person waits for it on every Tab, so click, plugins and digests stay out of it: what there is
stands in a file of the cache, which is made anew when a folder or a file changed.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from hocket.cli._offers import offers
from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.cli._offers import Offer

VARIABLE = "_HOCKET_COMPLETE"
"""Set by the shell's completion function; its value says which shell asks."""
RUN_OPTIONS = (
    *(
        "--accept",
        "--allow",
        "--args",
        "--backend",
        "--budget-tokens",
        "--budget-usd",
        "--cheap-later",
    ),
    *("--concurrency", "--deny", "--durability", "--effort", "--estimate", "--fail-on", "--fresh"),
    *("--help", "--json", "--max-agents", "--model", "--out", "--quiet", "--replay", "--resume"),
    "--retry-skipped",
    *("--router", "--simulate", "--yes"),
)
"""What `run` takes itself; a test compares."""
_FORMS = {"bash": "plain,{}", "zsh": "plain\n{}\n_", "fish": "plain,{}"}
_BREAKS = frozenset(":=")
"""Where bash ends a word that is one for us."""


def answered(env: Mapping[str, str] = os.environ) -> bool:
    """Answer the shell, where the line is one of slash commands; else click knows more."""
    shell, _, what = env.get(VARIABLE, "").partition("_")
    if shell not in _FORMS or what != "complete":
        return False
    try:
        words, cut = _words(shell, env)
        found = _offered(words, env) if len(words) > 1 else None
    except (HocketError, OSError, ValueError):
        return False
    if found is None:
        return False
    lines = [_FORMS[shell].format(one[len(cut) :]) for one in found]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return True


def _words(shell: str, env: Mapping[str, str]) -> tuple[list[str], str]:
    """Give the words up to the cursor, and what of the last one the shell has already."""
    words = shlex.split(env["COMP_WORDS"])
    if shell == "fish":
        last = next(iter(shlex.split(env["COMP_CWORD"])), "")
        return (words if last and words[-1:] == [last] else [*words, last]), ""
    at = int(env["COMP_CWORD"])
    # A word that is still empty is lost where the others are joined.
    words = [*words[: at + 1], *[""] * (at + 1 - len(words))]
    return _joined(words) if shell == "bash" else (words, "")


def _joined(words: Sequence[str]) -> tuple[list[str], str]:
    """Join what bash split; it keeps all of a word up to the last colon."""
    joined: list[str] = []
    kept, is_open = "", False
    for word in words:
        is_break = bool(word) and set(word) <= _BREAKS
        if joined and (is_break or is_open):
            kept = joined[-1] + word if is_break else joined[-1]
            joined[-1] += word
        else:
            kept = ""
            joined.append(word)
        is_open = is_break
    return joined, kept


def _offered(words: Sequence[str], env: Mapping[str, str]) -> list[str] | None:
    first, last = words[1], words[-1]
    named, at = first == "run", 2 if first == "run" else 1
    of_run = named and (len(words) < 3 or words[at].startswith("-"))  # noqa: PLR2004
    if of_run or not (named or first.startswith("/")):
        return None
    found = offers(env)
    if len(words) == at + 1:
        return _names(found, last, slash="" if named else "/") or None
    command = next((one for one in found if words[at].removeprefix("/") in one.forms), None)
    return None if command is None else _arguments(command, words[at + 1 : -1], last)


def _names(found: Sequence[Offer], typed: str, *, slash: str) -> list[str]:
    """Offer short names; those that name the bundle too once a colon was typed, or without one."""
    exact = ":" in typed
    forms = (one.exact if exact else one.short or one.exact for one in found)
    named = (f"{slash}{form}" for form in forms if form)
    return [*dict.fromkeys(form for form in named if form.startswith(typed))]


def _arguments(command: Offer, before: Sequence[str], typed: str) -> list[str] | None:
    if "--" in before:
        return []
    option, equals, start = typed.partition("=")
    if equals:
        return [f"{option}={one}" for one in command.values(option) if one.startswith(start)]
    if typed.startswith("-"):
        known = dict.fromkeys((*command.flags, *RUN_OPTIONS))
        return [one for one in known if one.startswith(typed)]
    if before and before[-1] in command.flags:
        return [one for one in command.values(before[-1]) if one.startswith(typed)]
    # What run's own options take, it knows itself.
    return None if before and before[-1].startswith("-") else []
