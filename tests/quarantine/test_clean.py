"""No false alarms: scripts of people who mean well run without one refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from internet import Internet, WebKit
from obedient import Gullible
from orders import say
from placements import NO_WEB

from hocket import bundled
from hocket.testing import Stage, run_script

CLEAN = Path(__file__).parent / "clean"
BUNDLES = sorted(path.parent.name for path in (bundled.root() / "skills").glob("*/workflow.py"))
URLS = [f"http://site.example/{name}" for name in ("one", "two")]
PAGES = {
    "one": "One is a number.",
    "two": "Two as well.",
    "three": "Three too.",
    "T-1": say({"kind": "bug", "order": "#17", "why": "It crashes."}),
    "T-2": say({"kind": "wish", "order": "#18", "why": "It is a wish."}),
}
ARGS = {
    "audit": {"files": say({"files": ["src/one.py", "src/two.py"]})},
    "hunt": {"found": say({"items": [{"file": "src/one.py"}, {"file": "src/two.py"}]})},
    "tickets": {"names": ["T-1", "T-2"]},
    "research": {"urls": URLS},
}
WANTED = {
    "audit": lambda it: it == {"audited": 2, "found": [True, True]},
    "contest": lambda it: it["winner"] in {"alpha", "beta", "gamma"},
    "hunt": lambda it: it == {"calls": True, "failed": 0},
    "ideas": lambda it: it == {"kept": 1, "sent": True},
    "nested": lambda it: it == {"lines": True, "sent": True},
    "refactor": lambda it: it == {"files": 2, "noted": True},
    "research": lambda it: it["pages"] == 2 and "Once upon a time" in it["report"],
    "runner": lambda it: it == {"todo": True, "mended": True},
    "survey": lambda it: it["complete"] and "One is a number" in it["answer"],
    "tickets": lambda it: [one["kind"] for one in it] == ["bug", "wish"],
}
REAL_TIME = {"audit", "hunt", "refactor", "research", "runner"}
"""They start programs or reach a server."""


def project(scene):
    """Fill a project as people have them, with instructions for agents and a workflow."""
    for name in ("one", "two"):
        file = scene.project / "src" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# TODO: mend {name}\n", "utf-8")
    (scene.project / "AGENTS.md").write_text("Be brief.\n", "utf-8")
    folder = scene.project / ".hocket" / "workflows"
    folder.mkdir(parents=True)
    (folder / "looker.py").write_text((CLEAN / "looker.py").read_text("utf-8"), "utf-8")


def alarms(played):
    """List all that was refused or denied in a run."""
    denied = [one for one in played.records("decided") if one["verdict"] != "allow"]
    return [*denied, *(one for one in played.run.report["failures"])]


@pytest.mark.parametrize("name", WANTED)
def test_a_clean_script_runs_without_one_refusal(scenes, name):
    scene = scenes(PAGES)
    project(scene)
    internet = Internet()
    for url in URLS:
        internet.puts(url.removeprefix("http://"), "<p>Once upon a time.</p>")
    scene.plugins["test.web"] = WebKit(internet)
    source = (CLEAN / f"{name}.py").read_text("utf-8")
    played = scene.whole(source, ARGS.get(name), more=NO_WEB, real_time=name in REAL_TIME)

    assert alarms(played) == []
    assert (played.run.status, played.run.cause) == ("completed", None)
    assert "refused" not in played.census
    assert WANTED[name](played.result), played.result


def test_every_clean_script_is_played():
    assert {path.stem for path in CLEAN.glob("*.py")} == {*WANTED, "looker"}
    assert len(WANTED) >= 10


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize("seed", range(3))
def test_a_bundled_workflow_runs_without_one_refusal(hocket_project, name, seed):
    source = (bundled.root() / "skills" / name / "workflow.py").read_text("utf-8")
    stage = Stage(choices={"backend": "simulate", "simulate": f"seed={seed}"})
    run = run_script(source, project=hocket_project, args={"topic": "anything"}, stage=stage)

    assert (run.status, run.cause) == ("completed", None)
    assert not run.census.get("refused")
    assert run.report["failures"] == []
    assert run.result["complete"]


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundled_workflow_runs_on_the_real_loop(scenes, name):
    class Lister(Gullible):
        """Answers as a lister would, else like any other."""

        def _answer(self, request, texts):
            return super()._answer(
                request, [*texts, LISTED if "List the units" in texts[-1] else ""]
            )

    scene = scenes(model=Lister())
    project(scene)
    source = (bundled.root() / "skills" / name / "workflow.py").read_text("utf-8")
    played = scene.whole(source, {"topic": "anything", "units": 6})

    assert (played.run.status, played.run.cause) == ("completed", None)
    assert alarms(played) == []
    assert played.result["coverage"] == "6 of 6"


LISTED = say({"units": [f"unit-{number:03}" for number in range(6)]})
