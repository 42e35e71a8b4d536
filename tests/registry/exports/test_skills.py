"""Other agents get a skill they can read, byte for byte what it was, and a way to the command."""

from __future__ import annotations

import pytest
from shops import bundle, read

from hocket.api.ceiling import Ceiling
from hocket.errors import RefusedError
from hocket.registry.exports.skills import TARGETS, copies
from hocket.registry.receipts.receipt import Place
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import Skill

NOTHING = Ceiling()
MORE = {
    "references/a/deep.md": "Read me.\r\n",
    "assets/logo.bin": bytes(range(256)),
    "scripts/run.sh": "#!/bin/sh\n",
    "rubrics/secret.md": "Ours.\n",
}


def exported(made, tree, *places, consented=NOTHING):
    return {
        copy.place: {path: content for _kind, path, content in copy.tree.entries}
        for copy in copies(made, tree, places, consented)
    }


def test_a_bundle_becomes_a_skill_that_leads_to_its_command(tmp_path):
    made, tree = read(bundle(tmp_path, "greet", more=MORE))
    both = exported(made, tree, Place.AGENTS, Place.CLAUDE)
    assert both[Place.AGENTS] == both[Place.CLAUDE]
    files = both[Place.AGENTS]
    assert sorted(files) == [
        "SKILL.md",
        "assets/logo.bin",
        "references/a/deep.md",
        "scripts/run.sh",
    ]
    assert files["assets/logo.bin"] == MORE["assets/logo.bin"]
    assert files["references/a/deep.md"] == b"Read me.\r\n"
    skill = skill_md.read(files["SKILL.md"], "greet")
    assert isinstance(skill, Skill)
    assert skill.remarks == ()
    assert 'hocket run greet -- "$ARGUMENTS"' in skill.body
    assert skill.metadata == {
        "hocket-bundle": "greet",
        "hocket-commands": "greet",
        "hocket-version": "1.0.0",
    }


def test_an_executable_stays_one(tmp_path):
    root = bundle(tmp_path, "greet", more=MORE)
    (root / "scripts/run.sh").chmod(0o755)
    made, tree = read(root)
    (copy,) = copies(made, tree, [Place.CLAUDE], NOTHING)
    assert ("x", "scripts/run.sh", b"#!/bin/sh\n") in copy.tree.entries


def test_the_folder_has_the_bundles_name_and_a_target_named_twice_is_one(tmp_path):
    made, tree = read(bundle(tmp_path, "greet"))
    told = copies(made, tree, [Place.AGENTS, Place.AGENTS], NOTHING)
    assert [(copy.place, copy.path, copy.is_file) for copy in told] == [
        (Place.AGENTS, "greet", False)
    ]


def test_python_is_not_translated(tmp_path):
    made, tree = read(bundle(tmp_path, "greet"))
    assert copies(made, tree, [Place.CLAUDE_WORKFLOW], NOTHING) == ()


def test_a_javascript_script_is_taken_as_it_is(tmp_path):
    script = "export const meta = {name: 'wave'};\n"
    root = bundle(tmp_path, "greet", more={"workflows/wave.js": script})
    manifest = root / "bundle.toml"
    text = manifest.read_text("utf-8").replace(
        "\ncapabilities", '\ncommands.wave = { script = "workflows/wave.js" }\ncapabilities'
    )
    manifest.write_text(text, "utf-8")
    made, tree = read(root)
    (copy,) = copies(made, tree, [Place.CLAUDE_WORKFLOW], NOTHING)
    assert (copy.path, copy.is_file) == ("wave.js", True)
    assert [content for _kind, _path, content in copy.tree.entries] == [script.encode()]


def plain(folder, front="", body="Body.\n", table="agents = 0"):
    """Make a bundle without commands: a plain skill."""
    root = bundle(folder, "plain", capabilities=table)
    (root / "workflow.py").unlink()
    manifest = (root / "bundle.toml").read_text("utf-8").splitlines(keepends=True)
    text = "".join(line for line in manifest if not line.startswith("commands"))
    (root / "bundle.toml").write_text(text, "utf-8")
    skill = f"---\nname: plain\ndescription: Plain.\n{front}---\n{body}"
    (root / "SKILL.md").write_text(skill, "utf-8")
    return read(root)


def test_a_plain_skill_keeps_its_body(tmp_path):
    made, tree = plain(tmp_path)
    files = exported(made, tree, Place.AGENTS)[Place.AGENTS]
    skill = skill_md.read(files["SKILL.md"], "plain")
    assert isinstance(skill, Skill)
    assert skill.body == "Body.\n"


@pytest.mark.parametrize(
    ("key", "front", "body"),
    [("inline-exec", "", "Now !`date`.\n"), ("hooks", "hooks: SessionStart\n", "Body.\n")],
)
def test_what_another_host_would_run_needs_consent(tmp_path, key, front, body):
    made, tree = plain(tmp_path, front, body, f"{key} = true")
    with pytest.raises(RefusedError) as refused:
        copies(made, tree, TARGETS, NOTHING)
    assert f"--accept={key}" in refused.value.hint
    consented = Ceiling(hooks=key == "hooks", inline_exec=key == "inline-exec")
    assert Place.AGENTS in exported(made, tree, Place.AGENTS, consented=consented)
