"""`meta` of a script, read without running it: S01, S03, S04, notes and fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Check
from hocket.api.scripts import Manifest, Phase, Script
from hocket.errors import ScriptRejected
from hocket.scripts import manifest, source

MAIN = "\nasync def main():\n    return 1\n"
NAMED = '"name": "n", "description": "d"'


def read(text: str) -> Manifest:
    return manifest.read(text, "wf.py").manifest


def meta(fields: str) -> Manifest:
    return read(f"meta = {{{NAMED}, {fields}}}{MAIN}")


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(ScriptRejected) as caught:
        manifest.read(text, "wf.py")
    return caught.value.findings


def refused_meta(fields: str) -> tuple[str, ...]:
    return refused(f"meta = {{{NAMED},\n{fields}}}{MAIN}")


def test_a_script_is_its_text_its_digest_and_its_meta() -> None:
    text = (
        '"""Port files."""\n'
        "from hocket.script import agent\n"
        'meta = {"name": "port-files", "description": "Port files to the new API",\n'
        '        "when_to_use": "After a release", "phases": ["Plan", {"title": "Port",\n'
        '        "detail": "all files", "model": "haiku", "optional": True}],\n'
        '        "args": {"type": "object", "properties": {"path": {"type": "string"}}},\n'
        '        "checks": {"tests": "pytest -q", "lint": ["ruff", "check"],\n'
        '                   "slow": {"run": "make", "tries": 5, "timeout": 1.5}},\n'
        '        "limits": {"agents": 40, "concurrency": 4}}\n' + MAIN
    )
    assert manifest.read(text, "port.py") == Script(
        path="port.py",
        source=text,
        digest=source.digest(text),
        language="python",
        manifest=Manifest(
            name="port-files",
            description="Port files to the new API",
            when_to_use="After a release",
            phases=(Phase("Plan"), Phase("Port", "all files", "haiku", optional=True)),
            args={"type": "object", "properties": {"path": {"type": "string"}}},
            checks={
                "tests": Check("tests", "pytest -q"),
                "lint": Check("lint", ("ruff", "check")),
                "slow": Check("slow", "make", 5, 1.5),
            },
            agents=40,
            concurrency=4,
        ),
    )


def test_the_least_meta() -> None:
    assert read(f"meta = {{{NAMED}}}{MAIN}") == Manifest(name="n", description="d")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# comment\n\n",
        "\ufeff",
        "#!/usr/bin/env hocket\n",
        '"""Doc."""\n',
        "import json\nfrom re import match\n",
        '"""Doc."""\nfrom __future__ import annotations\nimport json\n',
        "\r\n\r\n",
        "x: int\n"[:0],
    ],
)
def test_what_may_stand_before_meta(before: str) -> None:
    assert read(f"{before}meta = {{{NAMED}}}{MAIN}").name == "n"


def test_meta_may_be_annotated() -> None:
    assert read(f"meta: dict = {{{NAMED}}}{MAIN}").name == "n"


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ('"""One line."""', "One line."),
        ('"""  First line.\n\nMore.\n"""', "First line."),
        ('"""\nFirst line.\nSecond."""', "First line."),
    ],
)
def test_the_docstring_stands_in_for_the_description(docstring: str, expected: str) -> None:
    assert read(f'{docstring}\nmeta = {{"name": "n"}}{MAIN}').description == expected


def test_a_description_wins_over_the_docstring() -> None:
    assert read(f'"""Doc."""\nmeta = {{{NAMED}}}{MAIN}').description == "d"


WRITE = 'write meta = {"name": "…", "description": "…"} after the imports'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", f"wf.py:1:1: S03 meta is missing; {WRITE}"),
        ("x = 1\n", f"wf.py:1:1: S03 meta is missing; {WRITE}"),
        (
            f"x = 1\nmeta = {{{NAMED}}}\n",
            f"wf.py:2:1: S03 meta must be the first statement after the imports; {WRITE}",
        ),
        (
            f"'a'\n'b'\nmeta = {{{NAMED}}}\n",
            f"wf.py:3:1: S03 meta must be the first statement after the imports; {WRITE}",
        ),
        (f"meta = {{{NAMED}}}\nmeta = {{}}\n", "wf.py:2:1: S03 meta is given twice"),
        ("meta = dict(name='n')\n", f"wf.py:1:8: S03 meta must be a dict, written out; {WRITE}"),
        ("meta: dict\n", f"wf.py:1:1: S03 meta must be a dict, written out; {WRITE}"),
        ("if True:\n    meta = {}\n", f"wf.py:1:1: S03 meta is missing; {WRITE}"),
    ],
)
def test_meta_missing_twice_or_elsewhere(text: str, line: str) -> None:
    assert refused(text) == (line,)


@pytest.mark.parametrize(
    ("value", "column", "what"),
    [
        ("f()", 6, "a call"),
        ("NAME", 6, "a name"),
        ("a.b", 6, "an attribute"),
        ('"a" + "b"', 6, "an operator"),
        ("not 1", 6, "an operator"),
        ("+1", 6, "an operator"),
        ("-True", 6, "an operator"),
        ("-x", 6, "an operator"),
        ("1 < 2", 6, "an operator"),
        ("1 and 2", 6, "an operator"),
        ('f"{x}"', 6, "an f-string"),
        ('f"x"', 6, "an f-string"),
        ("(1, 2)", 6, "a tuple"),
        ("{1, 2}", 6, "a set"),
        ("[x for x in y]", 6, "a comprehension"),
        ("{x: 1 for x in y}", 6, "a comprehension"),
        ("lambda: 1", 6, "a function"),
        ("1 if x else 2", 6, "a condition"),
        ("x[0]", 6, "a subscript"),
        ("(y := 2)", 7, "code"),
        ('b"a"', 6, "bytes"),
        ("2j", 6, "complex"),
        ("...", 6, "ellipsis"),
        ("1e999", 6, "a number out of range"),
        ("-1e999", 6, "a number out of range"),
        ("0x" + "f" * 300, 6, "a number out of range"),
        (r'"\ud800"', 6, "half a character (a lone surrogate)"),
        ('["a", *b]', 12, "a spread"),
        ('{"b": c()}', 12, "a call"),
        ("{**b}", 9, "a spread"),
        ("{1: 2}", 7, "a key that is no text"),
        (r'{"\udc00": 2}', 7, "half a character (a lone surrogate)"),
    ],
)
def test_meta_is_a_pure_literal(value: str, column: int, what: str) -> None:
    (line,) = refused_meta(f'"x": {value}')
    assert line.startswith(f"wf.py:2:{column}: S03 meta.x")
    assert f" must be a literal; found {what}; write plain text, numbers" in line


def test_a_field_that_is_no_literal_is_reported_once() -> None:
    assert [line.split(";")[0] for line in refused("meta = {**base, 'name': f(), 3: 4}")] == [
        "wf.py:1:11: S03 meta must be a literal",
        "wf.py:1:25: S03 meta.name must be a literal",
        "wf.py:1:30: S03 meta must be a literal",
    ]


def test_literals_of_every_kind_pass() -> None:
    notes = meta('"x": [1, -2, 1.5, -1.5, True, None, "a" "b", {"c": []}, "\\u202e\\x07😀"]').notes
    assert notes == ("meta.x is not known",)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ('"description": "d"', ["1:8: S04 meta.name is missing"]),
        ('"name": "", "description": "d"', ["1:17: S04 meta.name is empty"]),
        ('"name": "  ", "description": "d"', ["1:17: S04 meta.name is empty"]),
        ('"name": 5, "description": "d"', ["1:17: S04 meta.name must be a text; found 5"]),
        ('"name": None, "description": "d"', ["1:17: S04 meta.name must be a text; found None"]),
        (
            f'"name": "{"n" * 65}", "description": "d"',
            ["1:17: S04 meta.name has 65 characters; at most 64 are allowed"],
        ),
        (
            '"name": "n"',
            [
                (
                    "1:8: S04 meta.description is missing; "
                    "the docstring's first line can stand in for it"
                )
            ],
        ),
        (
            '"name": "n", "description": ""',
            ["1:37: S04 meta.description is empty; the docstring's first line can stand in for it"],
        ),
        (
            '"name": "n", "description": ["d"]',
            ["1:37: S04 meta.description must be a text; found a list"],
        ),
        ('"name": "n", "name": "m", "description": "d"', ["1:22: S04 meta.name is given twice"]),
    ],
)
def test_name_and_description(fields: str, lines: list[str]) -> None:
    assert refused(f"meta = {{{fields}}}{MAIN}") == tuple(f"wf.py:{line}" for line in lines)


def test_64_characters_and_any_text_are_a_name() -> None:
    name = "Größe 😀 " + "x" * 56
    assert read(f'meta = {{"name": "{name}", "description": "d"}}{MAIN}').name == name


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ('"when_to_use": 3', ["2:16: S04 meta.when_to_use must be a text; found 3"]),
        ('"phases": "Plan"', ["2:11: S04 meta.phases must be a list; found a text"]),
        (
            '"phases": ["a", 3]',
            ["2:17: S04 meta.phases[1] must be a title or a dict with a title; found 3"],
        ),
        (
            '"phases": ["a", {"title": 5}]',
            ["2:27: S04 meta.phases[1].title must be a text; found 5"],
        ),
        (
            '"phases": [{"title": "a", "detail": [], "model": {}, "optional": 1}]',
            [
                "2:37: S04 meta.phases[0].detail must be a text; found a list",
                "2:50: S04 meta.phases[0].model must be a text; found a dict",
                "2:66: S04 meta.phases[0].optional must be True or False; found 1",
            ],
        ),
        ('"args": []', ["2:9: S04 meta.args must be a dict; found a list"]),
        (
            '"args": {"type": "array"}',
            ['2:9: S04 meta.args must be a JSON Schema with "type": "object"'],
        ),
        ('"args": {}', ['2:9: S04 meta.args must be a JSON Schema with "type": "object"']),
        (
            '"args": {"type": "object", "properties": {"n": {"type": "int"}}}',
            [
                (
                    "2:57: S04 meta.args.properties.n.type is not JSON Schema: "
                    "'int' is not valid under any of the given schemas"
                )
            ],
        ),
        (
            '"args": {"type": "object", "required": ["a", 5]}',
            ["2:46: S04 meta.args.required[1] is not JSON Schema: 5 is not of type 'string'"],
        ),
        (
            '"args": {"type": "object", "default": ' + "[" * 40 + "]" * 40 + "}",
            ["2:9: S04 meta.args is nested more than 32 deep"],
        ),
        ('"limits": 4', ["2:11: S04 meta.limits must be a dict; found 4"]),
        (
            '"limits": {"agents": 0, "concurrency": 257}',
            [
                "2:22: S04 meta.limits.agents must be a whole number from 1 on; found 0",
                "2:40: S04 meta.limits.concurrency must be a whole number from 1 to 256; found 257",
            ],
        ),
        (
            '"limits": {"agents": True}',
            ["2:22: S04 meta.limits.agents must be a whole number from 1 on; found True"],
        ),
        ('"checks": ["a"]', ["2:11: S04 meta.checks must be a dict; found a list"]),
        (
            '"checks": {"a": "", "b": [], "c": ["x", 1], "d": None, "e": {"tries": 1}, "f": [""]}',
            [
                (
                    "2:17: S04 meta.checks.a must be a command: a text or a list of texts; "
                    "found an empty one"
                ),
                (
                    "2:26: S04 meta.checks.b must be a command: a text or a list of texts; "
                    "found an empty one"
                ),
                (
                    "2:35: S04 meta.checks.c must be a command: a text or a list of texts; "
                    "found a list"
                ),
                "2:50: S04 meta.checks.d must be a command: a text or a list of texts; found None",
                "2:61: S04 meta.checks.e.run is missing",
                (
                    "2:80: S04 meta.checks.f must be a command: a text or a list of texts; "
                    "found a list"
                ),
            ],
        ),
        (
            (
                '"checks": {"a": {"run": "x", "tries": 0, "timeout": 0}, '
                '"b": {"run": "y", "timeout": True}}'
            ),
            [
                "2:39: S04 meta.checks.a.tries must be a whole number from 1 on; found 0",
                "2:53: S04 meta.checks.a.timeout must be seconds, more than 0; found 0",
                "2:86: S04 meta.checks.b.timeout must be seconds, more than 0; found True",
            ],
        ),
    ],
)
def test_fields_that_are_wrong_are_named_with_their_path(fields: str, lines: list[str]) -> None:
    assert refused_meta(fields) == tuple(f"wf.py:{line}" for line in lines)


def test_all_faults_come_at_once() -> None:
    lines = refused('meta = {"name": f(), "phases": [3], "checks": {"a": 1}}')
    assert [line.split(" ")[1:3] for line in lines] == [
        ["S04", "meta.description"],
        ["S03", "meta.name"],
        ["S04", "meta.phases[0]"],
        ["S04", "meta.checks.a"],
    ]


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ('"phasez": []', ["meta.phasez is not known; did you mean phases?"]),
        ('"whenToUse": "x"', ["meta.whenToUse is not known; did you mean when_to_use?"]),
        ('"author": "x"', ["meta.author is not known"]),
        ('"phases": ["", {"detail": "d"}, "b"]',
         ["meta.phases[0] has no title and is left out",
          "meta.phases[1] has no title and is left out"]),
        ('"phases": [{"title": "a", "titel": 1}]',
         ["meta.phases[0].titel is not known; did you mean title?"]),
        ('"checks": {"a": {"run": "x", "timout": 3}}',
         ["meta.checks.a.timout is not known; did you mean timeout?"]),
        ('"limits": {"agent": 3}', ["meta.limits.agent is not known; did you mean agents?"]),
    ],
)  # fmt: skip
def test_what_is_odd_is_noted_and_runs(fields: str, notes: list[str]) -> None:
    assert list(meta(fields).notes) == notes


def test_null_fields_are_absent() -> None:
    assert meta('"phases": None, "args": None, "checks": None, "limits": None') == Manifest(
        name="n", description="d"
    )


def test_phases_as_texts_and_as_objects_are_the_same_groups() -> None:
    texts = meta('"phases": ["Plan", "Port"]')
    objects = meta('"phases": [{"title": "Plan"}, {"title": "Port"}]')
    assert texts.phases == objects.phases == (Phase("Plan"), Phase("Port"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"meta = {{{NAMED}}}\nx = = 1\n", "wf.py:2:5: S01 invalid syntax"),
        ("meta = {\n", "wf.py:1:8: S01 '{' was never closed"),
        ("if x:\n", "wf.py:1:6: S01 expected an indented block after 'if' statement on line 1"),
        (f"meta = {{{NAMED}}}\nreturn 3\n", "wf.py:2:1: S01 'return' outside function"),
        (f"meta = {{{NAMED}}}\nawait x\n", "wf.py:2:1: S01 'await' outside function"),
        (f"meta = {{{NAMED}}}\nfor x in y: pass\nbreak\n", "wf.py:3:1: S01 'break' outside loop"),
        (
            "9" * 5_000,
            (
                "wf.py:1:1: S01 Exceeds the limit (4300 digits) for integer string conversion: "
                "value has 5000 digits"
            ),
        ),
        ("-" * 100_000 + "1", "wf.py:1:1: S01 nested too deeply to be read; name the parts of it"),
        ("a" + ".a" * 50_000, "wf.py:1:1: S01 nested too deeply to be read; name the parts of it"),
        ("[" * 300, "wf.py:1:201: S01 too many nested parentheses"),
    ],
)
def test_what_cannot_be_parsed_is_one_finding_with_its_place(text: str, line: str) -> None:
    assert refused(text) == (line,)


def test_characters_are_refused_before_anything_else() -> None:
    assert refused('x = "\x07" +') == (
        "wf.py:1:6: S02 U+0007 BELL is not allowed here; write \\x07",
    )


def test_a_doubtful_escape_is_no_warning_of_ours() -> None:
    assert read(f'meta = {{{NAMED}}}\nx = "\\d"{MAIN}').name == "n"


FRAGMENTS = st.sampled_from(
    [
        *("meta = ", "{", "}", '"name": "n"', '"description": ', '"d"', ",", "[", "]", "(", ")"),
        *("async def main():", "    return 1", "**", "-", "f'{", "'", '"', '"""', "\\", "lambda:"),
        *('"phases": ', '"args": {"type": "object"', '"checks": {"a": ', "0x", "9" * 50, "1e9"),
        *("\\ud800", "\x00", "\ud800", "\u202e", "import x", "é😀", "match x:", "case ", ":="),
        *("\n", "    ", "yield ", "await ", "class A", ":", "...", "%", "b'", "1j", "True"),
    ]
)


def read_or_refused(text: str) -> Script | tuple[str, ...]:
    try:
        return manifest.read(text, "wf.py")
    except ScriptRejected as rejected:
        return rejected.findings


@pytest.mark.parametrize("depth", [1_500, 3_000, 6_000, 20_000])
def test_depth_is_never_an_exception(depth: int) -> None:
    for deep in ("1+" * depth + "1", "a" + ".b" * depth, "not " * depth + "a"):
        outcome = read_or_refused(f"meta = {{{NAMED}}}\nx = {deep}")
        assert isinstance(outcome, Script) or "nested too deeply" in outcome[0]


@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_is_a_script_or_is_refused(text: str) -> None:
    assert read_or_refused(text)


FIELDS = st.sampled_from(["name", "phases", "args", "checks", "limits", "when_to_use", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, FIELDS)
def test_any_value_of_any_field_is_read_or_refused(value: object, field: str) -> None:
    assert read_or_refused(f'meta = {{"name": "n", "description": "d", {field!r}: {value!r}}}')
