"""Runs calls in this process: the executor that needs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.calls import Call, Outcome
    from hocket.api.protocols import Backend, CallContext
    from hocket.api.settings import PluginSettings


class LocalExecutor:
    """Runs each call where it was asked for; its task is the engine's."""

    name = "local"

    async def run(self, call: Call, backend: Backend, context: CallContext) -> Outcome:
        """Run the call here."""
        return await backend.run(call, context)


@hookimpl(trylast=True)
def hocket_choose_executor(settings: PluginSettings) -> LocalExecutor | None:
    """Choose this one, unless the person named another."""
    return LocalExecutor() if settings.choices.get("executor", "local") == "local" else None
