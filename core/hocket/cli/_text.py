"""Text for people: what came from outside made inert, and the forms of money, counts and time."""

from __future__ import annotations

from hocket.api.inert import visible

_STEPS_S = (("d", 86_400), ("h", 3_600), ("min", 60))

inert = visible
"""How the command line shows foreign text."""


def money(micros: int | None) -> str:
    """Show millionths of a dollar: cents, and below one cent as much as is needed."""
    if micros is None:
        return "price unknown"
    if 0 < micros < 100:  # noqa: PLR2004 (what four digits cannot show)
        return "<$0.0001"
    digits = 2 if micros == 0 or micros >= 10_000 else 4  # noqa: PLR2004
    unit = 10 ** (6 - digits)
    whole, part = divmod((micros + unit // 2) // unit, 10**digits)
    return f"${whole:,}.{part:0{digits}}"


def tokens(count: int) -> str:
    """Show a count with its thousands set apart."""
    return f"{count:,}"


def duration(seconds: float) -> str:
    """Show a time in its two largest units: `6 min 12 s`, `1 h 5 min`; tenths below ten seconds."""
    if round(seconds, 1) < 10:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    left = round(seconds)
    for position, (unit, size) in enumerate(_STEPS_S):
        if left >= size:
            return _two_units(left, unit, size, (*_STEPS_S, ("s", 1))[position + 1])
    return f"{left} s"


def _two_units(left: int, unit: str, size: int, smaller: tuple[str, int]) -> str:
    rest = left % size // smaller[1]
    return f"{left // size} {unit} {rest} {smaller[0]}" if rest else f"{left // size} {unit}"
