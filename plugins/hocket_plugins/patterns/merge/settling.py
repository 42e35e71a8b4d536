"""One record out of many: every field is settled on its own, and what was not agreed is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from hocket.api.patterns.templates import canonical
from hocket_plugins.patterns.merge.arguments import KEEPING
from hocket_plugins.patterns.merge.policies import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.merge.arguments import MergeArguments, Policy
    from hocket_plugins.patterns.merge.policies import Record

    Held = dict[str, list[Record]]
    """The records that hold each of the values of one field."""

TIE = "tie"
SAME = "same"


@dataclass(slots=True)
class Settling:
    """Settles groups of records, one after another."""

    given: MergeArguments
    names: Mapping[str, str]
    """What a text is compared by, where that is not the text itself."""
    conflicts: list[JsonValue] = field(default_factory=list["JsonValue"])
    ties: int = 0

    def one(self, alike: Sequence[Sequence[Record]]) -> Record:
        """Make one record of those with one key, or with keys that readers called the same."""
        records = list(chain.from_iterable(alike))
        if len(records) == 1:
            return records[0]
        key = self._key(records)
        if len(alike) > 1:
            keys = [self._shown(self._key(one)) for one in alike]
            shown = self._shown(key)
            self._tell(shown, ", ".join(self.given.keys), sorted(keys, key=canonical), shown, SAME)
        fields = sorted({name for record in records for name in record} - {*self.given.keys})
        return {**key, **{name: self._settled(name, records, key) for name in fields}}

    def _key(self, records: Sequence[Record]) -> Record:
        """Choose a whole key, the most frequent one: one made of two could be somebody else's."""
        keys = [{name: record[name] for name in self.given.keys} for record in records]
        counts = Counter(map(canonical, keys))
        return min(keys, key=lambda key: (-counts[canonical(key)], canonical(key)))

    def _shown(self, key: Record) -> JsonValue:
        values = list(key.values())
        return values[0] if len(values) == 1 else values

    def _settled(self, name: str, records: Sequence[Record], key: Record) -> JsonValue:
        """Settle a field; a record that lacks it has no opinion, null is one."""
        held: Held = {}
        for record in records:
            if name in record:
                held.setdefault(self._compared(record[name]), []).append(record)
        policies = self.given.chain(name)
        chosen, by = self._chosen(name, held, policies)
        if len(held) > 1 and by != "union" and self.given.is_told(name):
            values = [_value(name, held[each]) for each in sorted(held)]
            self._tell(self._shown(key), name, values, chosen, by)
        return chosen

    def _chosen(self, name: str, held: Held, policies: Sequence[Policy]) -> tuple[JsonValue, str]:
        """Let one policy after the other decide between what is left, then the smallest JSON."""
        if len(held) == 1 and policies[0] != "all":
            return _value(name, *held.values()), ""
        for policy in policies:
            if policy in KEEPING:
                values = (record[name] for records in held.values() for record in records)
                return _kept(values, once=policy == "union"), policy
            ranks = {value: rank(policy, records, self.given) for value, records in held.items()}
            highest = max(ranks.values())
            held = {value: held[value] for value in held if ranks[value] == highest}
            if len(held) == 1:
                return _value(name, *held.values()), policy
        self.ties += 1
        return min((_value(name, records) for records in held.values()), key=canonical), TIE

    def _compared(self, value: JsonValue) -> str:
        text = canonical(value)
        return self.names.get(value, text) if isinstance(value, str) else text

    def _tell(
        self, key: JsonValue, name: str, values: list[JsonValue], chosen: JsonValue, by: str
    ) -> None:
        told: JsonValue = {"key": key, "field": name, "values": values, "chosen": chosen, "by": by}
        self.conflicts.append(told)


def _value(name: str, records: Sequence[Record]) -> JsonValue:
    """Give what these records hold; handles of one text are as good as each other."""
    return min((record[name] for record in records), key=canonical)


def _kept(values: Iterable[JsonValue], *, once: bool) -> JsonValue:
    """Pour values into one list, those of lists too, in the order of their JSON."""
    every = [one for each in values for one in (each if isinstance(each, list) else [each])]
    poured = sorted(every, key=canonical)
    return list({canonical(one): one for one in poured}.values()) if once else poured
