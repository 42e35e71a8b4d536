"""Agents without a model: seeded answers that fit the schema, for dry runs, tests and benches.

Told by `--simulate latency=0.1,fail=0.05,seed=1`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.protocols import Backend
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_backends(settings: PluginSettings) -> list[Backend]:
    """Hand over the backend; raises UsageError for what it was told wrongly."""
    from hocket_plugins.backends.simulate.backend import SimulateBackend
    from hocket_plugins.backends.simulate.behaviour import Behaviour

    return [SimulateBackend(Behaviour.told(settings.choices.get("simulate", "")))]
