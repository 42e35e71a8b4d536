"""Reads a package out of an archive in memory, zip or tar.gz; nothing is ever extracted.

The standard readers find the members. One common top folder is dropped. Limits hold before
anything is read, and again while it is.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from hocket.registry.trees import path_rules, tarballs, zips
from hocket.registry.trees.intake import MIB, MOST_BYTES, MOST_MEMBERS, Intake
from hocket.registry.trees.members import MOST_RATIO, Unreadable

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.trees.members import Member

MOST_ARCHIVE_BYTES = MOST_BYTES + 14 * MIB
"""What no packing makes smaller, and the names."""


def read_archive(who: str, raw: bytes) -> Tree:
    """Read every file of an archive, within the rules for trees.

    Its hash is compared before by who fetched it. Raises TreeRefused with every breach.
    """
    intake = Intake(who)
    if len(raw) > MOST_ARCHIVE_BYTES:
        intake.stop("", f"an archive of more than {MOST_ARCHIVE_BYTES // MIB} MiB")
    try:
        _take(intake, _listed(intake, raw))
    except Unreadable as cause:
        intake.stop("", str(cause))
    return intake.tree()


def _listed(intake: Intake, raw: bytes) -> list[Member]:
    """List the members without the top folder; what would become too much ends here."""
    form = next((each for each in (zips, tarballs) if raw.startswith(each.SIGNATURE)), None)
    if form is None:
        raise Unreadable("neither zip nor tar.gz")
    found = [*islice(form.members(raw), MOST_MEMBERS + 1)]
    if len(found) > MOST_MEMBERS:
        intake.stop("", f"more than {MOST_MEMBERS:,} members")
    if sum(one.size for one in found if one.is_file) > MOST_RATIO * len(raw):
        raise Unreadable(f"it becomes more than {MOST_RATIO} times its size")
    # What `tar` writes for a folder named as `.` means the same without.
    bare = [replace(one, name=one.name.removeprefix("./")) for one in found if one.name != "."]
    return _without_top(bare)


def _without_top(found: list[Member]) -> list[Member]:
    tops = {one.name.partition("/")[0] for one in found}
    top = tops.pop() if len(tops) == 1 else ""
    # A top that is not allowed stays, so that it is found.
    if any(path_rules.misfits(top)) or any(one.name == top and one.is_file for one in found):
        return found
    beneath = [one for one in found if one.name != top or not one.is_folder]
    return [replace(one, name=one.name.removeprefix(f"{top}/")) for one in beneath]


def _take(intake: Intake, found: list[Member]) -> None:
    for one in found:
        if one.is_folder:
            intake.enters(one.name)
        elif not one.is_file:
            intake.refuse(one.name, one.kind)
        elif intake.wants(one.name, one.size):
            intake.take(one.kind, one.name, one.content())
