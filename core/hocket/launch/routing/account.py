"""What a report of routers tells a program, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.launch.routing.comparison import Comparison, Worth
    from hocket.launch.routing.shares import Share, Shares

MICROS = 1_000_000


def dollars(micros: int | None) -> float | None:
    """Give dollars; None when no price is known."""
    return None if micros is None else micros / MICROS


def of_shares(told: Shares) -> JsonObject:
    """Tell who did how much."""
    return {
        "calls": told.calls,
        "escalated": told.escalated,
        "escalation_rate": told.escalated / told.calls if told.calls else None,
        "asides": told.asides,
        "added_wall_s": told.added_ms / 1000,
        "cost_usd": dollars(told.usage.cost_micros),
        "models": [_share(share, told) for share in told.models],
    }


def _share(share: Share, told: Shares) -> JsonObject:
    micros, all_micros = share.usage.cost_micros, told.usage.cost_micros
    return {
        "model": share.model,
        "calls": share.calls,
        "share": share.calls / told.calls,
        "tries": share.tries,
        "output": share.usage.output,
        "cost_usd": dollars(micros),
        "cost_share": micros / all_micros if micros is not None and all_micros else None,
    }


def of_comparison(compared: Comparison) -> JsonObject:
    """Tell what the routes were worth."""
    return {
        "calls": compared.calls,
        "routed": _worth(compared.routed),
        "best_single": None if compared.best_single is None else _worth(compared.best_single),
        "oracle": _worth(compared.oracle),
        "gap_closed": compared.closed,
    }


def _worth(worth: Worth) -> JsonObject:
    return {"accuracy": worth.accuracy, "cost_usd": worth.cost, "model": worth.model}
