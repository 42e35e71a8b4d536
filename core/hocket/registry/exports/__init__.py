"""What other agents and other marketplaces get to see of a bundle or a registry."""

from __future__ import annotations
