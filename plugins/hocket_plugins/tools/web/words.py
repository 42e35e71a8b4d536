"""From bytes to text that a model may read: what it is, in which letters, without tricks."""

from __future__ import annotations

import codecs
import re

from hocket_plugins.tools.web.refusal import Refusal

_TEXT = re.compile(r"text/[a-z0-9.+-]+|application/(json|xml|x-ndjson|[a-z0-9.-]+\+(json|xml))")
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})",
    re.IGNORECASE,
)
_LOOKED_AT = 2_048
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_MARKED = (*_MARKS, (codecs.BOM_UTF16_BE, "utf-16-be"))
_LETTERS = re.compile(
    r"utf-8|utf-16(-le|-be)?|iso8859-\d+|cp(125\d|866|874|932|949|950)|koi8-[rut]|mac-(roman|cyrillic)"
    r"|gb2312|gbk|gb18030|big5|big5hkscs|shift_jis|euc_jp|euc_kr|iso2022_jp|tis-620|ascii"
)
"""Other codecs of Python turn text into something else, or take for ever on hostile bytes."""
_WESTERN = frozenset({"ascii", "iso8859-1"})
_TRICKS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
"""Control characters, and what changes or hides text without being seen."""


def kind_of(content_type: str) -> str:
    """Give the media type; raises Refusal unless it is text, HTML, JSON or XML."""
    kind = content_type.partition(";")[0].strip().lower() or "text/plain"
    if not _TEXT.fullmatch(kind):
        raise Refusal("it is neither text nor HTML, JSON or XML")
    return kind


def is_html(kind: str) -> bool:
    """Say whether it has to be turned into text first."""
    return kind in _HTML


def decoded(raw: bytes, content_type: str = "") -> str:
    """Decode by its mark, its header or its own word, else as UTF-8; raises Refusal for binary.

    Nothing is certain about a stranger's letters: what does not fit becomes a question mark.
    """
    for mark, letters in _MARKED:
        if raw.startswith(mark):
            return _text(raw[len(mark) :], letters)
    named = _CHARSET.search(content_type)
    if named and (told := _known(named[1])):
        return _text(raw, told)
    own = _DECLARED.search(raw[:_LOOKED_AT])
    # Who declares UTF-16 in single bytes does not use it.
    if own and (told := _known((own[1] or own[2]).decode())) and "16" not in told:
        return _text(raw, told)
    return _guessed(raw)


def harmless(text: str) -> str:
    """Take out what a person would not see; every way to end a line becomes one."""
    return _TRICKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, most: int) -> str:
    """Make it harmless, fit for one line, and cut it."""
    line = " ".join(harmless(text[: most * 4]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _known(name: str) -> str | None:
    try:
        letters = codecs.lookup(name).name
    except LookupError:
        return None
    # As browsers do: who says Latin-1 means Windows.
    return "cp1252" if letters in _WESTERN else letters if _LETTERS.fullmatch(letters) else None


def _guessed(raw: bytes) -> str:
    try:
        return _text(raw, "utf-8", "strict")
    except UnicodeDecodeError:
        return _text(raw, "cp1252")


def _text(raw: bytes, letters: str, errors: str = "replace") -> str:
    text = raw.decode(letters, errors)
    if "\x00" in text:
        raise Refusal("it says to be text and is not")
    return text
