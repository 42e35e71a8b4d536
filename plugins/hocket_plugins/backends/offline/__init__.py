"""Answers without a model: sentences quoted from files, chosen and compared by rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.protocols import Backend


@hookimpl
def hocket_register_backends() -> list[Backend]:
    """Hand over the backend; nothing is read before a call."""
    from hocket_plugins.backends.offline.backend import OfflineBackend

    return [OfflineBackend()]
