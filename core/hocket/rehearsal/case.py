"""The cases of a bundle: `tests/*.json`, each with what is typed, scripted answers, and a truth."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FOLDER = "tests"


class Line(BaseModel):
    """What a scripted agent says to calls of a role whose item has these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str
    when: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    answer: JsonValue = None
    fails: str | None = None
    """An end state in place of an answer."""


class Case(BaseModel):
    """One case as it stands in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    command: str | None = None
    """Which command of the bundle; without it the only one."""
    words: list[str] | None = None
    args: dict[str, JsonValue] | None = None
    files: dict[str, str] = Field(default_factory=dict[str, str])
    before: dict[str, str] | None = None
    """Files that are committed first: the project is a git repository, and `files` its changes."""
    checks: dict[str, str] = Field(default_factory=dict[str, str])
    """Commands of the project, as the settings' `[checks]` has them."""
    answers: list[Line] = Field(default_factory=list[Line])
    expect: dict[str, JsonValue] = Field(min_length=1)
    """What stands in the result, by JSON pointer."""

    @field_validator("files", "before")
    @classmethod
    def _stay_inside(cls, files: dict[str, str] | None) -> dict[str, str] | None:
        for path in files or ():
            parts = PurePosixPath(path).parts
            if not parts or path.startswith("/") or ".." in parts:
                raise ValueError(f"{path!r} is no path inside a project")
        return files


@dataclass(frozen=True, slots=True)
class Missed:
    """Where a result is not what was expected."""

    pointer: str
    expected: JsonValue
    found: JsonValue = None
    is_there: bool = True

    @property
    def text(self) -> str:
        """Say it in one line."""
        found = json.dumps(self.found, ensure_ascii=False) if self.is_there else "nothing"
        wanted = json.dumps(self.expected, ensure_ascii=False)
        return f"{self.pointer}: expected {wanted}, found {found}"


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases of a bundle, and the files that hold none."""

    found: Mapping[str, Case] = field(default_factory=dict[str, Case])
    broken: Sequence[tuple[str, str]] = ()


def read(folder: Path) -> Cases:
    """Read them in the order of their names."""
    found: dict[str, Case] = {}
    broken: list[tuple[str, str]] = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        name = f"{FOLDER}/{path.name}"
        try:
            found[name] = Case.model_validate_json(path.read_bytes())
        except ValidationError as wrong:
            broken += [(name, text) for text in _texts(wrong)]
        except OSError as error:
            raise UsageError(name, found=error.strerror or "it cannot be read") from error
    return Cases(found, broken)


def missed(case: Case, result: JsonValue) -> list[Missed]:
    """Compare a result with what the case expects."""
    return [
        Missed(pointer, expected, *_at(result, pointer))
        for pointer, expected in case.expect.items()
        if _at(result, pointer) != (expected, True)
    ]


def _at(value: JsonValue, pointer: str) -> tuple[JsonValue, bool]:
    """Look a JSON pointer up; `/-` at its end is the length of a list."""
    for raw in pointer.split("/")[1:]:
        name = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name == "-":
            value = len(value)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return None, False
    return value, True


def _texts(wrong: ValidationError) -> Iterator[str]:
    for each in wrong.errors(include_url=False):
        place = ".".join(map(str, each["loc"]))
        yield f"{place}: {each['msg']}" if place else each["msg"]
