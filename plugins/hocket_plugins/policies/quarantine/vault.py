"""Where words from outside lie while a script holds their handles."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from hocket.errors import StructureError
from hocket_plugins.policies.quarantine import handles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from hocket.api.sealing import RunAccess

    Object: TypeAlias = dict[str, JsonValue]

DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Content:
    """What stands behind a handle: a value, and where its words come from."""

    sources: tuple[str, ...]
    value: JsonValue

    @property
    def text(self) -> str:
        """The value as a text: a text as it is, anything else as JSON."""
        return self.value if isinstance(self.value, str) else _json(self.value)


class Vault:
    """Seals values and opens handles, in the one run it attends."""

    def __init__(self) -> None:
        self._run: RunAccess | None = None

    def attend(self, run: RunAccess) -> None:
        """Take what the run lends."""
        self._run = run

    @property
    def run(self) -> RunAccess:
        """The run; it must be attended before anything is asked of it."""
        if self._run is None:
            raise StructureError(
                "quarantine",
                found="a call came before the run was attended",
                expected="attend(run) once, before anything runs",
            )
        return self._run

    def seal(self, value: JsonValue, sources: Iterable[str]) -> tuple[str, str]:
        """Keep a value and give its handle with its digest; the same value has the same handle.

        What looks like a handle in it is made inert for good: nothing that is opened later
        can hold one. A value too deep to be walked through is kept as its JSON.
        """
        value = _json(value) if _is_deep(value, DEEPEST) else value
        kept = _json({"from": [*sorted(sources)], "content": value})
        digest = self.run.keep(handles.escaped(kept).encode("utf-8", "surrogatepass"))
        handle = handles.minted(self.run.secret, digest)
        self.run.sealed[handle] = digest
        return handle, digest

    def issued(self, value: JsonValue) -> dict[str, str]:
        """Give the issued handles in a value in the order they stand there, with their digests."""
        known = self.run.sealed
        if not known:
            return {}
        found = {one: None for text in handles.texts(value) for one in handles.found(text)}
        return {one: known[one] for one in found if one in known}

    def load(self, digest: str) -> Content | None:
        """Give a content by its digest; None when it is lost, or is not what was kept."""
        kept = self.run.load(digest)
        if kept is None or hashlib.sha256(kept).hexdigest() != digest:
            return None
        # What has this digest was written by `seal`.
        held = cast("Object", json.loads(kept.decode("utf-8", "surrogatepass")))
        return Content(tuple(map(str, cast("list[str]", held["from"]))), held["content"])


def _is_deep(value: JsonValue, left: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(one, left - 1) for one in inner)


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
