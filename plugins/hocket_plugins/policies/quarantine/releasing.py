"""A result for a person: what stood behind handles, made inert, with its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api import inert
from hocket.api.sealing import Released
from hocket_plugins.policies.quarantine import handles, words
from hocket_plugins.policies.quarantine.marks import Marks, pointed

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from pydantic import JsonValue

    from hocket_plugins.policies.quarantine.vault import Content, Vault

MOST_BYTES = 1_000_000
"""Of words from outside in one result."""
LOST = "[text is lost]"


def released(value: JsonValue, vault: Vault) -> Released:
    """Open every issued handle; a text that holds words from outside is inert as a whole.

    As a whole, since two inert pieces could be a link together. In a tainted run nobody knows
    any more which words came from outside, so all texts are made inert.
    """
    release = _Release(vault, vault.issued(value), inert.markdown)
    return Released(release.within(value, ""), release.marks.outside)


@dataclass(slots=True)
class _Release:
    vault: Vault
    issued: Mapping[str, str]
    inert: Callable[[str], str]
    marks: Marks = field(default_factory=Marks)
    left: int = MOST_BYTES
    known: dict[str, Content | None] = field(default_factory=dict[str, "Content | None"])

    def within(self, value: JsonValue, place: str) -> JsonValue:
        if isinstance(value, str):
            return self._text(value, place)
        if isinstance(value, list):
            return [self.within(one, f"{place}/{at}") for at, one in enumerate(value)]
        if isinstance(value, dict):
            return self._object(value, place)
        return value

    def _text(self, text: str, place: str) -> JsonValue:
        if text in self.issued:
            content = self._content(text)
            if content is not None and not isinstance(content.value, str):
                return self._value(content, place)
        return self._opened(text, place)

    def _opened(self, text: str, place: str) -> str:
        """Put contents into a text, and make it inert if it holds any."""
        if found := self._held(text):
            self.marks.set(place, found)
            return self._expanded(text)
        return self.inert(text) if self.vault.run.tainted else text

    def _held(self, text: str) -> list[Content | None]:
        return [self._content(one) for one in handles.found(text) if one in self.issued]

    def _expanded(self, text: str) -> str:
        return self.inert(handles.replaced(text, self._words))

    def _value(self, content: Content, place: str) -> JsonValue:
        """Put a whole value from outside, unless there is no room for it."""
        size = len(content.text.encode("utf-8", "replace"))
        if size > self.left:
            self.marks.set(place, [content])
            return self.inert(self._fitting(content.text))
        self.left -= size
        return self._foreign(content.value, place, content)

    def _foreign(self, value: JsonValue, place: str, content: Content) -> JsonValue:
        if isinstance(value, str):
            self.marks.set(place, [content])
            return self.inert(value)
        if isinstance(value, list):
            return [self._foreign(one, f"{place}/{at}", content) for at, one in enumerate(value)]
        if isinstance(value, dict):
            given: dict[str, JsonValue] = {}
            tried: dict[str, int] = {}
            for name, one in value.items():
                key = _free(self.inert(name), given, tried)
                # A key is a text too, so its place is marked whatever stands there.
                self.marks.set(pointed(place, key), [content])
                given[key] = self._foreign(one, pointed(place, key), content)
            return given
        return value

    def _object(self, value: Mapping[str, JsonValue], place: str) -> dict[str, JsonValue]:
        given: dict[str, JsonValue] = {}
        tried: dict[str, int] = {}
        for name, one in value.items():
            found = self._held(name)
            # A key of our own keeps its name, also one that is still to come.
            key = _free(self._expanded(name), {*value, *given}, tried) if found else name
            inner = pointed(place, key)
            given[key] = self.within(one, inner)
            if found:
                self.marks.set(inner, found)
        return given

    def _content(self, handle: str) -> Content | None:
        if handle not in self.known:
            self.known[handle] = self.vault.load(self.issued[handle])
        return self.known[handle]

    def _words(self, handle: str) -> str:
        if handle not in self.issued:
            return handle
        content = self._content(handle)
        return LOST if content is None else self._fitting(content.text)

    def _fitting(self, text: str) -> str:
        """Take as much of a text as there is room for, and say what is left out."""
        kept = text.encode("utf-8", "replace")
        shown = kept[: self.left].decode("utf-8", "ignore")
        taken = len(shown.encode("utf-8"))
        self.left -= taken
        if taken == len(kept):
            return text
        return f"{shown} [cut: {taken:,} of {words.size(len(kept))} are shown]"


def _free(name: str, taken: Container[str], tried: dict[str, int]) -> str:
    """Give a key that is not taken: many may look the same once they are inert."""
    given = name
    while given in taken:
        tried[name] = tried.get(name, 1) + 1
        given = f"{name} ({tried[name]})"
    return given
