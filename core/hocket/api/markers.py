"""The two markers of the plugin system: what hocket asks for, and what a plugin answers."""

from __future__ import annotations

import pluggy

hookspec = pluggy.HookspecMarker("hocket")
hookimpl = pluggy.HookimplMarker("hocket")
