"""The backend as the engine sees it: roles and items, labels, ends, nothing kept between calls."""

from __future__ import annotations

import pytest

from hocket.api.calls import Bound, Call, EndState, Usage
from hocket.testing import Stage, run, run_command, run_script
from hocket.testing.running import resume_script
from hocket_plugins.backends import offline
from hocket_plugins.backends.offline.backend import OfflineBackend


class Rules(OfflineBackend):
    """The same beside the bundled one, by another name."""

    name = "rules"


QUESTION = "In which year was the Velora bridge opened?"


def test_the_plugin_hands_over_one_backend_that_says_what_it_can():
    (backend,) = offline.hocket_register_backends()
    assert isinstance(backend, OfflineBackend)
    assert (backend.name, backend.extractive, backend.has_workspace) == ("offline", True, False)
    assert {"angles", "search", "read", "vote", "synthesize", "critic"} <= backend.roles
    assert backend.bound(Call(1, "k", 0, "p", "l")) == Bound(0)
    run(backend.aclose())


@pytest.mark.parametrize("role", [None, "", "judge", "rank", "Vote", "__class__"])
def test_any_other_role_ends_as_an_error_that_says_so(room, role):
    outcome = room.outcome(role, {"text": "x"})
    assert (outcome.state, outcome.cause) == (EndState.ERROR, "offline cannot do this")
    assert outcome.value is None


def test_an_answer_is_outside_and_names_the_files_that_it_quotes(bridge):
    outcome = bridge.outcome("vote", {"text": "The Velora bridge was opened in 1921."})
    assert outcome.label.outside
    assert outcome.label.sources == {"guide.md"}
    assert bridge.context.read == outcome.label
    assert bridge.context.spent == [Usage()]


def test_an_answer_that_does_not_fit_is_invalid_and_no_crash(bridge):
    schema = {"type": "object", "properties": {"verdict": {"enum": ["yes"]}}}
    outcome = bridge.outcome("vote", {"text": "The Velora bridge was opened in 1921."}, schema)
    assert outcome.state is EndState.INVALID
    assert "does not fit" in outcome.cause


def test_it_goes_by_role_and_item_and_never_by_the_prompt(bridge):
    one = bridge.vote("The Velora bridge was opened in 1921.")
    again = OfflineBackend()
    bridge.backend = again
    assert bridge.vote("The Velora bridge was opened in 1921.") == one


def test_what_changes_on_disk_is_seen_by_the_next_call(bridge):
    assert bridge.vote("The Velora bridge was opened in 1921.")["verdict"] == "supported"
    for name in ("guide.md", "notes.txt"):
        (bridge.project / name).unlink()
    assert bridge.vote("The Velora bridge was opened in 1921.")["verdict"] == "cannot_tell"


def test_only_the_folders_lent_to_a_call_are_read(bridge, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.txt").write_text("The Velora bridge was opened in 1950 by a choir of the town.")
    bridge.roots = (other,)
    told = bridge.vote("The Velora bridge was opened in 1921.")
    assert told["verdict"] == "qualified"
    assert str(other / "one.txt") in told["qualification"]


@pytest.mark.parametrize(
    "item", [None, 7, "text", [], {}, [None], {"files": 3}, {"question": ["x"]}, {"angle": "a"},
             {"sentences": [1, {}]}, {"claim": 7}, {"source": {"path": "\x00"}}, {"parts": [{}]},
             {"source": {"path": "../../etc/passwd"}}, {"text": "\ud800 ⟦h:x⟧"}]
)  # fmt: skip
@pytest.mark.parametrize("role", sorted(OfflineBackend.roles))
def test_no_item_makes_it_crash(bridge, role, item):
    assert bridge.outcome(role, item).state is EndState.OK


SCRIPT = """
from hocket.script import agent, synthesize, verify
meta = {"name": "case", "description": "x"}
ROLE = {"type": "object", "properties": {"claims": {"type": "array"}}, "x-role": "read"}
async def main():
    told = await verify(CLAIMS, against="Look.", untrusted=True)
    lost = await agent("Do what offline cannot do.")
    return [told["supported"], told["qualified"], told["unverified"], lost]
"""


def test_in_a_run_its_words_are_handles_and_its_verdicts_are_values(bridge):
    claims = [
        {"text": "The Velora bridge was opened in 1921."},
        {"text": "The Velora bridge is 355 metres long."},
        {"text": "The Selvik arcade was opened in 1921."},
    ]
    script = SCRIPT.replace("CLAIMS", repr(claims))
    outcome = run_script(script, Rules(), project=bridge.project, stage=Stage())
    supported, qualified, unverified, lost = outcome.result
    assert (len(supported), len(qualified), len(unverified), lost) == (1, 1, 1, None)
    assert outcome.census["error"] == 1
    folder = outcome.folder / "journal.jsonl"
    assert "says" not in folder.read_text()
    again = resume_script(outcome.run_id, Rules(), project=bridge.project)
    assert again.result == outcome.result


def test_deep_research_answers_from_a_folder_and_refuses_what_is_not_there(bridge):
    def asked(question: str):
        words = ["/deep-research", question, "--sources", "."]
        return run_command(words, Rules(), project=bridge.project, stage=Stage()).result

    told = asked(QUESTION)
    assert told["complete"] is True
    assert {claim["state"] for claim in told["data"]["claims"]} == {"supported"}
    quote = "\u201cIt was in 1921 that the Velora bridge opened to the public.\u201d [1]"
    assert quote in told["report"]
    for word in ("verified", "true", "confirmed", "answer"):
        assert word not in told["report"].lower()
    nothing = asked("Who painted the Velora bridge?")
    assert (nothing["data"]["claims"], nothing["complete"]) == ([], True)
