"""bundle.toml: every rule of its table, with the sentence a person reads when it is broken."""

from __future__ import annotations

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.registry.bundles import manifest
from hocket.registry.bundles.commands import Command
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.bundles.manifest import Around, Manifest

WHOLE = r"""schema = 1
name = "deep-research"
version = "1.4.0"
description = "Fan out searches, cross-check claims, answer with citations."
license = "Apache-2.0"
requires-hocket = ">=0.3,<1"
commands.deep-research = { script = "workflow.py", argument-hint = "\"question\"" }
dependencies = { web-sources = "^1.2", "core/rubrics" = "~0.3" }
capabilities = { tools = ["Read", "WebFetch", "WebSearch"], network = ["*"], read = ["docs/**"], write = ["reports/**"], agents = 120 }
"""  # noqa: E501  (as it stands in the specification)
LEAST = {"schema": 1, "name": "demo", "version": "1.0.0", "description": "d"}
COMMAND = {"demo": {"script": "workflow.py"}}
PATHS = frozenset({"workflow.py", "workflows/other.js", "SKILL.md"})


def around(**known):
    return Around(**{"folder": "demo", "skill_name": "demo", "paths": PATHS, **known})


def told(values, without=(), **known):
    kept = {key: value for key, value in (LEAST | values).items() if key not in without}
    found = manifest.read(tomli_w.dumps(kept).encode(), around(**known))
    return [] if isinstance(found, Manifest) else [str(problem) for problem in found]


def test_the_manifest_of_the_specification_is_read_whole():
    names = Inspection({"workflow.py": "deep-research"})
    place = Around("deep-research", "deep-research", PATHS, names)
    found = manifest.read(WHOLE.encode(), place)
    assert isinstance(found, Manifest)
    assert (found.name, str(found.version), found.license) == (
        "deep-research",
        "1.4.0",
        "Apache-2.0",
    )
    assert found.requires_hocket.text == ">=0.3,<1"
    assert found.commands == (Command("deep-research", "workflow.py", '"question"'),)
    assert {key: one.text for key, one in found.dependencies.items()} == {
        "core/rubrics": "~0.3",
        "web-sources": "^1.2",
    }
    assert found.ceiling.agents == 120


def test_the_least_there_can_be_is_a_plain_skill():
    found = manifest.read(tomli_w.dumps(LEAST).encode(), around())
    assert isinstance(found, Manifest)
    assert (found.commands, found.dependencies, found.ceiling) == ((), {}, Ceiling())
    assert (found.license, found.requires_hocket.text) == ("", "*")
    assert manifest.read(tomli_w.dumps(LEAST).encode(), Around()) == found


