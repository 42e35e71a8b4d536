"""What must be agreed to before a package is installed, and who agreed."""

from __future__ import annotations
