"""What the file tools are asked with."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PositiveInt


class Input(BaseModel):
    """The input of a tool: no field that nobody knows, no type turned into another."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    @classmethod
    def schema_for_models(cls) -> dict[str, JsonValue]:
        """Give the JSON Schema without titles: they cost tokens and say nothing."""
        schema = _untitled(cls.model_json_schema())
        schema.pop("description", None)
        return schema


class ReadInput(Input):
    """A window of a file."""

    file_path: str
    """The file, relative to the workspace or absolute."""
    offset: PositiveInt = 1
    """The first line to show, counted from 1."""
    limit: PositiveInt | None = None
    """How many lines to show; absent: as many as fit."""


class GlobInput(Input):
    """Names to look for."""

    pattern: str = Field(min_length=1, max_length=1000)
    """A glob like `src/**/*.py` or `*.{js,ts}`; without a slash it matches at any depth."""
    path: str = "."
    """The folder to look in."""


class GrepInput(Input):
    """Lines to look for."""

    pattern: str = Field(min_length=1, max_length=1000)
    """A regular expression in Rust's syntax, matched line by line."""
    path: str = "."
    """The file or folder to look in."""
    glob: str | None = Field(default=None, min_length=1, max_length=1000)
    """Only files whose path matches this glob."""
    ignore_case: bool = False
    """Match upper and lower case alike."""
    output_mode: Literal["content", "files_with_matches", "count"] = "content"
    """Show the lines, the files only, or the number of lines for each file."""


class EditInput(Input):
    """A passage and what takes its place."""

    file_path: str
    """The file, relative to the workspace or absolute."""
    old_string: str = Field(min_length=1)
    """The passage exactly as it stands in the file, without line numbers."""
    new_string: str
    """What takes its place."""
    replace_all: bool = False
    """Replace every occurrence; else there must be exactly one."""


class WriteInput(Input):
    """A whole file."""

    file_path: str
    """The file, relative to the workspace or absolute; missing folders are made."""
    content: str
    """The whole content."""


def _untitled(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = {}
    for key, value in schema.items():
        if key == "properties" and isinstance(value, dict):
            kept[key] = {
                name: _untitled(inner) if isinstance(inner, dict) else inner
                for name, inner in value.items()
            }
        elif key != "title":
            kept[key] = value
    return kept
