"""Shapes of SKILL.md as they are met in public, three or more of each, and what they become."""

from __future__ import annotations

import pytest

from hocket.registry.skills.skill_md import Skill, read

WITHOUT_REMARK = {
    "plain": "---\nname: {0}\ndescription: Reads tables out of scanned pages.\n---\n# Scans\n",
    "quoted": "---\nname: \"{0}\"\ndescription: 'Draft release notes: one per tag.'\n"
    "---\n\nSteps\n",
    "folded block of a thousand characters": "---\nname: {0}\ndescription: >-\n"
    + "  Use this when the build is red.\n" * 30
    + "---\n",
    "literal block": "---\nname: {0}\ndescription: |\n  Use when:\n  - a query is slow\n---\nbody",
    "all six": "---\nname: {0}\ndescription: Lint SQL.\n"
    "license: MIT\ncompatibility: Needs sqlfluff\n"
    'metadata:\n  author: acme\n  version: "1.0"\nallowed-tools: Read Grep Bash(sqlfluff:*)\n---\n',
    "comment and empty lines": "---\n# ours\n\nname: {0} # the folder\n\n"
    "description: Names things\n---\n",
    "flow mapping of texts": "---\nname: {0}\ndescription: Deploys\n"
    'metadata: {"team": "ops"}\n---\n',
    "byte order mark": "\ufeff---\nname: {0}\ndescription: Saved by an editor\n---\n",
    "byte order mark and CRLF": "\ufeff---\r\nname: {0}\r\ndescription: From Windows\r\n"
    "---\r\nA\r\n",
    "byte order mark, no body": "\ufeff---\nname: {0}\ndescription: Short\n---",
    "CRLF": "---\r\nname: {0}\r\ndescription: From Windows\r\n---\r\n# A\r\n",
    "CRLF in a block": "---\r\nname: {0}\r\ndescription: >\r\n  Two\r\n  lines\r\n---\r\n",
    "CRLF in the body only": "---\nname: {0}\ndescription: Mixed\n---\nA\r\nB\n",
    "rules in the body": "---\nname: {0}\ndescription: Plans\n---\nA\n\n---\n\nB\n\n---\n",
    "hyphens in the description": "---\nname: {0}\ndescription: Plan --- then write\n---\n",
    "emoji with a joiner": "---\nname: {0}\ndescription: For a \U0001f469\u200d\U0001f4bb at work\n"
    "---\n",
    "another script": "---\nname: {0}\ndescription: \u4ee3\u7801\u5ba1\u67e5\u3002\n---\n",
    "a markdown comment": "---\nname: {0}\ndescription: Docs\n---\n<!-- markdownlint-disable -->\n",
    "a very long body": "---\nname: {0}\ndescription: A manual\n---\n"
    + "One more line.\n" * 20_000,
    "a long front": "---\nname: {0}\ndescription: d\nmetadata:\n"
    + "".join(f"  topic-{n}: {'word ' * 20}\n" for n in range(20))
    + "---\n",
    "tools as a list": "---\nname: {0}\ndescription: d\nallowed-tools: [Read, Grep]\n---\n",
    "tools as a block list": "---\nname: {0}\ndescription: d\n"
    "allowed-tools:\n- Read\n- Write\n---\n",
    "tools as a list of rules": "---\nname: {0}\ndescription: d\n"
    'allowed-tools:\n  - "Bash(gh pr:*)"\n---\n',
    "tools with commas": "---\nname: {0}\ndescription: d\nallowed-tools: Read, Grep, Glob\n---\n",
    "tools with commas, tight": "---\nname: {0}\ndescription: d\nallowed-tools: Read,Write\n---\n",
    "rules with commas": "---\nname: {0}\ndescription: d\n"
    "allowed-tools: Bash(npm run:*), Read\n---\n",
}

QUOTED = {
    "colon": "---\nname: {0}\ndescription: Use when: the tests are slow\n---\n",
    "examples": '---\nname: {0}\ndescription: Reviews code. Examples: "review this", "why"\n---\n',
    "colon at the end": "---\nname: {0}\ndescription: Do one of these:\n---\n",
    "over two lines": "---\nname: {0}\ndescription: Triggers: slow query,\n  index, plan\n---\n",
    "with an apostrophe": "---\nname: {0}\ndescription: Note: it's for people who don't\n---\n",
    "begun as a quotation": '---\nname: {0}\ndescription: "Ship it": the checklist\n---\n',
}

