"""What a command is going to do: from what was typed to packages that were fetched and checked."""

from __future__ import annotations
