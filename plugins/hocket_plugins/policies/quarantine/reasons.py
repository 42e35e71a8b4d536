"""Why a call or a use is refused or asked about: names, sources and our own words, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.grants import SERVERS
from hocket_plugins.policies.quarantine.words import listed

if TYPE_CHECKING:
    from hocket.api.tools import Label
    from hocket_plugins.policies.quarantine.classes import CallClass

SPLIT = (
    "let one call read and hand its answer to another one that acts, or name no tools: such a"
    " call may act until it has read"
)
APART = "let a call without effects read that, and hand its answer to this one"
LABEL = "a person can say under [mcp.servers] in `labels` what a server's tool does"
TRUST = "nobody trusts this project, so all that is in it counts as outside: hocket trust"
TAINTED = "the script has seen words from outside, so a person decides about each call that acts"
TAINTED_USE = "the script has seen words from outside, so a person decides about each effect"


def both(kind: CallClass) -> str:
    """Say which tool does which, and how to split the call."""
    acting = kind.grants.acting
    acts = f"{listed(acting)} {_verb(acting, 'has', 'have')} effects"
    return f"{_reading(kind)} and {acts}, which no call may have together; {_hint(kind)}"


def handed(kind: CallClass, label: Label) -> str:
    """Say whose words a call with rights would get, and what it may do."""
    return (
        f"its prompt holds words from {_sources(label)}, and it may use"
        f" {listed(kind.grants.acting)}"
    )


def tainted(kind: CallClass) -> str:
    """Say what a call of a tainted run may do."""
    return f"{TAINTED}; it may use {listed(kind.grants.acting)}"


def closed(tool: str, label: Label) -> str:
    """Say why a tool is closed, and until when."""
    return (
        f"the call has words from {_sources(label)}, so {listed([tool])} is closed to it until"
        " it ends"
    )


def _hint(kind: CallClass) -> str:
    grants = kind.grants
    if kind.is_given:
        return APART
    if grants.only_untrusted:
        return TRUST
    # Alone it is both, so there is nothing to split.
    is_double = any(tool.startswith(SERVERS) for tool in {*grants.reading} & {*grants.acting})
    return LABEL if is_double else SPLIT


def pieces(label: str) -> str:
    """Say that a script cut a handle, or made one up."""
    return (
        f"{listed([label])}: its prompt holds what looks like a handle and is none that was issued"
        " in this run: it opens nothing, so pass handles on as a whole"
    )


def _reading(kind: CallClass) -> str:
    reading = kind.grants.reading
    said = [
        f"{listed(reading)} {_verb(reading, 'reads', 'read')} from outside" if reading else "",
        f"the attached {listed(kind.files)} came from outside" if kind.files else "",
        "the call is marked untrusted" if kind.is_untrusted else "",
    ]
    return ", ".join(filter(None, said))


def _sources(label: Label) -> str:
    return f"outside ({listed(sorted(label.sources))})" if label.sources else "outside"


def _verb(names: tuple[str, ...], one: str, more: str) -> str:
    return one if len(names) == 1 else more
