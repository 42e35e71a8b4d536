"""What stands behind handles, put back in their place: for an agent, a script or a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.policies.quarantine import handles

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.policies.quarantine.vault import Content, Vault


def revealed(value: JsonValue, vault: Vault) -> JsonValue:
    """Put contents for all issued handles; raises LookupError that names a lost one's digest.

    A text that is one handle becomes what was sealed, whatever that is; within a longer text,
    and in a key, it is put in as text.
    """
    issued = vault.issued(value)
    if not issued:
        return value
    return _Opening({one: _found(digest, vault) for one, digest in issued.items()}).within(value)


def _found(digest: str, vault: Vault) -> Content:
    content = vault.load(digest)
    if content is None:
        raise LookupError(f"sha256:{digest}")
    return content


class _Opening:
    def __init__(self, contents: dict[str, Content]) -> None:
        self._contents = contents

    def within(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            whole = self._contents.get(value)
            return handles.replaced(value, self._text) if whole is None else whole.value
        if isinstance(value, list):
            return [self.within(one) for one in value]
        if isinstance(value, dict):
            return {
                handles.replaced(name, self._text): self.within(one) for name, one in value.items()
            }
        return value

    def _text(self, handle: str) -> str:
        content = self._contents.get(handle)
        return handle if content is None else content.text