def test_everything_optional_is_kept():
    found = manifest.read(
        tomli_w.dumps(
            LEAST
            | {
                "homepage": "https://acme.example/a?b#c",
                "repository": "https://git.acme.example:8443/x",
                "keywords": ["search", "web"],
                "license": "mit or apache-2.0",
                "commands": COMMAND
                | {"other": {"script": "workflows/other.js", "description": "o"}},
                "capabilities": {"agents": 1},
            }
        ).encode(),
        around(),
    )
    assert isinstance(found, Manifest)
    assert found.homepage == "https://acme.example/a?b#c"
    assert found.repository == "https://git.acme.example:8443/x"
    assert (found.keywords, found.license) == (("search", "web"), "MIT OR Apache-2.0")
    assert found.commands[1] == Command("other", "workflows/other.js", "", "o")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"schema": 2}, "schema: 2 needs a newer hocket"),
        ({"schema": 0}, "schema: 0 is not 1"),
        ({"schema": "1"}, 'schema: "1" is not 1'),
        ({"schema": True}, "schema: True is not 1"),
        ({"schema": 1.0}, "schema: 1.0 is not 1"),
        (
            {"name": "Deep_Research"},
            'name: "Deep_Research" is not a name (a-z, 0-9, single hyphens)',
        ),
        ({"name": "d\u0435mo"}, r'name: "d\u0435mo" is not a name (a-z, 0-9, single hyphens)'),
        (
            {"name": "../../../evil"},
            'name: "../../../evil" is not a name (a-z, 0-9, single hyphens)',
        ),
        ({"name": "/abs/evil"}, 'name: "/abs/evil" is not a name (a-z, 0-9, single hyphens)'),
        ({"name": 5}, "name: 5 is not a name (a-z, 0-9, single hyphens)"),
        ({"version": "1.4"}, 'version: "1.4" is not X.Y.Z'),
        ({"description": "x" * 1180}, "description: 1180 characters, 1024 allowed"),
        ({"description": ""}, "description: empty"),
        ({"description": "a\nb"}, "description: more than one line"),
        ({"description": "a\u2028b"}, "description: more than one line"),
        ({"description": "a\u001b[1m"}, "description: holds the control character U+001B"),
        ({"description": "a\u202eb"}, "description: holds the control character U+202E"),
        (
            {"description": "a\U000e0041"},
            "description: holds a character that nobody sees",
        ),
        ({"description": 5}, "description: 5 is not a text"),
        ({"license": "MIT?"}, 'license: "MIT?" is not an SPDX expression'),
        ({"license": ["MIT"]}, "license: ['MIT'] is not an SPDX expression"),
        ({"homepage": "http://x.org"}, 'homepage: "http://x.org" is not https'),
        ({"homepage": 5}, "homepage: 5 is not https"),
        ({"homepage": "https://"}, 'homepage: "https://" is not a URL'),
        ({"homepage": "https://[x"}, 'homepage: "https://[x" is not a URL'),
        ({"homepage": "https://x.org/a b"}, 'homepage: "https://x.org/a b" is not a URL'),
        ({"repository": "git@x.org:a/b"}, 'repository: "git@x.org:a/b" is not https'),
        ({"repository": "https://a:b@x.org"}, "repository: carries credentials"),
        ({"keywords": [f"w{n}" for n in range(11)]}, "keywords: 11 given, 10 allowed"),
        ({"keywords": ["Big"]}, 'keywords: "Big" is not a name (a-z, 0-9, single hyphens)'),
        ({"keywords": "web"}, 'keywords: "web" is not a list'),
        ({"requires-hocket": "0.3 or so"}, 'requires-hocket: "0.3 or so" is not a range'),
        ({"commands": ["demo"]}, "commands: ['demo'] is not a table"),
        ({"dependencies": {"x/y/z": "*"}}, 'dependencies: "x/y/z" is not NAME or REGISTRY/NAME'),
        ({"dependencies": {"/y": "*"}}, 'dependencies: "/y" is not NAME or REGISTRY/NAME'),
        ({"dependencies": {"X": "*"}}, 'dependencies: "X" is not NAME or REGISTRY/NAME'),
        ({"dependencies": {"web": "x"}}, 'dependencies.web: "x" is not a range'),
        ({"dependencies": {"demo": "*"}}, "dependencies.demo: depends on itself"),
        ({"dependencies": {f"d{n}": "*" for n in range(51)}}, "dependencies: 51 given, 50 allowed"),
        ({"dependencies": "web"}, 'dependencies: "web" is not a table'),
        (
            {"capabilities": {"filesystem": ["*"]}},
            (
                'capabilities: unknown capability "filesystem" (known: agents, env, hooks, '
                "inline-exec, mcp, network, python, read, reveal, shell, tools, write)"
            ),
        ),
        (
            {"capabilities": {"python": True}},
            "capabilities.python: true is for plugin packages only",
        ),
        ({"licence": "MIT"}, 'licence: unknown key "licence" (did you mean "license"?)'),
        (
            {"zzz": 1},
            (
                'zzz: unknown key "zzz" (known: capabilities, commands, dependencies, description, '
                "homepage, keywords, license, name, repository, requires-hocket, schema, version)"
            ),
        ),
    ],
)
def test_a_rule_that_is_broken_is_told_word_for_word(values, sentence):
    assert told(values) == [f"bundle.toml: {sentence}"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ({"demo": {"script": "wf.py"}}, 'commands.demo.script: "wf.py" is not in the bundle'),
        (
            {"demo": {"script": "SKILL.md"}},
            'commands.demo.script: "SKILL.md" is not a .py or .js file',
        ),
        ({"demo": {"script": 5}}, "commands.demo.script: 5 is not a .py or .js file"),
        ({"demo": {}}, "commands.demo.script: missing"),
        ({"demo": "workflow.py"}, 'commands.demo: "workflow.py" is not a table'),
        (
            {"Demo": {"script": "workflow.py"}},
            'commands.Demo: "Demo" is not a name (a-z, 0-9, single hyphens)',
        ),
        (
            {"demo": {"script": "workflow.py", "argument-hint": "x" * 85}},
            "commands.demo.argument-hint: 85 characters, 80 allowed",
        ),
        (
            {"demo": {"script": "workflow.py", "description": "x" * 201}},
            "commands.demo.description: 201 characters, 200 allowed",
        ),
        (
            {"demo": {"script": "workflow.py", "argument_hint": "x"}},
            (
                'commands.demo.argument_hint: unknown key "argument_hint" '
                '(did you mean "argument-hint"?)'
            ),
        ),
    ],
)
def test_a_command_that_is_wrong_is_told_word_for_word(command, sentence):
    given = {"commands": command, "capabilities": {"agents": 1}}
    assert told(given) == [f"bundle.toml: {sentence}"]


