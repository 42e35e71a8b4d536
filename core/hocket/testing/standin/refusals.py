"""A request that is answered with an error, in the words of neither wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INVALID = "invalid_request_error"


class Refusal(Exception):
    """An error status with the provider's type and, where it has one, its code."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.code = status, kind, message, code
        self.headers = headers or {}


def invalid(message: str) -> Refusal:
    """Make the 400 of a request that is not as documented."""
    return Refusal(400, INVALID, message)
