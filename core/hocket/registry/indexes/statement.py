"""What a signer signs: the bytes that say which package they vouch for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.canonical import canonical
from hocket.registry.forms.names import written

if TYPE_CHECKING:
    from hocket.registry.indexes.rows import Row

TYPE = "hocket/bundle/v1"
NAMESPACE = "hocket-bundle@v1"
"""Of a version's statement, for bundles and plugins alike."""
INDEX_NAMESPACE = "hocket-registry@v1"
"""Of the index and of a changed file of signers."""


def statement(registry: str, row: Row) -> bytes:
    """Write the statement of a row, under the name its registry gives itself.

    A signature of another package, version, registry or table of capabilities is over other bytes.
    """
    return canonical(
        {
            "_type": TYPE,
            "capabilities": capability_hash(row.capabilities),
            "digest": row.digest,
            "kind": row.kind.value,
            "name": row.name,
            "published": written(row.published),
            "registry": registry,
            "version": str(row.version),
        }
    )
