"""Whether new versions would take away what hocket or another plugin rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import NoSolution

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hocket.registry.plugins.environment import Environment

OURS = "hocket"


def judge(who: str, planned: Mapping[str, str], environment: Environment) -> None:
    """Raise NoSolution where a version changes that somebody else here needs."""
    there = environment.distributions
    changed = {
        name: version
        for name, version in planned.items()
        if name in there and there[name].version != version
    }
    roots = {name for name, one in there.items() if one.is_plugin or name == OURS} - {*planned}
    for root in sorted(roots):
        for name in sorted(_needed(root, environment) & {*changed}):
            raise NoSolution(
                who,
                found=f"it would change {name} {there[name].version} to {changed[name]}",
                chains=(f"{root} needs {name} as it is", f"{who} needs {name} {changed[name]}"),
                hint="Nothing was installed. A newer version of one of the two may go together.",
            )


def _needed(root: str, environment: Environment) -> set[str]:
    """Give all that a distribution rests on, itself among it; extras count as well."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    def needs(name: str) -> Collection[str]:
        told: list[str] = []
        for text in environment.distributions[name].requires:
            try:
                told.append(canonicalize_name(Requirement(text).name))
            except InvalidRequirement:
                continue
        return told

    reached, waiting = set[str](), [root]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in environment.distributions:
            reached.add(name)
            waiting += needs(name)
    return reached
