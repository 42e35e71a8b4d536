"""Regular expressions in linear time: the engine that pydantic brings, Rust's, as ripgrep's."""

from __future__ import annotations

from pydantic_core import SchemaError, SchemaValidator, core_schema

from hocket_plugins.tools.files.trouble import Trouble

_WHOLE = ("(?", r"\A", r"\z", "^", "$")
"""What may mean something else in a whole text than in one of its lines."""


class Regex:
    """A compiled pattern; no pattern a model writes can make it hang."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._validator = _compiled(pattern)
        self._in_lines = not any(sign in pattern for sign in _WHOLE)

    def finds(self, text: str) -> bool:
        """Say whether the pattern occurs in the text."""
        return self._validator.isinstance_python(text)

    def lines(self, text: str) -> list[tuple[int, str]]:
        """Give the lines in which it occurs, with their numbers."""
        if self._in_lines and not self.finds(text):
            return []
        numbered = enumerate(text.removesuffix("\n").split("\n"), 1)
        return [(number, line) for number, line in numbered if self.finds(line)]


def _compiled(pattern: str) -> SchemaValidator:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as cause:
        reason = str(cause).rpartition("rror: ")[2].strip()
        raise Trouble(f"the pattern cannot be used: {reason}") from cause
