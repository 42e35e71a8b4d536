"""The plugin host: loads plugins, verifies them, and asks them; pluggy stays in here."""

from __future__ import annotations

from hocket.host.facade import PluginHost
from hocket.host.plugins import PluginInfo

__all__ = ["PluginHost", "PluginInfo"]
