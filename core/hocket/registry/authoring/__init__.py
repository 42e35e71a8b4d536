"""What an author does with a bundle: make one, pack it, publish it, withdraw it."""

from __future__ import annotations
