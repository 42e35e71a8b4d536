"""Takes a package out of a commit, within the rules for trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.sources.objects import KINDS, OTHERS
from hocket.registry.trees.intake import MOST_FILES, Intake

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.sources.objects import Objects


def read_tree(objects: Objects, rev: str, folder: str) -> Tree:
    """Read all of a folder; raises TreeRefused with every breach, SourceLost for lost blobs."""
    intake = Intake(objects.who)
    with objects.reading() as blobs:
        # One more than may be: what is listed then is refused, whatever it is.
        for one in objects.entries(rev, folder, MOST_FILES + 1):
            if not one.is_file:
                intake.refuse(one.path, OTHERS.get(one.mode, "no file"))
            elif intake.wants(one.path, one.size):
                intake.take(KINDS[one.mode], one.path, blobs.read(one.id))
    return intake.tree()
