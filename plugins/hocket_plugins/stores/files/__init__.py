"""Runs as folders of plain files under `.hocket/runs`, each under a lock of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings
    from hocket.api.storage import Store

__all__ = ["FilesStore", "hocket_choose_store"]


@hookimpl(trylast=True)
def hocket_choose_store(settings: PluginSettings) -> Store | None:
    """Keep runs in the project's folder, unless another store was asked for by name."""
    if settings.choices.get("store", FilesStore.name) != FilesStore.name:
        return None
    return FilesStore(settings.project)
