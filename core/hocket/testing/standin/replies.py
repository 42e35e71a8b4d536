"""What the stand-in is told to answer, before any wire has given it a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hocket.testing.standin.forms import written

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject


@dataclass(frozen=True, slots=True)
class Said:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """Thinking; it is signed when it is sent, and the signature is checked when it returns."""

    text: str
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """A tool use; `raw` goes over the wire as it stands, also when it is not JSON."""

    name: str
    raw: str = ""
    """Empty: the smallest input that the tool's schema allows."""

    @classmethod
    def with_input(cls, name: str, **arguments: JsonValue) -> Used:
        """Use a tool with these arguments."""
        return cls(name, written(arguments))


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer proper: a tool's input where the request has an answer tool, else text."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Raw:
    """A block that goes out as it is: server tools, compaction, blocks nobody knows."""

    block: JsonObject


Block: TypeAlias = "Said | Thought | Used | Answered | Raw"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong; `calls` limits it to the first calls of an id."""

    kind: str
    calls: int | None = None
    after_s: float = 1.0
    """What a refusal says in retry-after."""
    cut: int | None = None
    """After how many bytes of the body a cut happens; None: in the middle of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One turn of the model; without blocks it finds something fitting to say."""

    blocks: tuple[Block, ...] = ()
    size: int = 200
    """Characters of the text, where none is given."""
    stop: str = ""
    """Empty: what follows from the blocks and the limits of the request."""
    usage: JsonObject | None = None
    """Counts that are sent in the place of the true ones."""
    without_usage: bool = False
    lat_ms: int = 0
    """From the request to the end of the reply."""
    first_ms: int | None = None
    """From the request to the beginning of the reply; None: it comes as a whole after `lat_ms`."""
    drip_ms: int = 0
    """Before every further piece of a streamed reply."""
    fault: Fault | None = None
