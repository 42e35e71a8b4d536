"""`texts`: the Markdown files of a folder by their names, laid over those of the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.expansion.found import Found, Unusable, pointer
from hocket.launch.expansion.ground import BUNDLE

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.expansion.asking import Asking

_SUFFIX = ".md"


def texts(asking: Asking) -> Found:
    """Read a folder, over the one that the script has by default."""
    default = asking.schema.get("default")
    typed = asking.word
    own = Found({})
    if isinstance(default, str) and default.startswith(BUNDLE) and default != typed:
        own = _folder(asking, default)
    return _over(own, _folder(asking, typed), typed)


def _folder(asking: Asking, typed: str) -> Found:
    folder = asking.ground.place(typed)
    if not folder.is_dir():
        raise Unusable(f"{typed} is no folder", f"a folder with *{_SUFFIX} files")
    value: dict[str, JsonValue] = {}
    outside: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        # A link might lead anywhere: what is typed stands for this folder alone.
        if not file.is_file() or not file.resolve().is_relative_to(folder):
            continue
        value[file.stem] = asking.reader.text(file, f"{typed}/{file.name}")
        if sources := asking.sources(typed, file):
            outside[pointer(file.stem)] = sources
    if not value:
        raise Unusable(f"{typed} has no *{_SUFFIX} file", f"a folder with *{_SUFFIX} files")
    return Found(value, outside)


def _over(own: Found, given: Found, typed: str) -> Found:
    had = own.value if isinstance(own.value, dict) else {}
    new = given.value if isinstance(given.value, dict) else {}
    unknown = sorted({*new} - {*had}) if had else []
    note = f"{typed}: nobody may ask for {', '.join(unknown)}; there are {', '.join(sorted(had))}"
    return Found({**had, **new}, given.outside, (note,) if unknown else ())