def test_a_manifest_fits_its_surroundings():
    assert told({}, folder="x") == ['bundle.toml: name: differs from the folder "x"']
    assert told({}, skill_name="y") == ['bundle.toml: name: differs from SKILL.md\'s name "y"']
    given = {"commands": COMMAND, "capabilities": {"agents": 1}}
    other = Inspection({"workflow.py": "x"})
    assert told(given, inspection=other) == ['bundle.toml: commands.demo.script: meta.name is "x"']
    assert told(given, inspection=Inspection({"workflow.py": "demo"})) == []


@pytest.mark.parametrize("key", LEAST)
def test_what_must_be_there_is_missed(key):
    assert told({}, without=[key]) == [f"bundle.toml: {key}: missing"]


def test_a_bundle_with_commands_needs_agents():
    sentence = "bundle.toml: capabilities.agents: 0 given, at least 1 where there are commands"
    assert told({"commands": COMMAND}) == [sentence]
    assert told({"commands": COMMAND, "capabilities": {"agents": 0}}) == [sentence]
    assert told({"commands": COMMAND, "capabilities": {"agents": 1}}) == []
    # What is wrong already is not told twice.
    assert len(told({"commands": COMMAND, "capabilities": {"agents": "x"}})) == 1
    assert len(told({"commands": COMMAND, "capabilities": 5})) == 1


def test_a_key_that_nobody_can_see_is_shown():
    (found,) = told({"\u202e": 1})
    assert found.startswith(r'bundle.toml: \u202e: unknown key "\u202e" (known: ')


def test_all_problems_are_told_at_once():
    found = told(
        {"schema": 2, "name": "X", "version": "1", "licence": "MIT", "keywords": ["A", "B"]},
        without=["description"],
    )
    assert sorted(line.split(": ")[1] for line in found) == [
        "description",
        "keywords",
        "keywords",
        "licence",
        "name",
        "schema",
        "version",
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\xff", "bundle.toml: not UTF-8"),
        (b"a = [" + b"[" * 50_000, "bundle.toml: nested too deeply"),
        (
            b"a = 1\na = 2\n",
            "bundle.toml: not TOML: Cannot overwrite a value (at line 2, column 6)",
        ),
        (
            b"schema = 1\nagents = [{a = 0x" + b"f" * 9000 + b"}]",
            "bundle.toml: holds a number of more than 64 bits",
        ),
        (b"a = " + b"9" * 5000, "bundle.toml: not TOML: "),
    ],
)
def test_what_is_no_toml_is_one_problem(raw, sentence):
    found = manifest.read(raw, Around())
    assert isinstance(found, tuple)
    assert len(found) == 1
    assert str(found[0]).startswith(sentence)


KEYS = [*LEAST, "license", "homepage", "keywords", "requires-hocket", "commands", "capabilities"]
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text() | st.datetimes() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from([*KEYS, "dependencies"]) | st.text(), VALUES))
def test_no_manifest_is_a_traceback(values):
    found = manifest.read(tomli_w.dumps(values).encode(errors="replace"), around())
    assert isinstance(found, Manifest) or all(str(one).isprintable() for one in found)


@given(st.binary())
def test_no_bytes_are_a_traceback(raw):
    assert manifest.read(raw, Around())