WITH_REMARK = {
    "fields beyond the six: version": (
        "---\nname: {0}\ndescription: d\nversion: 1.0.0\n---\n",
        "ignores",
    ),
    "fields beyond the six: host": (
        "---\nname: {0}\ndescription: d\nmodel: opus\ncontext: fork\nuser-invocable: true\n---\n",
        "ignores",
    ),
    "fields beyond the six: hooks": (
        (
            "---\nname: {0}\ndescription: d\nhooks:\n  SessionStart:\n  - hooks:\n"
            "    - type: command\n      command: echo hi\n---\n"
        ),
        "ignores",
    ),
    "fields beyond the six: lists": (
        "---\nname: {0}\ndescription: d\ntags: [sql, lint]\ntriggers:\n- lint my sql\n---\n",
        "ignores",
    ),
    "metadata: number": (
        "---\nname: {0}\ndescription: d\nmetadata:\n  version: 1.2\n---\n",
        "JSON",
    ),
    "metadata: list": ("---\nname: {0}\ndescription: d\nmetadata:\n  tags: [a, b]\n---\n", "JSON"),
    "metadata: nested": (
        (
            "---\nname: {0}\ndescription: d\n"
            'metadata: {"claw": {"emoji": "\\ud83d\\udc19", "os": ["x"]}}\n---\n'
        ),
        "JSON",
    ),
    "metadata: truth": ("---\nname: {0}\ndescription: d\nmetadata:\n  beta: yes\n---\n", "JSON"),
    "name: title": ("---\nname: Table Reader\ndescription: d\n---\n", "differs"),
    "name: other": ("---\nname: reader\ndescription: d\n---\n", "differs"),
    "name: of the plugin": ("---\nname: tables:reader\ndescription: d\n---\n", "differs"),
    "name: bad, underscore": ("---\nname: table_reader\ndescription: d\n---\n", "is not a name"),
    "name: bad, capitals": ("---\nname: TableReader\ndescription: d\n---\n", "is not a name"),
    "name: bad, slash": ("---\nname: acme/table-reader\ndescription: d\n---\n", "is not a name"),
    "no name": ("---\ndescription: d\n---\n", "missing"),
    "no name, title": ("---\ntitle: Tables\ndescription: d\n---\n", "missing"),
    "no name, empty": ("---\nname:\ndescription: d\n---\n", "missing"),
    "long description": (
        "---\nname: {0}\ndescription: " + "word " * 300 + "\n---\n",
        "1024 allowed",
    ),
    "long description, block": (
        "---\nname: {0}\ndescription: >\n" + "  a line of it\n" * 100 + "---\n",
        "1024 allowed",
    ),
    "long description, quoted": (
        '---\nname: {0}\ndescription: "' + "x" * 1025 + '"\n---\n',
        "1024 allowed",
    ),
}

SKIPPED = {
    "no front matter: title": "# Table reader\n\nReads tables.\n",
    "no front matter: empty": "",
    "no front matter: a rule later": "Intro\n\n---\nname: x\ndescription: d\n---\n",
    "no front matter: fenced": "```yaml\n---\nname: x\ndescription: d\n---\n```\n",
    "no front matter: TOML": '+++\nname = "x"\n+++\n',
    "no front matter: never closed": "---\nname: x\ndescription: d\n\n# Title\n",
    "unparseable: template": "---\nname: {{ name }}\ndescription: {{ text }}\n---\n",
    "unparseable: open quote": '---\nname: x\ndescription: "never closed\n---\n',
    "unparseable: tab": "---\nname: x\ndescription: d\nmetadata:\n\ta: b\n---\n",
    "unparseable: indentation": "---\nname: x\n  description: d\n---\n",
    "no description": "---\nname: x\n---\n# Title\n",
    "no description: empty": "---\nname: x\ndescription:\n---\n",
    "no description: misspelt": "---\nname: x\ndesciption: d\n---\n",
}

REFUSED = {
    "tag: object": "---\nname: x\ndescription: !!python/object/apply:os.system ['id']\n---\n",
    "tag: binary": "---\nname: x\ndescription: d\nicon: !!binary aGk=\n---\n",
    "tag: own": "---\nname: x\ndescription: d\nother: !include other.md\n---\n",
    "alias: bomb": "---\nname: x\ndescription: d\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
    "alias: merge": "---\nname: x\ndescription: d\na: &a {b: c}\nd:\n  <<: *a\n---\n",
    "alias: star": "---\nname: x\ndescription: *emphasis\n---\n",
    "twice: description": "---\nname: x\ndescription: harmless\ndescription: the other\n---\n",
    "twice: name": "---\nname: x\ndescription: d\nname: y\n---\n",
    "twice: within": "---\nname: x\ndescription: d\nmetadata:\n  a: b\n  a: c\n---\n",
    "NUL: front": "---\nname: x\0\ndescription: d\n---\n",
    "NUL: body": "---\nname: x\ndescription: d\n---\na\0",
    "NUL: behind no front": "# Title\0",
    "not UTF-8: front": b"---\nname: x\ndescription: caf\xe9\n---\n",
    "not UTF-8: body": b"---\nname: x\ndescription: d\n---\n\x93quoted\x94\n",
    "not UTF-8: UTF-16": "---\nname: x\ndescription: d\n---\n".encode("utf-16"),
}


def met(text, folder="table-reader", file="SKILL.md"):
    return read(
        text if isinstance(text, bytes) else text.replace("{0}", folder).encode(), folder, file
    )


@pytest.mark.parametrize("shape", WITHOUT_REMARK)
def test_what_is_usual_gets_no_remark(shape):
    found = met(WITHOUT_REMARK[shape])
    assert isinstance(found, Skill)
    assert (found.key, found.name, found.remarks) == ("table-reader", "table-reader", ())


@pytest.mark.parametrize("shape", QUOTED)
def test_a_colon_too_many_is_noted(shape):
    found = met(QUOTED[shape])
    assert isinstance(found, Skill)
    assert [one.level for one in found.remarks] == ["note"]


@pytest.mark.parametrize("shape", WITH_REMARK)
def test_what_is_odd_is_read_with_a_remark(shape):
    text, words = WITH_REMARK[shape]
    found = met(text)
    assert isinstance(found, Skill)
    assert found.key == "table-reader"
    assert any(words in str(one) for one in found.remarks)


@pytest.mark.parametrize("shape", list(WITHOUT_REMARK)[:3])
def test_a_small_letter_file_is_read_with_one_warning(shape):
    found = met(WITHOUT_REMARK[shape], file="skill.md")
    assert isinstance(found, Skill)
    assert [one.level for one in found.remarks] == ["warn"]


@pytest.mark.parametrize("shape", SKIPPED)
def test_what_is_no_skill_is_left_out(shape):
    found = met(SKIPPED[shape])
    assert not isinstance(found, Skill)
    assert found.verdict == "skipped"


@pytest.mark.parametrize("shape", REFUSED)
def test_what_no_honest_file_has_is_refused(shape):
    found = met(REFUSED[shape])
    assert not isinstance(found, Skill)
    assert found.verdict == "refused"
