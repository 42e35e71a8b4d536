"""No false alarms: scripts of people who mean well run without one refusal."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from internet import Internet, WebKit
from obedient import Gullible
from orders import say
from placements import NO_WEB

from hocket import bundled
from hocket.rehearsal import case
from hocket.testing import Stage, run_command
from hocket_plugins.backends.simulate.answers import answer
from hocket_plugins.backends.simulate.draws import Draws

CLEAN = Path(__file__).parent / "clean"
SKILLS = bundled.root() / "skills"
BUNDLES = sorted(path.parent.name for path in SKILLS.glob("*/workflow.py"))
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


def laid_out(project, name):
    """Fill a project with what a bundle's first case has in it; give what its person types."""
    first = next(iter(case.read(SKILLS / name).found.values()))
    checks = "".join(f"{check} = {json.dumps(line)}\n" for check, line in first.checks.items())
    written(project, {".hocket/config.toml": f"[checks]\n{checks}"})
    written(project, first.files if first.before is None else first.before)
    for line in (("init", "-q"), ("add", "-A"), (*NOBODY, "commit", "-qm", "begin")):
        subprocess.run(["git", *line], cwd=project, check=True)  # noqa: S607
    written(project, first.files)
    words = first.words or [f"--{key}={value}" for key, value in (first.args or {}).items()]
    return [f"/{first.command or name}", *words]


def written(project, files):
    for path, text in files.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


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
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_a_bundled_workflow_runs_without_one_refusal(hocket_project, name, seed):
    words = laid_out(hocket_project, name)
    stage = Stage(choices={"backend": "simulate", "simulate": f"seed={seed}"})
    run = run_command(words, project=hocket_project, stage=stage)

    assert (run.status, run.cause) == ("completed", None)
    assert not run.census.get("refused")
    assert run.report["failures"] == []


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundled_workflow_runs_on_the_real_loop(scenes, name):
    scene = scenes(model=Gullible(fills=lambda shape, text: answer(shape, Draws(0, text, 0))))
    words = laid_out(scene.project, name)
    played = scene.types(words, real_time=True)

    assert (played.run.status, played.run.cause) == ("completed", None)
    assert alarms(played) == []


def test_the_tour_covers_all_that_its_lister_listed(scenes):
    class Lister(Gullible):
        """Answers as a lister would, else like any other."""

        def _answer(self, request, texts):
            return super()._answer(
                request, [*texts, LISTED if "List the units" in texts[-1] else ""]
            )

    scene = scenes(model=Lister())
    project(scene)
    source = (SKILLS / "tour" / "workflow.py").read_text("utf-8")
    played = scene.whole(source, {"topic": "anything", "units": 6})

    assert (played.run.status, played.run.cause) == ("completed", None)
    assert alarms(played) == []
    assert played.result["coverage"] == "6 of 6"


NOBODY = ("-c", "user.name=Pat", "-c", "user.email=pat@example.org")
LISTED = say({"units": [f"unit-{number:03}" for number in range(6)]})
