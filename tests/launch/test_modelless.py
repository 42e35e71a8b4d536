"""Where no model was found: a card that says what will be answered, or a refusal that helps."""

from __future__ import annotations

import os

import pytest

from hocket.errors import UsageError
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket_plugins.backends import offline

ROLES = 'await agent("x", schema={"type": "object", "x-role": "%s"})'
OTHERS = "offline: calls of other roles end as error"


@pytest.fixture
def bare(place, monkeypatch):
    """Leave nothing that asks a model."""
    monkeypatch.setenv("PATH", str(place.root / "bin"))
    monkeypatch.delenv("HOCKET_BACKEND", raising=False)
    place.settings("[openai]\nlocal = []\n")
    return place


def notes(bare, **choices: str) -> list[str]:
    """Prepare the script that was saved; gives the notes of its card about the backend."""
    here = {"backends.offline": offline} if _is_missing() else {}
    project = Project.open(bare.root, plugins=here, choices=choices, env=os.environ)
    card = prepare(project, Demand("wf.py")).card
    assert card.backend == choices.get("backend", "offline")
    return [note for note in card.notes if note.startswith("offline")]


def _is_missing() -> bool:
    from importlib.metadata import entry_points  # noqa: PLC0415

    return all(point.name != "backends.offline" for point in entry_points(group="hocket"))


def refused(bare) -> UsageError:
    with pytest.raises(UsageError) as caught:
        notes(bare)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        'return await agent("Do it.")',
        ROLES % "judge",
        'return await attempt("Do it.")',
        'return await verify([1], against="x")',
    ],
)
def test_what_it_could_not_serve_at_all_is_refused_before_the_start(bare, body):
    path = bare.save(body)
    path.write_text(path.read_text().replace(" workflow\n", " verify\n"))
    error = refused(bare)
    assert (error.exit_code, error.who) == (2, "case")
    assert "this command needs a model, and none was found" in error.message
    assert "anthropic: to use it: set ANTHROPIC_API_KEY" in error.message
    assert "claude_code: " in error.message
    assert "local: no model server answers on" in error.message
    for way in (
        "ANTHROPIC_API_KEY",
        "hocket doctor",
        "--backend claude_code",
        "--backend simulate",
    ):
        assert way in error.hint
    assert error.hint.endswith("Nothing was started.")
    assert not (bare.root / ".hocket" / "runs").exists()


def test_what_it_can_serve_is_not_refused_and_needs_no_note(bare):
    bare.save(ROLES % "vote")
    assert notes(bare) == []


def test_what_it_can_serve_in_part_has_a_note(bare):
    bare.save(f"{ROLES % 'vote'}\n{ROLES % 'judge'}")
    assert notes(bare) == [OTHERS]


@pytest.mark.parametrize(
    "above",
    [
        'role = "vote"\nawait agent("x", schema={"type": "object", "x-role": role})',
        'schema = {}\nrole = "vote"\nschema["x-role"] = role\nawait agent("x", schema=schema)',
    ],
)
def test_a_role_that_is_handed_on_may_be_any_word_of_the_script(bare, above):
    bare.save(above)
    assert notes(bare) == [OTHERS]
    bare.save(above.replace('"vote"', '"judge"'))
    assert "needs a model" in refused(bare).message


@pytest.mark.parametrize("body", ["return 1", "return args", 'return await workflow("other")'])
def test_a_script_that_asks_nobody_by_itself_runs(bare, body):
    bare.save(body)
    assert notes(bare) in ([], [OTHERS])


def test_who_names_it_gets_it_with_the_roles_that_it_answers(bare):
    bare.save('return await agent("Do it.")')
    first, second = notes(bare, backend="offline")
    assert first.startswith("offline answers calls of the roles angles, critic, evidence, read, ")
    assert second == OTHERS
    bare.save(ROLES % "vote")
    assert notes(bare, backend="offline") == [first]


def test_who_names_another_backend_hears_nothing_of_it(bare):
    bare.save('return await agent("Do it.")')
    assert notes(bare, backend="simulate") == []
