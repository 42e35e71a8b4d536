"""Every hook of hocket: what is handed over, and when it is asked for.

A hook never awaits; it hands over objects with async methods. `register_*` collects and a
name clash is an error, `choose_*` and `resolve_*` take the first answer, `event` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click import Group
    from pydantic import BaseModel

    from hocket.api.approval import Approver, Policy
    from hocket.api.events import Event
    from hocket.api.patterns.context import Pattern
    from hocket.api.protocols import (
        Backend,
        Executor,
        ModelProvider,
        Router,
        Stage,
        Tree,
        View,
    )
    from hocket.api.scripts import Script, ScriptHost
    from hocket.api.settings import PluginSettings
    from hocket.api.storage import Store
    from hocket.api.tools import AgentType, Tool


@hookspec
def hocket_register_commands(group: Group) -> None:
    """Add click commands to the group; asked once, before the command line is read."""


@hookspec
def hocket_register_settings() -> Sequence[type[BaseModel]]:
    """Hand over the model of the plugin's section; asked before configuration is read."""
    return ()


@hookspec
def hocket_register_patterns() -> Sequence[Pattern]:
    """Hand over patterns; asked before a script is checked, since they are in its stubs."""
    return ()


@hookspec
def hocket_register_backends(settings: PluginSettings) -> Sequence[Backend]:
    """Hand over backends; asked when a run is started or resumed."""
    return ()


@hookspec
def hocket_register_models(settings: PluginSettings) -> Sequence[ModelProvider]:
    """Hand over model providers; asked when a backend needs one."""
    return ()


@hookspec
def hocket_register_tools(settings: PluginSettings) -> Sequence[Tool]:
    """Hand over tools; asked when a run is started or resumed."""
    return ()


@hookspec
def hocket_register_agent_types(settings: PluginSettings) -> Sequence[AgentType]:
    """Hand over agent types; asked when a run is started or resumed."""
    return ()


@hookspec
def hocket_register_script_hosts() -> Sequence[ScriptHost]:
    """Hand over script hosts by suffix; asked when a script is read."""
    return ()


@hookspec
def hocket_register_stages(settings: PluginSettings) -> Sequence[Stage]:
    """Hand over stages with their positions; asked when a run is started or resumed."""
    return ()


@hookspec
def hocket_register_policies(settings: PluginSettings) -> Sequence[Policy]:
    """Hand over policies: of all verdicts the strictest holds; asked when a run starts."""
    return ()


@hookspec
def hocket_register_views(settings: PluginSettings) -> Sequence[View]:
    """Hand over views by name; asked when a run is to be shown."""
    return ()


@hookspec(firstresult=True)
def hocket_choose_router(settings: PluginSettings) -> Router | None:
    """Choose the router of a run; asked when it is started or resumed."""


@hookspec(firstresult=True)
def hocket_choose_approver(settings: PluginSettings, interactive: bool) -> Approver | None:  # noqa: FBT001
    """Choose who answers questions; when nobody does, everything asked is refused."""


@hookspec(firstresult=True)
def hocket_choose_executor(settings: PluginSettings) -> Executor | None:
    """Choose where calls run; asked when a run is started or resumed."""


@hookspec(firstresult=True)
def hocket_choose_store(settings: PluginSettings) -> Store | None:
    """Choose where runs are kept; asked before a run is made, listed or read."""


@hookspec(firstresult=True)
def hocket_resolve_bundle(spec: str) -> Tree | None:
    """Give the bundle for what was typed after `install`."""


@hookspec(firstresult=True)
def hocket_resolve_script(text: str) -> Script | None:
    """Give a script for what was typed after `run` when no file or command has that name."""


@hookspec
def hocket_event(event: Event) -> None:
    """Hear everything, in order; a listener that raises is told about and dropped."""
