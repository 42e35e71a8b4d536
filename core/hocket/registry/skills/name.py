"""The name of a skill: what it calls itself, and the folder that it is known by."""

from __future__ import annotations

import re
from unicodedata import normalize

from hocket.registry.forms import names
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.skills.front_matter import Refused
from hocket.registry.skills.remark import Remark

_OUTSIDE = re.compile(r"[^a-z0-9]+")


def key_of_folder(folder: str) -> str:
    """Make a NAME of a folder's name; raises Unfit where nothing of it can be one."""
    plain = normalize("NFKD", folder).lower()
    made = _OUTSIDE.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")
    return names.name(made[: names.LONGEST].rstrip("-"))


def name_remarks(name: str, folder: str) -> list[Remark]:
    """Tell what is odd about a name; raises Refused for one that looks like a way elsewhere."""
    if not name:
        return [Remark("warn", "name", f"missing, the folder's is used ({quoted(folder)})")]
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or not _is_tame(name):
        raise Refused(f"name: {quoted(name)} is no name but a path, or hides something")
    remarks: list[Remark] = []
    if name != folder:
        remarks.append(
            Remark("warn", "name", f"{quoted(name)} differs from the folder {quoted(folder)}")
        )
    try:
        names.name(name)
    except Unfit as why:
        remarks.append(Remark("warn", "name", str(why)))
    return remarks


def _is_tame(name: str) -> bool:
    return name.isascii() and name.isprintable()
