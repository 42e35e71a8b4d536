"""`project:NAME`: the project's own commands, put in before anybody sees a card."""

from __future__ import annotations

import pytest

from hocket.errors import UsageError
from hocket.launch.library import ProjectLibrary
from hocket.launch.prepare import Demand, prepare

META = '"checks": {"t": "project:tests", "own": "make", "l": {"run": "project: lint", "tries": 2}}'


def checks(place, meta=META):
    place.save(meta=meta)
    return prepare(place.open(), Demand("wf.py"))


def test_the_settings_say_what_runs_and_the_card_shows_it(place):
    place.settings('[checks]\ntests = "make test"\nlint = ["ruff", "check ."]\n')
    prepared = checks(place)
    assert prepared.card.checks == (("t", "make test"), ("own", "make"), ("l", "ruff 'check .'"))
    found = prepared.script.manifest.checks
    assert [check.run for check in found.values()] == ["make test", "make", ("ruff", "check .")]
    assert found["l"].tries == 2


def test_an_undefined_one_names_the_setting(place):
    place.settings('[checks]\ntests = "make test"\n')
    with pytest.raises(UsageError) as caught:
        checks(place, '"checks": {"t": "project:test"}')
    assert caught.value.message == (
        "wf.py: meta.checks.t: the setting 'checks.test' is missing; "
        'expected test = "COMMAND" under [checks] in .hocket/config.toml.'
    )
    assert caught.value.hint == "Did you mean 'project:tests'? Nothing was started."
    with pytest.raises(UsageError, match=r"checks\.lint"):
        checks(place)


def test_an_approval_is_pinned_to_the_commands_too(place):
    place.settings('[checks]\ntests = "make test"\nlint = "x"\n')
    first = checks(place).card
    place.settings('[checks]\ntests = "rm -rf ."\nlint = "x"\n')
    second = checks(place).card
    assert first.digest == second.digest
    assert len({first.pin, second.pin, first.digest}) == 3
    plain = checks(place, "").card
    assert plain.pin == plain.digest


def test_a_child_has_them_resolved_as_well(place):
    place.save(name=".hocket/workflows/kid.py", meta='"checks": {"t": "project:tests"}')
    project = place.open()
    place.save(name="wf.py")
    parent = prepare(project, Demand("wf.py")).script
    with pytest.raises(LookupError, match=r"the setting 'checks\.tests' is missing"):
        ProjectLibrary(project).find("kid", parent)
    place.settings('[checks]\ntests = "make"\n')
    kid = ProjectLibrary(place.open()).find("kid", parent)
    assert kid.manifest.checks["t"].run == "make"


def test_where_nobody_trusts_the_folder_the_hint_says_so(place, monkeypatch):
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")
    place.settings('[checks]\ntests = "make test"\n')
    with pytest.raises(UsageError) as caught:
        checks(place, '"checks": {"t": "project:tests"}')
    assert "counts once you trust the folder: hocket trust" in caught.value.hint
