"""SKILL.md: every row of the table of fields, and every rule of reading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.registry.skills.skill_md import Skill, Unread, read

D = "description: d"


def skill(front, folder="demo", file="SKILL.md", body="hi\n"):
    found = read(f"---\n{front}\n---\n{body}".encode(), folder, file)
    assert isinstance(found, Skill), found
    return found


def told(front, **where):
    return [f"{one.level} {one}" for one in skill(front, **where).remarks]


def unread(raw, folder="demo"):
    found = read(raw if isinstance(raw, bytes) else raw.encode(), folder)
    assert isinstance(found, Unread), found
    return str(found)


def test_a_plain_file_is_read_without_a_remark():
    found = skill(
        "name: demo\ndescription: a --- b\nlicense: MIT\ncompatibility: Needs git\n"
        "metadata:\n  author: acme\nallowed-tools: Read Bash(git add:*)",
        body="# Title\n---\nmore\n",
    )
    assert (found.key, found.name, found.description) == ("demo", "demo", "a --- b")
    assert (found.license, found.compatibility) == ("MIT", "Needs git")
    assert found.metadata == {"author": "acme"}
    assert found.allowed_tools == ("Read", "Bash(git add:*)")
    assert found.body == "# Title\n---\nmore\n"
    assert (found.others, found.remarks) == ({}, ())


@pytest.mark.parametrize(
    ("front", "remarks"),
    [
        (D, ['warn SKILL.md: name: missing, the folder\'s is used ("demo")']),
        ("name: other\n" + D, ['warn SKILL.md: name: "other" differs from the folder "demo"']),
        (
            "name: My Skill\n" + D,
            [
                'warn SKILL.md: name: "My Skill" differs from the folder "demo"',
                'warn SKILL.md: name: "My Skill" is not a name (a-z, 0-9, single hyphens)',
            ],
        ),
        (
            "name: acme/demo\n" + D,
            [
                'warn SKILL.md: name: "acme/demo" differs from the folder "demo"',
                'warn SKILL.md: name: "acme/demo" is not a name (a-z, 0-9, single hyphens)',
            ],
        ),
        (
            "name: demo\ndescription: " + "x" * 1100,
            ["warn SKILL.md: description: 1100 characters, 1024 allowed"],
        ),
        (
            f"name: demo\n{D}\ncompatibility: " + "x" * 501,
            ["warn SKILL.md: compatibility: 501 characters, 500 allowed"],
        ),
        (
            f"name: demo\n{D}\nlicense: [MIT, X]",
            ["warn SKILL.md: license: is not a text, joined to one"],
        ),
        (
            f"name: demo\n{D}\ncompatibility:\n  git: 2",
            ["warn SKILL.md: compatibility: is not a text, joined to one"],
        ),
        (
            f"name: demo\n{D}\nmetadata:\n  version: 1.10\n  ok: x",
            ['warn SKILL.md: metadata: kept as JSON text: "version"'],
        ),
        (
            f'name: demo\n{D}\nmetadata: {{"a": {{"b": 1}}}}',
            ['note SKILL.md: metadata: kept as JSON text: "a"'],
        ),
        (f"name: demo\n{D}\nmetadata: x", ["warn SKILL.md: metadata: is not a mapping, ignored"]),
        (
            f"name: demo\n{D}\nallowed-tools: {{Read: x}}",
            ["warn SKILL.md: allowed-tools: is not a list of tools, ignored"],
        ),
        (
            f"name: demo\n{D}\nmodel: opus\nversion: 1",
            ['note SKILL.md: fields that hocket ignores: "model", "version"'],
        ),
        (
            "name: demo\ndescription: Use when: always",
            ["note SKILL.md: read after quoting values with a colon"],
        ),
    ],
)
def test_what_is_odd_is_accepted_and_told(front, remarks):
    assert told(front) == remarks


@pytest.mark.parametrize(
    "name", ["..", "a/../b", "/abs/evil", r"a\b", r'"a\tb"', "d\u0435mo", "demo\u200b", r'"\x7f"']
)
def test_a_name_that_leads_elsewhere_or_hides_is_refused(name):
    assert unread(f"---\nname: {name}\n{D}\n---\n").startswith("SKILL.md: refused: name: ")


@pytest.mark.parametrize(
    ("folder", "key"),
    [
        ("demo", "demo"),
        ("My_Skill (2)", "my-skill-2"),
        ("Caf\u00e9", "cafe"),
        ("x" * 80, "x" * 64),
        ("a" * 63 + "-b", "a" * 63),
    ],
)
def test_the_folder_is_the_key(folder, key):
    assert skill(f"name: evil\n{D}", folder=folder).key == key


@pytest.mark.parametrize("folder", ["\u65e5\u672c", "", "a", "claude", "con"])
def test_a_folder_that_gives_no_name_is_left_out(folder):
    assert unread(f"---\n{D}\n---\n", folder).startswith(
        "SKILL.md: skipped: the folder gives no name: "
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1.10", "1.10"),
        ("true", "true"),
        ("Yes", "true"),
        ("off", "false"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("", "null"),
        ("2026-11-21", "2026-11-21"),
        ("[1, 2.50, on, ~, x]", '[1, 2.5, true, null, "x"]'),
        ("{a: {b: [.inf, 010]}}", '{"a": {"b": [".inf", "010"]}}'),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'["\ud83d\ude00", "\ud83d"]', '["\U0001f600", "\ufffd"]'),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_metadata_that_is_no_text_is_kept_as_its_json(written, kept):
    assert skill(f"name: demo\n{D}\nmetadata:\n  x: {written}").metadata == {"x": kept}


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("Read Grep", ("Read", "Grep")),
        ("Read, Grep,Glob", ("Read", "Grep", "Glob")),
        ("[Read, 'Bash(git add:*)']", ("Read", "Bash(git add:*)")),
        ("\n  - Read, Write\n  - Bash", ("Read", "Write", "Bash")),
        ("Bash(npm run test:*), Read", ("Bash(npm run test:*)", "Read")),
        ("Bash(a, b) mcp__x__y", ("Bash(a, b)", "mcp__x__y")),
        ("Bash(open", ("Bash(open",)),
        ("[Read, [Write], {a: b}]", ("Read",)),
        ("", ()),
    ],
)
def test_tools_are_wished_for_in_every_spelling(written, rules):
    assert skill(f"name: demo\n{D}\nallowed-tools: {written}").allowed_tools == rules


@pytest.mark.parametrize(
    ("field", "written", "text"),
    [
        ("license", "[MIT, [X, Y], ~, 2]", "MIT, X, Y, 2"),
        ("license", "{a: b, c: [d]}", "a: b, c: d"),
        ("license", "2.0", "2.0"),
        ("license", "", ""),
        ("compatibility", "- git\n- curl".replace("- ", "\n  - "), "git, curl"),
    ],
)
def test_texts_are_joined(field, written, text):
    assert getattr(skill(f"name: demo\n{D}\n{field}: {written}"), field) == text


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"---\nname: demo\ndescription: \xff\n---\n", "refused: not UTF-8"),
        ("---\nname: demo\n---\n".encode("utf-16"), "refused: not UTF-8"),
        (f"---\nname: demo\n{D}\0\n---\n", "refused: holds a NUL"),
        (f"---\nname: demo\n{D}\n---\na\0b", "refused: holds a NUL"),
        (
            f"---\nname: demo\n{D}\nx: {'y' * (16 << 10)}\n---\n",
            "refused: front matter of more than 16 KiB",
        ),
        (
            "---\ndescription: !!python/object/apply:os.system [id]\n---\n",
            "refused: front matter with a tag",
        ),
        (f"---\n{D}\nx: !x y\n---\n", "refused: front matter with a tag"),
        (f"---\n{D}\nx: &x [y]\nz: *x\n---\n", "refused: front matter with an alias"),
        (f"---\n{D}\nx: *x\n---\n", "refused: front matter with an alias"),
        (f"---\n{D}\n{D}\n---\n", "refused: front matter with a key that stands twice"),
        (
            f"---\n{D}\nx:\n  1: a\n  '1': b\n---\n",
            "refused: front matter with a key that stands twice",
        ),
        (f"---\n{D}\nx: {'[' * 20}\n---\n", "refused: front matter with more than 16 levels"),
        (
            f'---\n{D}\nx: "\\e[1m"\n---\n',
            "refused: front matter with a control or bidi character",
        ),
        (
            f'---\n{D}\nx: ["\\u202e"]\n---\n',
            "refused: front matter with a control or bidi character",
        ),
        (
            f'---\n{D}\n"\\U000e0041": x\n---\n',
            "refused: front matter with a control or bidi character",
        ),
        (
            f"---\nname: demo\n{D} \u202e\n---\n",
            "refused: front matter with a control or bidi character",
        ),
        ("# Title\n", "skipped: no front matter"),
        ("", "skipped: no front matter"),
        (f"\n---\n{D}\n---\n", "skipped: no front matter"),
        (f"---\n{D}\n", "skipped: front matter without an end"),
        (f"---\n{D}\n--- \n----\n", "skipped: front matter without an end"),
        ("---\n---\n", "skipped: front matter is no mapping"),
        ("---\n- a\n---\n", "skipped: front matter is no mapping"),
        ("---\njust words\n---\n", "skipped: front matter is no mapping"),
        ("---\nname: [\n---\n", "skipped: front matter is no YAML (line 3)"),
        ("---\nname: {{name}}\n---\n", "skipped: front matter is no YAML (line 2)"),
        ('---\nname: "\\UFFFFFFFF"\n---\n', "skipped: front matter is no YAML"),
        ("---\nname: demo\n---\n", "skipped: no description"),
        ("---\nname: demo\ndescription: '  '\n---\n", "skipped: no description"),
    ],
)
def test_what_cannot_be_read_says_why(raw, sentence):
    assert unread(raw) == f"SKILL.md: {sentence}"


def test_the_border_is_the_next_line_of_exactly_three_hyphens():
    found = skill(f"name: demo\n{D} --- e\nx: |\n  ---\n ", body="")
    assert found.description == "d --- e"
    assert read(f"---\n{D}\n---".encode(), "demo").body == ""


def test_a_byte_order_mark_and_foreign_line_ends_leave_no_trace():
    found = read(f"\ufeff---\r\nname: demo\r\n{D}\r\n---\r\na\r\nb".encode(), "demo")
    assert (found.name, found.body, found.remarks) == ("demo", "a\nb", ())


def test_a_file_in_small_letters_is_told():
    assert told(f"name: demo\n{D}", file="skill.md") == [
        "warn SKILL.md: the file is called skill.md"
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Use when: always", "Use when: always"),
        ("It's so: yes", "It's so: yes"),
        ("ends with:", "ends with:"),
        ("[beta] Use: it", "[beta] Use: it"),
        ('"a" and: b', '"a" and: b'),
        ("Use when: a\n  and: b", "Use when: a and: b"),
        ("Use: one # two", "Use: one # two"),
    ],
)
def test_a_colon_in_a_text_is_a_colon(written, text):
    assert skill(f"name: demo\ndescription: {written}").description == text


@pytest.mark.parametrize(
    ("line", "metadata"),
    [
        ('metadata: {"a": "b: c"}', {"a": "b: c"}),
        ("metadata:\n  a: b", {"a": "b"}),
        ('metadata: {"a":\n  "b"}', {"a": "b"}),
    ],
)
def test_quoting_leaves_alone_what_is_meant(line, metadata):
    found = skill(f'name: \'demo\'\ndescription: Use: it\nlicense: "a: \\" b"\n{line}')
    assert (found.name, found.description, found.license) == ("demo", "Use: it", 'a: " b')
    assert found.metadata == metadata


def test_a_comment_is_a_comment_as_long_as_the_rest_is_yaml():
    assert skill(f"name: demo # mine\n{D}").name == "demo"


def test_the_body_is_not_looked_into():
    body = "!`rm -rf ~`\n<!-- x -->\n\u200b"
    assert skill(f"name: demo\n{D}", body=body).body == body


YAMLISH = st.lists(
    st.sampled_from(
        [
            "name",
            "description",
            "metadata",
            ":",
            ": ",
            "\n",
            "\n  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"',
            "|",
            ">",
            "#",
            " #",
            "&a",
            "*a",
            "!",
            "!!int",
            "<<",
            "=",
            "~",
            "1e9",
            "on",
            "\\",
            "\\ud800",
            "\x85",
            "\u2028",
            "\ufeff",
            "\x1b",
            "?",
            "%",
            "@",
            "`",
            ",",
            "---",
            "...",
            "\t",
            "demo",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.binary() | st.text().map(lambda text: text.encode(errors="replace")), st.text())
def test_no_bytes_raise(raw, folder):
    assert isinstance(read(raw, folder), Skill | Unread)


@given(YAMLISH | st.text(), st.text(max_size=9))
@settings(max_examples=400, deadline=None)
def test_no_front_matter_raises(front, folder):
    raw = f"---\ndescription: d\n{front}\n---\nbody".encode(errors="replace")
    found = read(raw, folder)
    assert str(found).isprintable() or isinstance(found, Skill)
    assert isinstance(found, Unread) or all(str(one).isprintable() for one in found.remarks)


@given(st.integers(1, 8000), st.sampled_from(["[", "{", "- ", "? ", "a: ", "{a: ", "[{"]))
@settings(max_examples=40, deadline=None)
def test_no_nesting_is_deep_enough(depth, opening):
    raw = f"---\ndescription: d\nx: {opening * depth}\n---\n".encode()
    assert isinstance(read(raw, "demo"), Unread | Skill)
