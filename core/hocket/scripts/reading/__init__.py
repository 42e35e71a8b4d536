"""What the text of a script says of the agents it asks for: in which phases, with which tools."""

from __future__ import annotations
