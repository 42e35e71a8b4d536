"""Patterns of schemas in linear time: the Rust regex engine that pydantic brings."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from hocket.answers.keywords import Unusable

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

MOST_REPEATS = 25_000
"""Counted repeats in all patterns of a schema: each takes about 4 µs to compile."""
UNICODE_FACTOR = 60
ECMA = {"d": "[0-9]", "D": "[^0-9]", "w": "[0-9A-Za-z_]", "W": "[^0-9A-Za-z_]"}
"""JSON Schema means ASCII by these; as Unicode a few repeats of them burst the engine's limit."""


class Regex:
    """A compiled pattern without look-around and back-references, so without explosion."""

    def __init__(self, pattern: str) -> None:
        core = import_module("pydantic_core")  # not before a schema has a pattern
        ascii_only = re.sub(r"\\(.)", lambda pair: ECMA.get(pair[1], pair[0]), pattern)
        try:
            made = core.SchemaValidator({"type": "str", "pattern": ascii_only})
        except core.SchemaError as error:
            reason = re.split("error: |SchemaError: ", str(error))[-1].strip()
            raise Unusable(f"the pattern cannot be used: {reason}") from error
        self._validator = cast("SchemaValidator", made)

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
    """Estimate from above how often a pattern repeats what it has to compile."""
    counts = [int(most) for most in re.findall(r"\{(?:\d+,)?(\d{1,6})\}", pattern)]
    factor = UNICODE_FACTOR if re.search(r"\\[pP]", pattern) else 1
    return factor * (math.prod(counts) if "){" in pattern else sum(counts))
