"""A text of quotes alone, each with its mark, in groups that say how many sources there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk
    from hocket_plugins.backends.offline.items import Fields

HEAD = "Made without a language model: sentences quoted from {}, chosen and compared by rules."
NOTHING = "No passage in these files answers this."
TOGETHER, SOME, ALONE = "Supported by {} sources", "Supported by several sources", "One source"
DISAGREE = "Sources disagree"
ORDER = ("Supported", ALONE, DISAGREE)
_TITLE, _GROUP, _ROW = "## ", "### ", "- "


def synthesize(desk: Desk) -> JsonValue:
    """Write the parts as quotes; numbers stand in quotes and headings alone, so each is carried."""
    groups: dict[str, list[str]] = {}
    parts = desk.item if isinstance(desk.item, list) else []
    for part in parts:
        if isinstance(part, str):
            _regroup(part, groups)
        elif row := _row(items.fields(part)):
            groups.setdefault(_group(items.fields(part)), []).append(row)
    head = _TITLE + HEAD.format(_files(parts))
    if not groups:
        return f"{head}\n\n{NOTHING}"
    names = sorted(groups, key=lambda name: [not name.startswith(one) for one in ORDER])
    told = ["\n".join([f"{_GROUP}{name}\n", *dict.fromkeys(groups[name])]) for name in names]
    return "\n\n".join([head, *told])


def _files(parts: list[JsonValue]) -> str:
    named = {name for part in parts for name in _sources(items.fields(part))}
    if not named:
        return "files"
    return f"{len(named)} file{'s' if len(named) > 1 else ''}"


def _sources(part: Fields) -> list[str]:
    return list(dict.fromkeys(items.texts(part, "sources") or items.texts(part, "source")))


def _group(part: Fields) -> str:
    """Say how a part stands; what nobody says how it stands has the one source it is from."""
    if part.get("state") == "qualified":
        return DISAGREE
    if part.get("state") != "supported":
        return ALONE
    count = len(_sources(part))
    return TOGETHER.format(count) if count > 1 else SOME


def _row(part: Fields) -> str:
    quote = " ".join(items.text(part, "quote", "text").split())
    number = part.get("n")
    mark = f" [{number}]" if type(number) is int else ""
    return f"{_ROW}\u201c{quote}\u201d{mark}" if quote else ""


def _regroup(text: str, groups: dict[str, list[str]]) -> None:
    """Take apart what was written here of some of the parts."""
    name = ALONE
    for line in text.splitlines():
        if line.startswith(_GROUP):
            name = line.removeprefix(_GROUP)
        elif line.startswith(_ROW):
            groups.setdefault(name, []).append(line)
