"""The plugins that come with hocket; each enters by the door of third parties."""

from __future__ import annotations
