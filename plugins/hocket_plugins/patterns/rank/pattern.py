"""`rank`: rounds of small lists whose buckets merge, and one fit over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.draws import Draws
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.rank.arguments import RankArguments
from hocket_plugins.patterns.rank.champion import champion
from hocket_plugins.patterns.rank.listing import Listing
from hocket_plugins.patterns.rank.outcome import told
from hocket_plugins.patterns.rank.schedule import lists, schedule
from hocket_plugins.patterns.rank.sightings import Sightings

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext


class Rank:
    """Orders items, or finds the top few of them."""

    name = "rank"
    version = 1
    arguments: type[BaseModel] = RankArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Play the rounds of the schedule, each on the ranking that the last one gave."""
        given = RankArguments.model_validate(arguments)
        waves = Waves(context, given.max_calls)
        if given.way == "tournament" and len(given.present) > 1:
            return await champion(given, waves)
        ranking, sightings = Draws(context.seed).shuffled(given.present), Sightings(given.present)
        listing = Listing(context, given, waves, sightings)
        for round_ in schedule(given):
            if not await listing.order(round_.buckets(ranking)) or waves.stopped is not None:
                return told(given, ranking, sightings, waves, full=False)
            sightings.note_first()
            playing = ranking[: round_.size]
            ranking[: round_.size] = sightings.best_first(playing)
        return told(given, ranking, sightings, waves, full=True)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Expect two calls a list and at most a spare for each; a tournament has its own."""
        given = RankArguments.model_validate(arguments)
        count = len(given.present)
        if given.way == "tournament" and count > 1:
            most = 8 * count if given.max_calls is None else given.max_calls
            return CallCount(min(6.0 * count, most), most)
        shown = lists(given)
        most = 3 * shown if given.max_calls is None else min(3 * shown, given.max_calls)
        return CallCount(min(2.0 * shown, most), most)
