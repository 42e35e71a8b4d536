"""What the file tools can be told in a configuration file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

KIB, MIB = 1024, 1024 * 1024


class Files(BaseModel):
    """The section `files`: how much the file tools show, search and change at once."""

    model_config = ConfigDict(
        title="files", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    read_lines: PositiveInt = 2_000
    """The most lines that one `Read` shows."""
    read_bytes: PositiveInt = 256 * KIB
    """The most bytes of text that one `Read` shows."""
    image_bytes: PositiveInt = 5 * MIB
    """The largest image that `Read` hands to a model."""
    pdf_bytes: PositiveInt = 20 * MIB
    """The largest PDF that `Read` hands to a model."""
    edit_bytes: PositiveInt = 10 * MIB
    """The largest file that `Edit` changes; larger ones are known by their time and size only."""
    search_paths: PositiveInt = 200
    """The most paths that one `Glob` or `Grep` shows."""
    search_bytes: PositiveInt = 100 * KIB
    """The most bytes that one `Glob` or `Grep` shows."""
    search_s: PositiveFloat = 10.0
    """How long one `Glob` or `Grep` may take; what was found until then is shown."""
