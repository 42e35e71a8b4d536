"""The models that can be asked for, and what each can do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject

_RELEASED = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model's limits; `minimum` is the shortest prefix its cache keeps."""

    name: str
    window: int = 200_000
    max_output: int = 64_000
    minimum: int = 1_024
    line: str | None = None
    lifecycle: str = "active"
    plain: bool = False
    """Without thinking, effort, structured output and batches, but with prefill."""

    def described(self) -> JsonObject:
        """Give the entry of the models endpoint."""
        able: JsonValue = {"supported": not self.plain}
        gone = None if self.lifecycle == "active" else _RELEASED
        return {
            "type": "model",
            "id": self.name,
            "display_name": self.name,
            "created_at": _RELEASED,
            "lifecycle": self.lifecycle,
            "deprecated_at": gone,
            "retires_at": gone,
            "line": self.line,
            "max_input_tokens": self.window,
            "max_tokens": self.max_output,
            "capabilities": {
                **dict.fromkeys(("batch", "citations", "image_input", "pdf_input"), able),
                **dict.fromkeys(("code_execution", "structured_outputs"), able),
                "context_management": {"supported": not self.plain, **_each(EDITS, able)},
                "effort": {"supported": not self.plain, **_each(EFFORTS, able)},
                "server_tools": {"supported": not self.plain, **_each(SERVER_TOOLS, able)},
                "thinking": {
                    "supported": not self.plain,
                    "types": {**_each(THINKING, able), "disabled": {"supported": True}},
                },
            },
        }


EDITS = ("clear_thinking_20251015", "clear_tool_uses_20250919", "compact_20260112")
EFFORTS = ("low", "medium", "high", "xhigh", "max")
SERVER_TOOLS = ("code_execution", "web_search")
THINKING = ("adaptive", "between_tools", "enabled")


def _each(names: Iterable[str], able: JsonValue) -> JsonObject:
    return dict.fromkeys(names, able)


MODELS = (
    Model(name="standin"),
    Model(name="standin-small", window=8_192, max_output=2_048),
    Model(name="standin-plain", plain=True),
    Model(name="standin-deprecated", lifecycle="deprecated"),
    Model(name="standin-retired", lifecycle="retired"),
    Model(name="claude-opus-5-5", line="opus"),
    Model(name="claude-opus-5", line="opus", minimum=512),
    Model(name="claude-opus-4-8", line="opus"),
    Model(name="claude-opus-4-7", line="opus", minimum=2_048),
    Model(name="claude-opus-4-6", line="opus", minimum=4_096),
    Model(name="claude-sonnet-5-5", line="sonnet"),
    Model(name="claude-sonnet-5", line="sonnet"),
    Model(name="claude-sonnet-4-6", line="sonnet"),
    Model(name="claude-haiku-5-5", line="haiku"),
    Model(name="claude-haiku-4-5", line="haiku", minimum=4_096),
    Model(name="claude-fable-5", line="fable", minimum=512),
)


class Catalogue:
    """Finds models by name; a dated name is the model without its date."""

    def __init__(self, models: Iterable[Model] = MODELS) -> None:
        self._models = {model.name: model for model in models}

    def all(self) -> list[Model]:
        """Give every model, in the order of the catalogue."""
        return list(self._models.values())

    def find(self, name: str) -> Model | None:
        """Give the model, or None; a name it was not told is no model."""
        known = self._models.get(name)
        if known is not None:
            return known
        bare, _, date = name.rpartition("-")
        known = self._models.get(bare) if date.isdigit() else None
        return None if known is None else replace(known, name=name)

    def lend(self, name: str) -> Model:
        """Give a model for any name: servers of one model do not look at it."""
        return self.find(name) or Model(name=name)
