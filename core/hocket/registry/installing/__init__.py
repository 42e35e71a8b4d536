"""From a plan to files on the disk, so that a kill leaves the old state or the new one."""

from __future__ import annotations
