"""Settings about packages: what a source may say of them, beside what others said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hocket.config.settings import ConsentChoices, hours

if TYPE_CHECKING:
    from hocket.config.layers import Kind

STICKY = {
    "allow_python_plugins": False,
    "require_fresh": True,
    "require_pinned_plugins": True,
    "require_signatures": True,
}
"""What holds for good once a source said it."""
NARROWED = frozenset({"allowed_registries", "max_capabilities"})
TIGHTENED = frozenset({*STICKY, *NARROWED, "min_age"})
"""What any project may say, since it only takes rights away."""
PACKAGES = frozenset({*TIGHTENED, "consent", "registries"})
_RAISED_ONLY_BY = frozenset({"project", "environment"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """What holds so far, and what a source says to it."""

    before: object
    offered: object
    is_given: bool
    """Whether what holds was chosen by somebody."""


def weighed(key: str, kind: Kind, said: Weighed) -> tuple[object, str]:
    """Give what holds from now on, and a note where that is not what the source said."""
    if key in STICKY:
        return _sticky(key, said)
    if key in NARROWED:
        return _narrowed(said), ""
    return {"min_age": _age, "consent": _consent, "registries": _registries}[key](kind, said)


def _sticky(key: str, said: Weighed) -> tuple[object, str]:
    if said.before is STICKY[key] and said.offered is not said.before:
        return said.before, f"{key} stays {str(said.before).lower()}: nobody takes it back"
    return said.offered, ""


def _narrowed(said: Weighed) -> object:
    before, offered = (cast("tuple[str, ...] | None", one) for one in (said.before, said.offered))
    if before is None or offered is None:
        return offered if before is None else before
    return tuple(one for one in offered if one in before)


def _age(kind: Kind, said: Weighed) -> tuple[object, str]:
    before, offered = str(said.before), str(said.offered)
    only_raises = kind in _RAISED_ONLY_BY or (kind == "managed" and said.is_given)
    if only_raises and hours(offered) < hours(before):
        told = f"min_age = {offered} does not hold; it stays {before}, which this place can only"
        return before, f"{told} raise"
    return offered, ""


def _consent(kind: Kind, said: Weighed) -> tuple[object, str]:
    before, offered = (cast("ConsentChoices", one) for one in (said.before, said.offered))
    if kind == "project":
        return before, "a project cannot consent to anything; consent does not hold"
    return ConsentChoices(allow=tuple(dict.fromkeys((*before.allow, *offered.allow)))), ""


def _registries(kind: Kind, said: Weighed) -> tuple[object, str]:
    before, offered = (cast("dict[str, str]", one) for one in (said.before, said.offered))
    if kind != "project":
        return before | offered, ""
    taken = sorted(name for name in offered if before.get(name, offered[name]) != offered[name])
    told = f"registries you named already stay as they are: {', '.join(taken)}" if taken else ""
    return offered | before, told
