"""The estimate before a run: what it will ask for and cost, from dry runs and from earlier runs."""

from __future__ import annotations
