"""Candidates of known ability on cases: who is best is known, and so is who is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from planted.backend import draws_of
from planted.repository import begin

GRADE = "python3 -B grade.py"
PROGRAM = '''\
"""Compare an answer with the sum that its case asks for."""

import json
import sys

told = json.load(sys.stdin)
left, right = told["item"]["input"].split(" + ")
sys.exit(int(told["answer"].strip() != str(int(left) + int(right))))
'''
SPEC = "trials.jsonl"


@dataclass
class Trials:
    """Sums, and candidates who get each right with a rate of their own."""

    rates: tuple = (0.9, 0.7, 0.7)
    cases: int = 60
    seed: int = 0
    judge_error: float = 0.0

    @property
    def names(self):
        """Give the candidates, the best one in the middle, so that no order helps."""
        names = ["amber", "birch", "cedar", "delta"][: len(self.rates)]
        return dict(zip(names, (*self.rates[1:2], *self.rates[:1], *self.rates[2:]), strict=True))

    @property
    def best(self):
        """Name the one with the highest rate."""
        return max(self.names, key=self.names.get)

    def rows(self):
        """Give the file of candidates and cases."""
        candidates = [{"candidate": name, "model": name} for name in self.names]
        cases = [
            {"case": f"c{at}", "input": f"{at} + 7", "expect": str(at + 7)}
            for at in range(self.cases)
        ]
        return [*candidates, *cases]

    def write(self, folder):
        """Write it, and the program that grades, as a repository."""
        folder = Path(folder)
        lines = [json.dumps(row) + "\n" for row in self.rows()]
        (folder / SPEC).write_text("".join(lines))
        (folder / "grade.py").write_text(PROGRAM)
        if not (folder / ".git").exists():
            begin(folder, {"grade": GRADE})
        return self

    def agents(self):
        """Give who plays which role; chance goes by candidate, case and repeat alone."""
        return {"try": self._try, "judge": self._judge, "prefer": self._prefer}

    def right(self, name, case, repeat):
        """Say whether a candidate gets a case right."""
        return draws_of(self.seed, name, case, repeat).unit() < self.names[name]

    def _try(self, call, _draws):
        item = call.options.item
        is_right = self.right(call.options.model, item["case"], item["repeat"])
        return {"answer": _sum(item) if is_right else "no idea"}

    def _judge(self, call, draws):
        item = call.options.item
        is_right = item["answer"] == _sum(item)
        is_right ^= draws.unit() < self.judge_error
        return {"verdict": "pass" if is_right else "fail"}

    def _prefer(self, call, _draws):
        item = call.options.item
        first, second = (item[name] == _sum(item) for name in ("first", "second"))
        if first == second:
            return {"better": "first"}  # who cannot tell likes what comes first
        return {"better": "first" if first else "second"}


def _sum(item):
    left, right = item["input"].split(" + ")
    return str(int(left) + int(right))
