"""Signatures of thinking: a thought that comes back changed is noticed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import blake2b
from hmac import compare_digest


class Signer:
    """Signs thoughts with a key of the seed; equal thoughts get equal signatures."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def sign(self, thought: str) -> str:
        """Give the signature that must come back with the thought."""
        data = thought.encode("utf-8", "surrogatepass")
        return b64encode(blake2b(data, key=self._key, digest_size=48).digest()).decode()

    def holds(self, thought: str, signature: str) -> bool:
        """Tell whether this very thought was signed here."""
        return compare_digest(self.sign(thought).encode(), signature.encode("utf-8", "replace"))

    def seal(self, thought: str) -> str:
        """Give the data of a redacted thought: unreadable, and known again."""
        data = b64encode(thought.encode("utf-8", "surrogatepass")).decode()
        return f"{data}.{self.sign(thought)}"

    def opens(self, data: str) -> bool:
        """Tell whether this very data was sealed here."""
        sealed, _, signature = data.partition(".")
        try:
            thought = b64decode(sealed, validate=True).decode("utf-8", "surrogatepass")
        except ValueError:
            return False
        return self.holds(thought, signature)
