"""What surrounds a turn on either wire: its names, its accounts and the hand that signs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.testing.standin.asked import Asked
    from hocket.testing.standin.cache import Account
    from hocket.testing.standin.draws import Draws
    from hocket.testing.standin.replies import Reply
    from hocket.testing.standin.signatures import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One reply's surroundings; `number` counts the requests of the server."""

    number: int
    asked: Asked
    reply: Reply
    account: Account
    signer: Signer
    draws: Draws

    @property
    def message_id(self) -> str:
        """The id of the reply."""
        return f"msg_{self.number:024d}"

    def tool_id(self, place: int) -> str:
        """Name a tool use; no two of a server are the same."""
        return f"toolu_{self.number:016d}{place:04d}"

    def counts(self, true: JsonObject) -> JsonObject | None:
        """Give the usage that is sent: the true one, changed as the reply orders, or none."""
        return None if self.reply.without_usage else true | (self.reply.usage or {})
