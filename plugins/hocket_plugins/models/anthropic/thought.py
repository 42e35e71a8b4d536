"""How hard a model shall think, in its own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.models.anthropic.sheet import EFFORTS

if TYPE_CHECKING:
    from hocket.api.messages import TurnRequest
    from hocket_plugins.models.anthropic.fields import JsonObject
    from hocket_plugins.models.anthropic.sheet import Sheet

_BUDGETS = {"medium": 4_096, "high": 16_384, "xhigh": 32_768, "max": 65_536}
"""Tokens to think with, for models that want a number; without an effort they do not think."""
_SMALLEST_BUDGET = 1_024


def effort(wanted: str | None, offered: tuple[str, ...]) -> str | None:
    """Give the strongest effort on offer that is not above the wanted one, else the weakest."""
    if wanted not in EFFORTS or not offered:
        return None
    below = [one for one in offered if EFFORTS.index(one) <= EFFORTS.index(wanted)]
    return below[-1] if below else offered[0]


def thinking(request: TurnRequest, sheet: Sheet) -> JsonObject | None:
    """Give the `thinking` parameter, or None to leave it out; a forced tool forbids to think."""
    forced = request.tool_choice not in {None, "none"}
    if not request.thinking or forced:
        return {"type": "disabled"} if "disabled" in sheet.thinking else None
    if "adaptive" in sheet.thinking:
        return {"type": "adaptive"}
    budget = min(_BUDGETS.get(request.effort or "", 0), request.max_tokens // 2)
    if "enabled" in sheet.thinking and budget >= _SMALLEST_BUDGET:
        return {"type": "enabled", "budget_tokens": budget}
    return None
