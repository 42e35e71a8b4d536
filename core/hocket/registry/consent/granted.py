"""What holds on this machine before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from hocket.registry.indexes.pins import Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a person, the machine's owner and this machine's state say already.

    What the receipts grant stands in the steps of the plan.
    """

    now: datetime
    allow: tuple[str, ...] = ()
    """`consent.allow` of the user's and the managed settings."""
    known: Collection[str] = ()
    """NAMEs that a new one could be taken for: installed, bundled, of other registries."""
    builtin: Collection[str] = ()
    """Commands that come with hocket."""
    pins: Mapping[str, Pin] = field(default_factory=dict[str, "Pin"])
    """By local name."""
    pinned: Mapping[str, datetime] = field(default_factory=dict[str, "datetime"])
    """Since when, by local name; for the screen."""
    stale: frozenset[str] = frozenset()
    """Registries whose index has expired."""
    ages: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    """The cooldown by registry; none for those that are not named."""
    checks: tuple[str, ...] = ()
    """The programs that `@checks` stands for here."""
