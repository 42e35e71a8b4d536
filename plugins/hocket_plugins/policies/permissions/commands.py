"""Rules for shell lines: `npm test:*` is any command that begins with these words.

Allowed is only what rules name word by word. Denied is what holds the words of a rule anywhere.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from hocket.api.shell.parts import Part, parts
from hocket.api.shell.tokens import Unclear, Word

_MORE = re.compile(r"(:| )\*$")
_BETWEEN = re.compile(r"""[\s;|&<>(){}$`'"\\,=]+""")
_QUOTES = re.compile(r"""['"\\]+""")


def allows(whats: list[str | None], line: str) -> bool:
    """Say whether rules together name every command of a line; raises Unclear when none can."""
    found = parts(line)
    if line.strip() in whats:
        return True
    return bool(found) and all(any(_names(what, part) for what in whats) for part in found)


def denies(what: str, line: str) -> bool:
    """Say whether the words of a rule stand in a line, one after another, anywhere in any form."""
    wanted = _words(_MORE.sub("", what))
    # As it stands, and with quotes taken out: `r'm'` is `rm` to a shell.
    return any(_has(_words(form), wanted) for form in (line, _QUOTES.sub("", line)))


def suggested(line: str) -> list[str]:
    """Give what rules would have to say to allow a line; none when no rule can."""
    try:
        return list(
            dict.fromkeys(" ".join(word.raw for word in part.words) for part in parts(line))
        )
    except Unclear:
        return []


def why_never(what: str) -> str | None:
    """Say why a rule could never allow anything; None when it can."""
    try:
        _pattern(what)
    except Unclear as reason:
        return str(reason)
    return None


def _names(what: str | None, part: Part) -> bool:
    if what is None:
        return True
    try:
        wanted, has_more = _pattern(what)
    except Unclear:
        return False
    pairs = list(zip(wanted, part.words, strict=False))
    fits = len(pairs) == len(wanted) and all(_same(*pair) for pair in pairs)
    return fits and (has_more or len(wanted) == len(part.words))


def _same(wanted: Word, word: Word) -> bool:
    """Compare what words say; of one that becomes other words, how it is typed."""
    return wanted.text == word.text if wanted.fixed and word.fixed else wanted.raw == word.raw


@cache
def _pattern(what: str) -> tuple[tuple[Word, ...], bool]:
    found = parts(_MORE.sub("", what))
    words = tuple(found[0].words) if len(found) == 1 else ()
    return words, _MORE.search(what) is not None and bool(words)


def _has(words: list[str], wanted: list[str]) -> bool:
    """Say whether words stand in others in a row; a program counts with any folder before it."""
    bare = [word.rpartition("/")[2] for word in words]
    size = len(wanted)
    return any(
        all(one in both for one, both in zip(wanted, pairs, strict=True))
        for start in range(len(words) - size + 1)
        for pairs in [list(zip(words, bare, strict=True))[start : start + size]]
    )


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(normalize("NFKC", text).casefold()) if word]
