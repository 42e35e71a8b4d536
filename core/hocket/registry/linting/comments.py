"""Comments that a page does not show and a model reads all the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.registry.forms.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.linting.texts import Text

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_READER = r"(?:you|assistant|agents?|claude|gpt|models?|llms?|ai)"
_ORDER = r"(?:must|shall|should|have to|need to|will|are to|always|never|do not|don't)"
_DEED = r"(?:run|execute|send|upload|post|fetch|download|read|open|install|delete|write|reveal)"
_THING = r"(?:command|script|file|secret|key|token|password|credential|env|http|curl|wget|~/|\$)"
_BEFORE = r"(?:previous|prior|above|earlier|other|all|instructions?|rules|system)"
_INSTRUCTIONS = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override)\b.{{0,40}}\b{_BEFORE}\b",
            rf"\b{_READER}\b.{{0,20}}\b{_ORDER}\b",
            rf"\b(?:secretly|silently|quietly|first|always|now|please|before)\b.{{0,20}}\b{_DEED}\b",
            rf"\b{_DEED}\b.{{0,60}}(?:\b|(?<=\s)){_THING}",
            r"\b(?:do not|don't|never)\s+(?:tell|mention|inform|show|ask|warn|say|let)\b",
            r"\bsystem prompt\b|\bnew instructions?\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 20_000
_DIRECTIVE = re.compile(
    r"\s*(?:markdownlint|prettier|eslint|cspell|spell-?checker|vale|toc\b|doctoc|textlint|lint|"
    r"more\b|todo\b|fixme\b|begin\b|start\b|end\b|#region|#endregion|all-contributors|region\b|"
    r"spdx|copyright|license)[^\n]{0,80}\s*\Z",
    re.IGNORECASE,
)
"""Words to a tool that formats or checks the page, on one line."""


def instructions(text: Text) -> Iterator[tuple[int, str]]:
    """Give each comment that tells its reader to do something, with where it begins."""
    if not text.is_prose:
        return
    for comment in _COMMENT.finditer(text.content):
        said = " ".join(comment[1].split())
        if not _DIRECTIVE.match(comment[1]) and _INSTRUCTIONS.search(said, 0, _LONGEST):
            yield (
                comment.start(),
                f"a comment that nobody sees gives an instruction: {quoted(said)}",
            )
