"""Taking up a run: what it had, what is changed, and what is kept when that fails."""

from __future__ import annotations

import pytest

from hocket.api.calls import EndState
from hocket.api.settings import Rules
from hocket.errors import RunHeld, ScriptRejected, UsageError
from hocket.journal.past import Past, Unfinished
from hocket.launch.reopen import Changes, notes, reopen, rules, strictest
from hocket.testing import Fail, Stage, resume_script, run_script

SCRIPT = '''"""Two calls."""
from hocket.script import agent, budget

meta = {"name": "two"}


async def main():
    return [await agent(q) for q in "ab"], budget.total
'''


def flags(outcome):
    card = outcome.card
    return card.budget_tokens, card.budget_micros, card.at_once, card.agents


def test_a_run_keeps_its_caps_and_its_backend(hocket_project):
    had = {"budget_tokens": 9000, "budget_usd": 1.5, "concurrency": 3, "max_agents": 7}
    first = run_script(SCRIPT, project=hocket_project, stage=Stage(flags=had))
    again = resume_script(first.run_id, project=hocket_project)
    assert flags(again) == flags(first) == (9000, 1_500_000, 3, 7)
    more = Stage(flags={"budget_tokens": 9999})
    assert flags(resume_script(first.run_id, project=hocket_project, stage=more))[0] == 9999
    assert flags(resume_script(first.run_id, project=hocket_project))[0] == 9999


def test_the_strictest_cap_that_somebody_set_holds(place):
    project = place.open(flags={"budget_tokens": 500, "max_agents": 5})
    before = {"budget": {"tokens": 900, "micros": None}, "caps": {"cap": 200, "total": 3}}
    assert strictest(project, before) == {
        "budget_tokens": 500,
        "concurrency": 200,
        "max_agents": 3,
    }
    assert strictest(place.open(), {"durability": "sync", "budget": 5}) == {"durability": "sync"}


@pytest.mark.parametrize(
    ("had", "deny"),
    [
        (["Write", "Edit", 3], ("Write", "Edit")),
        ([], ("Edit",)),
        ("x", ("Edit",)),
        (None, ("Edit",)),
    ],
)
def test_a102_what_was_denied_stays_denied_and_what_was_allowed_is_said_again(place, had, deny):
    project = place.open(rules=Rules(allow=("Bash",), deny=("Edit",)))
    before = {"denied": had, "allowed": ["Edit"]}
    assert rules(project, before) == Rules(allow=("Bash",), deny=deny)


def test_sync_stays_sync(hocket_project):
    first = run_script(SCRIPT, project=hocket_project, stage=Stage(flags={"durability": "sync"}))
    resume_script(first.run_id, project=hocket_project)
    header = (first.folder / "journal.jsonl").read_text().splitlines()[0]
    assert '"durability":"sync"' in header


def test_a_run_that_somebody_lives_is_refused_and_an_unknown_one_named(place):
    first = run_script(SCRIPT, project=place.root)
    opened, _, changed = reopen(place.open(), first.run_id, Changes())
    assert changed is False
    with pytest.raises(RunHeld, match="held by pid"):
        reopen(place.open(), first.run_id, Changes())
    opened.held.release()
    with pytest.raises(UsageError, match=f"expected one of {first.run_id}"):
        reopen(place.open(), first.run_id[::-1] + "0", Changes())


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        (Changes(script="broken.py"), ScriptRejected),
        (Changes(script="nowhere.py"), UsageError),
        (Changes(args="{"), UsageError),
    ],
)
def test_a_change_that_is_wrong_lets_the_run_go(place, changes, kind):
    first = run_script(SCRIPT, project=place.root)
    place.write("broken.py", "this is no script")
    with pytest.raises(kind):
        reopen(place.open(), first.run_id, changes)
    assert place.open().store().holder(first.run_id) is None
    assert resume_script(first.run_id, project=place.root).status == "completed"


def test_the_original_is_kept_until_an_edited_script_lives(place):
    first = run_script(SCRIPT, project=place.root)
    place.write("script.py", SCRIPT.replace('"ab"', '"abc"'))
    opened, prepared, changed = reopen(place.open(), first.run_id, Changes(script="script.py"))
    opened.held.release()
    assert changed is True
    assert prepared.file == place.root / "script.py"
    assert (first.folder / "script.py").read_text() == SCRIPT


class Early(Past):
    """What a journal could have held."""

    def __init__(self, state, unfinished=(), **census):
        super().__init__()
        self.closed = {"state": state} if state else None
        self._counts, self._open = census, unfinished

    @property
    def census(self):
        return self._counts

    @property
    def unfinished(self):
        return self._open


def test_notes_say_what_a_resume_comes_to():
    effects = Unfinished(7, "k", 0, "port", None, effects=True)
    harmless = Unfinished(8, "k", 1, "read", None, effects=False)
    past = Early("completed", (effects, harmless), ok=5, skipped=1, error=2)
    past.notes.append("Cut a torn tail.")
    assert [*notes(past)] == [
        "Cut a torn tail.",
        "it had completed; 4 of its calls have no committed result and run again",
        "call 7 (port) may have run already; it runs again",
    ]
    assert [*notes(Early("stopped", ok=1, error=1))] == []
    assert [*notes(Early(None))] == []


def test_a_call_that_failed_is_the_only_one_that_runs_again(hocket_project):
    first = run_script(SCRIPT, {"a": "x", "b": Fail(EndState.TIMEOUT)}, project=hocket_project)
    again = resume_script(first.run_id, {"b": "y"}, project=hocket_project)
    assert again.prompts == ["b"]
    assert again.result == [["x", "y"], None]
