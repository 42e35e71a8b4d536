"""synthesize in real runs: an answer that nobody may read is screened and cut all the same."""

from __future__ import annotations

from hocket.testing import run_script

SCRIPT = """
from hocket.script import synthesize

meta = {"name": "write", "description": "Write with citations"}
CITE = [{"n": 1, "quote": "The bridge cost 5 crowns.", "source": "paper.txt"}]


async def main():
    told = await synthesize(["a part"], "Write.", cite=CITE, untrusted=True)
    seen = told["answer"].startswith("It")
    return {"answer": told["answer"], "cut": told["cut"], "notes": told["notes"], "seen": seen}
"""
GOOD, BAD = "It cost 5 crowns [1].", "It cost 9 crowns [1]."


def written(project, first, second):
    (project / "paper.txt").write_text("We know it. The bridge cost 5 crowns.", "utf-8")
    return run_script(SCRIPT, {"was given already": second, "": first}, project=project)


def test_a_sentence_that_nothing_carries_is_cut_from_a_handle(tmp_path):
    told = written(tmp_path, f"{GOOD} {BAD}", f"{GOOD} {BAD} Nobody minded.")
    assert told.result == {
        "answer": f"{GOOD} Nobody minded.",
        "cut": [{"sentence": BAD, "why": "numbers"}],
        "notes": ["carried by no quote, and cut: 1 sentences", "citing nothing: 1 sentences"],
        "seen": False,
    }
    *before, closed = (told.folder / "journal.jsonl").read_text("utf-8").splitlines()
    assert not any("9 crowns" in record for record in before)
    assert "9 crowns" in closed  # what a person reads is opened


def test_a_second_answer_that_holds_is_given_as_it_is(tmp_path):
    told = written(tmp_path, BAD, GOOD)
    assert told.result["answer"] == GOOD
    assert told.result["cut"] == []
