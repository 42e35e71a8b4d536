"""Texts that instruct agents: read only as they were trusted, with their front matter.

Imports PyYAML: a plugin imports this where it reads, not at its top.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.settings import PluginSettings

MOST_BYTES = 256 << 10
MOST_FRONT = 16 << 10
MOST_DEPTH = 6

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOP = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+(.*\S)[ \t]*$", re.MULTILINE)
_PLAIN = re.compile(r"[*&!%@`]|(?!(['\"]).*\1$|[\[{|>]).*(?:: | #|:$)")
"""A value that a person meant as plain text, and that YAML would take for something else."""


class Unfit(Exception):
    """Why a text cannot be used, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that instructs agents."""

    path: Path
    shown: str
    """What a person calls it."""
    digest: str | None = None
    """What was trusted; None: it is the person's own."""

    def read(self) -> str:
        """Read it whole; raises Unfit, also for what is not as it was trusted."""
        try:
            with os.fdopen(os.open(self.path, _SAFE), "rb") as file:
                raw = file.read(MOST_BYTES + 1)
        except OSError as cause:
            raise Unfit(f"it cannot be read ({cause.strerror})") from cause
        if len(raw) > MOST_BYTES:
            raise Unfit(f"it is larger than {MOST_BYTES >> 10} KiB")
        if self.digest not in {None, sha256(raw).hexdigest()}:
            raise Unfit("it changed since it was trusted")
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as cause:
            raise Unfit("it is not UTF-8") from cause
        if "\0" in text:
            raise Unfit("it has a NUL in it")
        return text


def trusted(settings: PluginSettings, pattern: str) -> list[Source]:
    """List the trusted files of a project whose path fits, folder by folder."""
    return [
        Source(settings.project / path, printable(path), digest)
        for path, digest in sorted(settings.trusted.items())
        if fnmatchcase(path, pattern) and path.count("/") == pattern.count("/")
    ]


def own(folder: Path, pattern: str) -> list[Source]:
    """List the files in a folder of the person's own."""
    return [Source(path, printable(_home_as_tilde(path))) for path in sorted(folder.glob(pattern))]


def person(settings: PluginSettings, data: str, *others: str) -> list[Path]:
    """List the person's folders: in their data folder, then beneath their home."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (Path.home() raises where there is none)
    theirs = [home / other for other in others] if home.is_absolute() else []
    return [*([settings.data / data] if settings.data else []), *theirs]


def printable(text: str) -> str:
    """Write foreign words so that they cannot steer a terminal."""
    return repr(text)[1:-1]


def front_matter(text: str) -> tuple[dict[str, JsonValue], str]:
    """Split a text into its front matter and what follows it; raises Unfit."""
    found = _FRONT.match(text)
    if found is None:
        raise Unfit("it has no front matter between two lines ---")
    front = found[1]
    if len(front) > MOST_FRONT:
        raise Unfit(f"its front matter is longer than {MOST_FRONT >> 10} KiB")
    try:
        fields = _mapping(front)
    except yaml.YAMLError:
        # A colon in a description is no YAML, and the most frequent mistake there is.
        try:
            fields = _mapping(_TOP.sub(_quoted, front))
        except yaml.YAMLError as cause:
            raise Unfit(f"its front matter is no plain YAML{_place(cause)}") from cause
    return fields, text[found.end() :].strip()


def _mapping(front: str) -> dict[str, JsonValue]:
    try:
        _look_over(front)
        read: JsonValue = yaml.load(front, _Strict)  # noqa: S506  (it is a SafeLoader)
    except ValueError as cause:
        raise Unfit("its front matter is no plain YAML") from cause
    if not isinstance(read, dict):
        raise Unfit("its front matter has no fields")
    return read


def _look_over(front: str) -> None:
    """Refuse more than plain values beforehand; what is nested deeply takes minutes to read."""
    depth = 0
    for event in yaml.parse(front, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise Unfit(f"its front matter is nested more than {MOST_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) not in {None, "!"}:
            raise yaml.YAMLError("a tag or an alias")


def _quoted(line: re.Match[str]) -> str:
    key, value = line.groups()
    doubled = value.replace("'", "''")
    return f"{key}: '{doubled}'" if _PLAIN.match(value) else line[0]


def _place(cause: yaml.YAMLError) -> str:
    mark = getattr(cause, "problem_mark", None)
    return "" if mark is None else f" (line {mark.line + 2})"


def _home_as_tilde(path: Path) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else path.name


class _Strict(yaml.SafeLoader):
    """YAML of texts, numbers, lists and mappings: no key twice, no dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (yaml's own way)
        first: [(tag, form) for tag, form in rules if not tag.endswith((":timestamp", ":merge"))]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _fields(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, JsonValue]:
    """Read a mapping by the text of its keys: `on` and `1` are texts too."""
    fields: dict[str, JsonValue] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in fields:
            raise yaml.constructor.ConstructorError(problem_mark=key.start_mark)
        fields[key.value] = loader.construct_object(value, deep=True)  # pyright: ignore[reportUnknownMemberType]
    return fields


_Strict.add_constructor("tag:yaml.org,2002:map", _fields)
