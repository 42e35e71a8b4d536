"""Versions for what has none: the time of its commit, valid and ordered in both schemes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from hocket.registry.forms import names
from hocket.registry.forms.names import Unfit
from hocket.registry.forms.versions import Version

if TYPE_CHECKING:
    from datetime import datetime


def version_of(told: object, at: datetime) -> Version:
    """Take the version that was told if it is one, else make one of a commit's time."""
    try:
        return names.version(told)
    except Unfit:
        moment = at.astimezone(UTC)
        return Version((0, int(f"{moment:%Y%m%d}"), int(f"{moment:%H%M%S}")))
