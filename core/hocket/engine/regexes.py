"""Patterns of schemas in linear time: the Rust regex engine that pydantic brings."""

from __future__ import annotations

import re
from functools import lru_cache

from hocket.engine.keywords import Unusable

MOST_REPEATS = 2_000
"""All counted repeats of Unicode classes in a schema: each unit costs 0.3 ms to compile."""


class Regex:
    """A compiled pattern without look-around and back-references, so without explosion."""

    def __init__(self, pattern: str) -> None:
        from pydantic_core import SchemaError, SchemaValidator  # noqa: PLC0415  (not at start)

        try:
            self._validator = SchemaValidator({"type": "str", "pattern": pattern})
        except SchemaError as error:
            reason = str(error).rpartition("error: ")[2].strip()
            raise Unusable(f"the pattern cannot be used: {reason}") from error

    def finds(self, text: str) -> bool:
        """Whether the pattern occurs in the text."""
        return self._validator.isinstance_python(text)


@lru_cache(maxsize=1024)
def regex(pattern: str) -> Regex:
    """Compile a pattern once; raises Unusable."""
    return Regex(pattern)


def finds(pattern: str, text: str) -> bool:
    """Whether a pattern occurs in a text."""
    return regex(pattern).finds(text)


def repeats(pattern: str) -> int:
    """Sum up how often a pattern repeats what is expensive to compile."""
    if not re.search(r"\\[wWpP]", pattern):
        return 0
    return sum(int(most) for most in re.findall(r"\{(?:\d+,)?(\d{1,6})\}", pattern))
