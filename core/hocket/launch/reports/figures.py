"""Figures as a person says them: shares in percent, times in their largest units."""

from __future__ import annotations


def share(value: str | float) -> str:
    """Write a share as percent; what is none stays as it is."""
    try:
        number = float(value)
    except ValueError:
        return str(value)
    return f"{number * 100:.2g} %" if 0 <= number < 1 else f"{number:.4g}"


def wrong(error: str) -> str:
    """Say how often something is wrong; an error in words stays as it is."""
    told = share(error) if error else ""
    return f"wrong in about {told}" if told != error or error.isdigit() else error


def duration(seconds: float) -> str:
    """Write a time; tenths below a minute."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{seconds:.1f} s"
