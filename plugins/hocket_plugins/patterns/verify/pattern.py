"""The pattern `verify`: screens, then votes in waves, then what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.verify.arguments import VerifyArguments
from hocket_plugins.patterns.verify.controls import Controls
from hocket_plugins.patterns.verify.docket import Docket
from hocket_plugins.patterns.verify.doubt import Doubt
from hocket_plugins.patterns.verify.findings import Findings
from hocket_plugins.patterns.verify.forecast import forecast
from hocket_plugins.patterns.verify.panel import Panel
from hocket_plugins.patterns.verify.session import Session

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import CallCount, PatternContext


class Verify:
    """Takes votes on claims in waves, until one verdict leads or none can."""

    name = "verify"
    version = 1
    arguments: type[BaseModel] = VerifyArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Screen, vote in waves, tell."""
        given = VerifyArguments.model_validate(arguments)
        panel = Panel(given, context.args)
        docket, controls = Docket(given), Controls(given)
        await docket.fill(context)
        waves = Waves(context, given.max_calls)
        ballots = [*docket.ballots.values(), *controls.ballots] if docket.ballots else []
        session = Session(panel, ballots, Doubt(given.p, given.rho))
        while await session.wave(waves):
            pass
        return Findings(docket, controls).envelope(waves)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the votes."""
        return forecast(VerifyArguments.model_validate(arguments))
