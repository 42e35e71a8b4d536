"""What the web tools are asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from pydantic import JsonValue, ValidationError

LONGEST_URL = 2_000
LONGEST_QUERY = 400
MOST_HITS = 20
FETCH_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "description": "The address, exactly as it was found."},
        "offset": {
            "type": "integer",
            "description": "The character to begin with, for the rest of a long page.",
        },
    },
    "required": ["url"],
    "additionalProperties": False,
}
SEARCH_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {
        "query": {
            "type": "string",
            "description": f"Words to look for, at most {LONGEST_QUERY} characters.",
        },
        "limit": {
            "type": "integer",
            "description": f"The most results, at most {MOST_HITS}; 10 when absent.",
        },
    },
    "required": ["query"],
    "additionalProperties": False,
}


class FetchInput(BaseModel):
    """An address, and where in its text to begin."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: str = Field(min_length=1, max_length=LONGEST_URL)
    offset: int = Field(default=0, ge=0)


class SearchInput(BaseModel):
    """Words to look for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    query: str = Field(max_length=LONGEST_QUERY, pattern=r"\S")
    limit: int = Field(default=10, ge=1, le=MOST_HITS)


def wrong(cause: ValidationError) -> str:
    """Say what about an input is not as the schema says."""
    findings = (
        f"{'.'.join(map(str, error['loc'])) or 'input'}: {error['msg'].lower()}"
        for error in cause.errors(include_url=False, include_input=False)
    )
    return f"the input is not as the schema says: {'; '.join(findings)}"
