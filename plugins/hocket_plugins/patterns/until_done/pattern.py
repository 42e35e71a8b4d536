"""The pattern: waves of finders until it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.until_done.account import error, notes, result
from hocket_plugins.patterns.until_done.forecast import forecast
from hocket_plugins.patterns.until_done.hunt import Hunt
from hocket_plugins.patterns.until_done.search import Search
from hocket_plugins.patterns.until_done.stopping import Stopping

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import CallCount, PatternContext


class UntilDone:
    """Looks for all there is, and says how much of it was found at most."""

    name = "until_done"
    version = 1
    arguments: type[BaseModel] = Search

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Send waves of finders until the next one would not be worth its price."""
        search = Search.model_validate(arguments)
        waves = Waves(context, search.max_calls)
        if search.verify is not None:  # wrong options are told before anything is bought
            await waves.pattern("verify", search.checks([]))
        hunt = Hunt(context, waves, search)
        stopping = Stopping(search, waves, hunt)
        await hunt.wave(search.first, None)
        ended = stopping.gives_up()
        while ended is None and not stopping.is_enough():
            await hunt.wave(stopping.size, stopping.worth())
            ended = stopping.gives_up()
        catch = hunt.catch
        for text in notes(search, catch, keeps_coming=stopping.keeps_coming(), ended=ended):
            waves.note(text)
        return waves.envelope(
            result(search, catch),
            stopped=ended,
            complete=hunt.is_checked,
            error=error(search, catch),
        )

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast finders, readers and checks."""
        return forecast(Search.model_validate(arguments))
