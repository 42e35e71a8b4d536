"""What a tournament tells: the winner, how sure that is, and what the judges were like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.waves import Envelope, Waves
    from hocket_plugins.patterns.tournament.arguments import TournamentArguments
    from hocket_plugins.patterns.tournament.bracket import Bracket
    from hocket_plugins.patterns.tournament.refining import Standing
    from hocket_plugins.patterns.tournament.scorebook import Scorebook

_ECHO = "the judge repeats itself; more votes add nothing; vary `lenses`"


def told(
    given: TournamentArguments, bracket: Bracket, standing: Standing, book: Scorebook, waves: Waves
) -> Envelope:
    """Put the result together; without a single answered comparison nobody has won."""
    decided = book.comparisons > 0 or len(given.present) == 1
    best = _best(given, bracket, standing) if decided else None
    chance = standing.chances[bracket.seeds.index(best)] if best is not None else None
    _remark(given, bracket, book, waves, chance)
    met = {place for pair in book.met for place in pair}
    result: Envelope = {
        "winner": None if best is None else given.items[best],
        "index": best,
        "p_best": _rounded(chance),
        "order": _order(standing) if decided else [],
        "skipped": _skipped(given),
        "ties": bracket.ties,
        "flips": book.flips,
        "comparisons": book.comparisons,
        "repeat_agreement": _rounded(book.agreement),
        "bracket": [[match.told() for match in round_] for round_ in bracket.rounds],
        "compared": f"{len(met)} of {len(given.present)}",
    }
    return waves.envelope(result, stopped=_stopped(given, bracket, standing, book, waves), error={
        "wrong": None if chance is None else _rounded(1.0 - chance),
        "basis": f"Bradley-Terry posterior over {book.comparisons} comparisons",
    })  # fmt: skip


def _remark(
    given: TournamentArguments,
    bracket: Bracket,
    book: Scorebook,
    waves: Waves,
    chance: float | None,
) -> None:
    """Say in plain sentences what makes the winner doubtful."""
    if chance is None and given.present:
        waves.note("no comparison was answered: there is no winner")
    if book.echoes:
        waves.note(_ECHO)
    if chance is not None and given.sure is not None and chance < given.sure:
        waves.note(f"the winner is the best with a chance of {chance:.2f} only, not {given.sure}")
    if chance is not None and (unanswered := bracket.unanswered):
        waves.note(f"{unanswered} matches had no answer: there the better seed went on")


def _best(given: TournamentArguments, bracket: Bracket, standing: Standing) -> int:
    if given.sure is None and bracket.champion is not None:
        return bracket.champion
    return standing.places[standing.ranked[0]]


def _stopped(
    given: TournamentArguments, bracket: Bracket, standing: Standing, book: Scorebook, waves: Waves
) -> str | None:
    """Say why it ended early: calls ran out, or judges gave nothing to decide by."""
    if not given.present or (bracket.champion is not None and not bracket.rounds):
        return None
    if waves.calls and not book.comparisons:
        return "few"
    spent = waves.left is not None and waves.left <= 1
    if bracket.champion is None:
        return "max" if spent else "few"
    unsure = given.sure is not None and max(standing.chances) < given.sure
    return "max" if unsure and spent and given.max_calls is not None else None


def _order(standing: Standing) -> list[JsonValue]:
    return [
        {
            "index": standing.places[number],
            "strength": _rounded(standing.theta[number]),
            "sd": _rounded(standing.sd[number]),
            "p_best": _rounded(standing.chances[number]),
        }
        for number in standing.ranked
    ]


def _skipped(given: TournamentArguments) -> list[JsonValue]:
    return [
        {"index": place, "state": "skipped: null item"}
        for place, item in enumerate(given.items)
        if item is None
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
