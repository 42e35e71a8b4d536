"""Takes secrets out of every text that enters the engine: the one place where that happens."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from hocket.journal.shapes import LONGEST_START, Span, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pydantic import JsonValue

    Finder = Callable[[str], Iterator[Span]]

_ENDINGS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "CREDENTIALS")
_SHORTEST = 8
_LEAST = 4
"""A given credential shorter than this is a dummy; replacing it would garble every text."""


class Redactor:
    """Replaces known secrets, and what looks like one, by `[secret:NAME]`."""

    def __init__(self, known: Mapping[str, str], *, shapes: bool = True) -> None:
        self._names = {
            form: name
            for name, secret in known.items()
            if len(secret.strip()) >= _LEAST
            for form in _forms(secret.strip())
        }
        self._forms = sorted(self._names, key=len, reverse=True)
        self._shapes = shapes

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str],
        known: Mapping[str, str] | None = None,
        *,
        shapes: bool = True,
    ) -> Redactor:
        """Know the credentials given, and each variable that is named like one."""
        named = {
            name: value
            for name, value in environment.items()
            if name.upper().endswith(_ENDINGS) and len(value.strip()) >= _SHORTEST
        }
        return cls({**named, **(known or {})}, shapes=shapes)

    def text(self, text: str) -> str:
        """Redact a whole text."""
        text = _replaced(text, self._known(text))
        return _replaced(text, look(text)) if self._shapes else text

    def value(self, value: JsonValue) -> JsonValue:
        """Redact every text in a value, the names of fields too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value

    def find(self, value: JsonValue) -> str | None:
        """Name a known secret that a value contains; shapes do not count."""
        if isinstance(value, str):
            return next((self._names[form] for form in self._forms if form in value), None)
        if isinstance(value, dict):
            value = [*value, *value.values()]
        if isinstance(value, list):
            return next((name for item in value if (name := self.find(item))), None)
        return None

    def stream(self) -> Stream:
        """Redact a text that arrives in chunks; what comes out is what `text` would give."""
        longest = len(self._forms[0]) if self._forms else 1
        known = Held(self._known, longest - 1)
        return Stream([known, Held(look, LONGEST_START)] if self._shapes else [known])

    def _known(self, text: str) -> Iterator[Span]:
        for form in self._forms:
            if form in text:
                instead = f"[secret:{self._names[form]}]"
                yield from (Span(at, at + len(form), instead) for at in _places(form, text))


class Held:
    """Holds back the end of a text until no secret can begin in it and end later."""

    def __init__(self, finder: Finder, back: int) -> None:
        self._find = finder
        self._back = back
        self._held = ""
        self._before = ""

    def feed(self, chunk: str) -> str:
        """Take a chunk; give what is safe by now, redacted."""
        text = self._before + self._held + chunk
        begin = len(self._before)
        spans = self._spans(text)
        cut = max(begin, len(text) - self._back)
        for span in reversed(spans):
            # One that reaches the end may go on in the next chunk.
            if span.start < cut and (span.end > cut or span.end == len(text)):
                cut = span.start
        self._held = text[cut:]
        # What a shape may not follow is one character; it is seen again, never given again.
        self._before = text[cut - 1 : cut] if cut else ""
        return _joined(text[:cut], [span for span in spans if span.end <= cut])[begin:]

    def end(self) -> str:
        """Give what was held back, redacted."""
        text, begin = self._before + self._held, len(self._before)
        rest = _joined(text, self._spans(text))[begin:]
        self._before = self._held = ""
        return rest

    def _spans(self, text: str) -> list[Span]:
        begin = len(self._before)
        return _merged(span for span in self._find(text) if span.start >= begin)


class Stream:
    """Redacts a text that arrives in chunks: known secrets first, then shapes."""

    def __init__(self, held: list[Held]) -> None:
        self._held = held

    def feed(self, chunk: str) -> str:
        """Take a chunk; give what is safe by now."""
        for held in self._held:
            chunk = held.feed(chunk)
        return chunk

    def end(self) -> str:
        """Give the rest."""
        rest = ""
        for held in self._held:
            rest = held.feed(rest) + held.end()
        return rest


def _forms(secret: str) -> set[str]:
    """Give a secret in every form in which it may turn up."""
    errors = "surrogateescape"
    quoted = {quote(secret, safe, errors=errors) for safe in ("", "/")}
    quoted.add(quote_plus(secret, errors=errors))
    lower = {_lower_escapes(text) for text in quoted}
    escaped = {json.dumps(secret, ensure_ascii=plain)[1:-1] for plain in (True, False)}
    return {secret, *quoted, *lower, *escaped, *_base64(secret.encode("utf-8", errors))}


def _lower_escapes(quoted: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda escape: escape.group().lower(), quoted)


def _base64(secret: bytes) -> Iterator[str]:
    """Give the base64 of a secret alone, and what stays the same of it inside a longer text."""
    whole = b64encode(secret).decode()
    forms = [whole, whole.rstrip("=")]
    if len(secret) >= _SHORTEST:
        for before, skip in ((0, 0), (1, 2), (2, 3)):
            text = b64encode(bytes(before) + secret).decode()
            forms.append(text[skip : (before + len(secret)) * 8 // 6])
    for form in forms:
        yield form
        yield form.replace("+", "-").replace("/", "_")


def _places(form: str, text: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + 1)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Sort spans and join those that overlap, so that no end of a secret sticks out."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _replaced(text: str, spans: Iterable[Span]) -> str:
    found = _merged(spans)
    return _joined(text, found) if found else text


def _joined(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += (text[at : span.start], span.instead)
        at = span.end
    return "".join((*pieces, text[at:]))
