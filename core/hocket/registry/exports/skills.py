"""A bundle as a skill for other agents: portable text that leads back to the command.

The folders of other hosts get SKILL.md with the six fields every host takes, and the files a
skill may refer to, byte for byte. A script of hocket's own stays where hocket runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.registry.exports.consenting import judge
from hocket.registry.installing.plan import Copy
from hocket.registry.receipts.receipt import Place
from hocket.registry.skills.skill_md import FILE
from hocket.registry.skills.writer import portable, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket.api.ceiling import Ceiling
    from hocket.registry.bundles.bundle import Bundle
    from hocket.registry.bundles.commands import Command

TARGETS = (Place.AGENTS, Place.CLAUDE, Place.CLAUDE_WORKFLOW)
_TAKEN = ("references/", "assets/", "scripts/")
_JAVASCRIPT = ".js"


def copies(
    bundle: Bundle, tree: Tree, targets: Iterable[Place], consented: Ceiling
) -> tuple[Copy, ...]:
    """Give what each target gets; raises RefusedError for what a host would run unasked."""
    wanted = tuple(dict.fromkeys(targets))
    if wanted:
        _judge(bundle, consented)
    return tuple(copy for place in wanted for copy in _copies(bundle, tree, place))


def skill(bundle: Bundle, tree: Tree) -> Tree:
    """Give the folder that other hosts read as a skill."""
    body = _shim(bundle.manifest.commands) if bundle.manifest.commands else bundle.skill.body
    text = write(portable(bundle.manifest, body, bundle.skill.allowed_tools))
    taken = (one for one in tree.entries if one[1].startswith(_TAKEN))
    return Tree(tuple(sorted([("f", FILE, text), *taken], key=lambda entry: entry[1])))


def _copies(bundle: Bundle, tree: Tree, place: Place) -> Iterator[Copy]:
    if place is not Place.CLAUDE_WORKFLOW:
        yield Copy(place, bundle.manifest.name, skill(bundle, tree))
        return
    files = {path: (kind, path, content) for kind, path, content in tree.entries}
    for command in bundle.manifest.commands:
        if command.script.endswith(_JAVASCRIPT):
            yield Copy(place, f"{command.name}{_JAVASCRIPT}", Tree((files[command.script],)))


def _shim(commands: Iterable[Command]) -> str:
    """Write what an agent of another host shall do: run the command, and say what came of it."""
    told = "".join(
        f'\n```sh\nhocket run {one.name} -- "$ARGUMENTS"\n```\n'
        + (f"\n{one.description}\n" if one.description else "")
        for one in commands
    )
    return (
        "\nThis skill is a workflow of hocket. Run it in the folder of the project, and report what"
        f"\nit prints; what it found wanting is part of that.\n{told}"
    )


def _judge(bundle: Bundle, consented: Ceiling) -> None:
    # A skill with commands is exported with a body of ours; a plain one keeps its own.
    judge(bundle.manifest.name, bundle.skill, consented, keeps=not bundle.manifest.commands)
