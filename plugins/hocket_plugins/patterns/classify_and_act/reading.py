"""How one item was read: its label, the votes on that, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.context import Reply

LEAD = 2
"""By how much one class must lead before an act that needs agreement."""
MOST = 4
"""Votes after which there is no agreement."""


@dataclass(slots=True)
class Reading:
    """The labels that an item got; the first one says whether it needs more."""

    index: int
    item: JsonValue
    labels: list[str] = field(default_factory=list[str])
    needs_agreement: bool = False
    ended: str | None = None
    """The end state of a call that failed for good."""

    @property
    def votes(self) -> Counter[str]:
        """How often each class was named."""
        return Counter(self.labels)

    @property
    def first(self) -> str | None:
        """The first label, which says whether more are needed."""
        return self.labels[0] if self.labels else None

    @property
    def lead(self) -> int:
        """How far the most frequent label is ahead of the second."""
        counts = [count for _, count in self.votes.most_common(2)]
        return counts[0] - (counts[1] if len(counts) > 1 else 0) if counts else 0

    @property
    def agreed(self) -> bool:
        """Whether there is a label to act upon."""
        return self.first is not None and (not self.needs_agreement or self.lead >= LEAD)

    @property
    def wanted(self) -> int:
        """How many votes are certain to be needed; none where no lead can be reached."""
        lacks = LEAD - self.lead
        if not self.needs_agreement or self.ended or lacks <= 0:
            return 0
        return lacks if lacks <= MOST - len(self.labels) else 0

    @property
    def failed(self) -> bool:
        """Whether a call that failed left it without a label to act upon."""
        return self.ended is not None and not self.agreed

    @property
    def label(self) -> str | None:
        """The class that was agreed on."""
        return self.votes.most_common(1)[0][0] if self.agreed else None

    @property
    def cause(self) -> str | None:
        """Why there is no label to act upon."""
        return None if self.agreed else self.ended or "no agreement"

    def count(self, label: str | None, reply: Reply) -> None:
        """Count a label; a call that failed, or an answer that holds none, is not one."""
        if label is None:
            self.ended = self.ended or ("invalid" if reply.ok else reply.state.value)
        else:
            self.labels.append(label)
