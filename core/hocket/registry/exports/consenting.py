"""What another host would run unasked goes there only where a person agreed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket.registry.capabilities.wishes import wished

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling
    from hocket.registry.skills.skill_md import Skill


def judge(name: str, told: Skill, consented: Ceiling, *, keeps: bool = True) -> None:
    """Raise RefusedError for hooks, and for commands in a body that is kept, without consent."""
    wish = wished(told)
    for key, wanted in (("hooks", wish.hooks), ("inline-exec", wish.inline_exec and keeps)):
        if wanted and not consented.has(key):
            raise RefusedError(
                name,
                found=f"it was not agreed that other agents get its {key}",
                expected=f"a bundle without, or consent to {key}",
                hint=f"Allow it when it is installed: --accept={key}\nNothing was exported.",
            )
