"""A module that nobody tests, and writers of tests of whom some assert nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from planted.repository import ITEM, begin, git

TESTS = "python3 -B -m unittest discover -q -s tests"
HEAD = '"""Rates, each by a rule of its own."""\n\nBASE = 5\n\n\ndef base():\n    return BASE\n'
RULE = """

def rate_{0:02}(count):
    if count > {1}:
        return count * {2}
    return count + {3}
"""
OLD = """\
import unittest

import rates


class Old(unittest.TestCase):
    def test_base(self):
        self.assertEqual(rates.base(), 5)
"""
FORM = """\
import unittest
from pathlib import Path

import rates


class New(unittest.TestCase):
    def test_rate(self):
        {body}
"""
BODIES = {
    "good": """self.assertEqual(rates.rate_{0:02}({1}), {1} + {3})
        self.assertEqual(rates.rate_{0:02}({1} + 1), ({1} + 1) * {2})""",
    "empty": """rates.rate_{0:02}({1})
        rates.rate_{0:02}({1} + 1)""",
    "flaky": """self.assertEqual(rates.rate_{0:02}({1}), {1} + {3})
        seen = Path(__file__).with_suffix(".seen")
        there = seen.exists()
        seen.unlink() if there else seen.touch()
        self.assertFalse(there)""",
    "rude": """rates.BASE = 6
        self.assertEqual(rates.rate_{0:02}({1}), {1} + {3})""",
    "wrong": "self.assertEqual(rates.rate_{0:02}({1}), 0)",
}
"""What a writer writes: a test that holds, one that asserts nothing, one that fails every other
time, one that spoils the old suite, and one that fails."""
KILLED = re.compile(r"# hocket: killed (\d+) of (\d+) mutants")


@dataclass
class Module:
    """One path that no test runs for each kind of writer, in this order."""

    kinds: tuple = ("good", "empty") * 4 + ("good", "flaky", "good", "good")

    @property
    def places(self):
        """Give the first and the last line of each path."""
        begins = HEAD.count("\n") + 4
        return [(begins + 6 * number, begins + 6 * number + 2) for number in range(len(self.kinds))]

    def numbers(self, index):
        """Give what the rule of a path is made of."""
        return index, 10 + index, 3 + index % 4, 7 + index

    def write(self, folder):
        """Write the module, its old tests and what coverage says of them, as a repository."""
        folder = Path(folder)
        (folder / "tests").mkdir()
        rules = "".join(RULE.format(*self.numbers(index)) for index in range(len(self.kinds)))
        (folder / "rates.py").write_text(HEAD + rules)
        (folder / "tests" / "test_old.py").write_text(OLD)
        missed = {line for first, last in self.places for line in range(first, last + 1)}
        lines = (HEAD + rules).splitlines()
        rows = [f"DA:{n},{int(n not in missed)}" for n, line in enumerate(lines, 1) if line.strip()]
        report = "\n".join(["TN:", "SF:rates.py", *rows, "end_of_record"])
        (folder / "coverage.lcov").write_text(report + "\n")
        begin(folder, {"test": TESTS})
        return self

    def agents(self):
        """Give who plays which role."""
        return {"write": self._write, "tally": _tally}

    def _write(self, call, _draws, context):
        path = call.options.item or json.loads(ITEM.findall(call.prompt)[-1])
        index = [first for first, _ in self.places].index(path["first"])
        body = BODIES[self.kinds[index]].format(*self.numbers(index))
        file = context.tools.workspace.path / path["test"]
        file.write_text(FORM.format(body=body))
        return {"written": True}


def _tally(call, _draws, context):
    branch, rows = call.options.item["branch"], []
    for one in call.options.item["tests"]:
        text = git(context.tools.workspace.path, "show", f"{branch}:{one['test']}")
        killed, of = map(int, KILLED.search(text).groups())
        rows.append({"id": one["id"], "killed": killed, "of": of})
    return {"tests": rows}
