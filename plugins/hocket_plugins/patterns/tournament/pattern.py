"""`tournament`: a bracket, then refining, then who is the best and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.tournament.arguments import EXPECTED, TournamentArguments
from hocket_plugins.patterns.tournament.bracket import Bracket
from hocket_plugins.patterns.tournament.comparison import Comparing
from hocket_plugins.patterns.tournament.outcome import told
from hocket_plugins.patterns.tournament.refining import Refining
from hocket_plugins.patterns.tournament.scorebook import Scorebook

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext


class Tournament:
    """Finds the best item by comparisons in pairs."""

    name = "tournament"
    version = 1
    arguments: type[BaseModel] = TournamentArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Play the bracket, refine until it is sure enough, and tell who won."""
        given = TournamentArguments.model_validate(arguments)
        waves, book = Waves(context, given.most), Scorebook()
        comparing = Comparing(context, given, book, waves)
        bracket = Bracket(given, context.seed)
        await bracket.play(comparing, book)
        refining = Refining(book, bracket.seeds)
        if given.sure is None or bracket.champion is None:
            standing = refining.standing()
        else:
            standing = await refining.run(comparing, given.sure)
        return told(given, bracket, standing, book, waves)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Expect 6 calls an item, at most 8 or `max_calls`."""
        given = TournamentArguments.model_validate(arguments)
        return CallCount(min(float(EXPECTED * len(given.present)), given.most), given.most)
