"""Invented names: of places, two or three syllables and a kind, and of those who designed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.patterns.draws import Draws

KINDS = ("bridge", "pier", "museum", "theatre", "arcade", "boathouse")
_HEADS = (
    "Vel", "Tor", "Kas", "Mir", "Dro", "Sel", "Bran", "Ost", "Lun", "Hal", "Quen", "Fir", "Gol",
    "Pel", "Rav", "Nor", "Zan", "Wil", "Jas", "Eld",
)  # fmt: skip
_MIDDLES = ("", "", "a", "o", "en", "i", "ar", "um", "el")
_TAILS = ("dra", "mund", "vik", "sela", "ton", "rine", "gast", "loch", "bury", "nia", "thal", "wen")
_GIVEN = (
    "Ada", "Bruno", "Cleo", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Jonas", "Klara",
    "Leif", "Mona", "Nils", "Olga", "Pavel",
)  # fmt: skip
_FAMILY = (
    "Arden", "Belmar", "Corvin", "Delorne", "Estrup", "Fennwick", "Garrity", "Holm", "Isling",
    "Jarre", "Kettler", "Lorrimer", "Marchetti", "Nyborg", "Orlow", "Prudhomme", "Quist",
    "Rosendal", "Sartori", "Tamm", "Ullmann", "Vasari", "Wexley", "Ystad",
)  # fmt: skip
MOST = len(_HEADS)


def place_names(count: int, draws: Draws) -> list[str]:
    """Draw names that begin differently, so that none is a part of another."""
    heads = draws.shuffled(_HEADS)[:count]
    return [
        head + _MIDDLES[draws.below(len(_MIDDLES))] + _TAILS[draws.below(len(_TAILS))]
        for head in heads
    ]


def person(draws: Draws) -> str:
    """Draw a given and a family name."""
    return f"{_GIVEN[draws.below(len(_GIVEN))]} {_FAMILY[draws.below(len(_FAMILY))]}"
