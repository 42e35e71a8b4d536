"""Skills of a package without a manifest, for other agents: whole folders, SKILL.md in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import PackageRefused
from hocket.registry.exports.consenting import judge
from hocket.registry.forms.names import Unfit
from hocket.registry.imports.folders import find
from hocket.registry.installing.plan import Copy
from hocket.registry.receipts.receipt import Place
from hocket.registry.skills.fields import LONGEST_COMPATIBILITY, LONGEST_DESCRIPTION
from hocket.registry.skills.skill_md import FILE, FILES
from hocket.registry.skills.writer import Portable, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.ceiling import Ceiling
    from hocket.registry.skills.skill_md import Skill


def copies(key: str, tree: Tree, targets: Iterable[Place], consented: Ceiling) -> tuple[Copy, ...]:
    """Give what each target gets of a package; there is nothing for a folder of workflows."""
    files = {path: content for _kind, path, content in tree.entries}
    found = find(files, key.rpartition("/")[2])
    skills = [(one.name, one.folder, one.skill) for one in found if one.skill]
    places = [place for place in dict.fromkeys(targets) if place is not Place.CLAUDE_WORKFLOW]
    for name, _folder, skill in skills if places else ():
        judge(name, skill, consented)
    return tuple(
        Copy(place, name, _folder_of(tree, folder, _written(name, skill)))
        for name, folder, skill in skills
        for place in places
    )


def _folder_of(tree: Tree, folder: str, text: bytes) -> Tree:
    above = f"{folder}/" if folder else ""
    own = [
        (kind, path.removeprefix(above), content)
        for kind, path, content in tree.entries
        if path.startswith(above)
    ]
    others = [entry for entry in own if entry[1] not in FILES]
    return Tree(tuple(sorted([("f", FILE, text), *others], key=lambda entry: entry[1])))


def _written(name: str, skill: Skill) -> bytes:
    """Write it as hosts that take nothing odd want it; what does not fit is cut."""
    told = Portable(
        name=name,
        description=skill.description[:LONGEST_DESCRIPTION],
        license=skill.license,
        compatibility=skill.compatibility[:LONGEST_COMPATIBILITY],
        metadata=skill.metadata,
        allowed_tools=skill.allowed_tools,
        body=skill.body,
    )
    try:
        return write(told)
    except Unfit as cause:
        raise PackageRefused(name, [f"{FILE}: {cause}"], "manifest") from cause
