"""What `--accept` takes, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.errors import UsageError
from hocket.registry.capabilities.difference import ids
from hocket.registry.consent.ids import FORMS, ceiling_of, checked, is_capability

HASH = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("given_one", "kept"),
    [
        ("tools:WebFetch", ""),
        ("tools:mcp__*", ""),
        ("read:docs/**", ""),
        ("write:reports/*.md", ""),
        ("network:*", ""),
        ("network:API.Acme.Example", "network:api.acme.example"),
        ("shell:git", ""),
        ("shell:@checks", ""),
        ("env:HOME", ""),
        (f"mcp:docs@1.0#{HASH}", ""),
        ("agents:120", ""),
        ("reveal", ""),
        ("hooks", ""),
        ("inline-exec", ""),
        (f"capabilities:{HASH}", ""),
        ("python:stores", ""),
        ("python:acme/stores", ""),
        ("signer:SHA256:" + "a" * 43, ""),
        (f"signers:{HASH}", ""),
        ("signers:none", ""),
        ("source:git.acme.example:8443", ""),
        ("source:local", ""),
        ("unsigned:acme/hello", ""),
        ("similar:deep-reserach", ""),
        ("shadow:/review", ""),
        ("young:acme/hello@1.0.0-rc.1", ""),
        ("finding:L03", ""),
    ],
)
def test_every_form_is_read_into_one_spelling(given_one, kept):
    assert checked([given_one, given_one]) == (kept or given_one,)


@pytest.mark.parametrize(
    "given_one",
    [
        "",
        "all",
        "*",
        "python",
        "tools",
        "tools:",
        "tools:Bash(git:*)",
        "read:../x",
        "network:https://x.example",
        "network:x.example:80",
        "shell:/bin/sh",
        "env:A=B",
        "mcp:docs",
        "agents:0",
        "agents:1001",
        "agents:\u0663",
        "reveal:yes",
        "capabilities:sha256:abc",
        "capabilities:*",
        "python:x/y/z",
        "python:Acme",
        "signer:releases@acme.example",
        "signers:sha256:1",
        "source:https://x",
        "source:-x",
        "unsigned:*",
        "shadow:review",
        "shadow:/a/b",
        "young:hello",
        "young:hello@1.0",
        "finding:L3",
        "finding:critical",
        "unenforced:shell",
        "network:x\x1b[2Jy",
    ],
)
def test_what_is_no_id_is_refused_with_the_forms(given_one):
    with pytest.raises(UsageError) as caught:
        checked(["reveal", given_one])
    assert (caught.value.exit_code, caught.value.who) == (2, "--accept")
    assert all(form in caught.value.expected for form in FORMS)
    assert "\x1b" not in str(caught.value)


@given(
    st.builds(
        Ceiling,
        agents=st.integers(0, 1000),
        env=st.sets(st.sampled_from(["HOME", "TOKEN"])).map(tuple),
        network=st.sets(st.sampled_from(["*", "a.example", "b.example"])).map(tuple),
        read=st.sets(st.sampled_from(["**", "docs/**"])).map(tuple),
        write=st.sets(st.sampled_from(["out/**", "a b"])).map(tuple),
        shell=st.sets(st.sampled_from(["*", "git"])).map(tuple),
        tools=st.sets(st.sampled_from(["Read", "Bash", "mcp__*"])).map(tuple),
        mcp=st.sets(st.sampled_from(["*", f"d@1#{HASH}"])).map(tuple),
        reveal=st.booleans(),
        hooks=st.booleans(),
        inline_exec=st.booleans(),
    )
)
def test_a_table_and_its_ids_say_the_same(ceiling):
    told = ids(ceiling)
    assert checked(told) == told
    assert all(map(is_capability, told))
    assert ceiling_of((*told, "unsigned:hello", f"capabilities:{HASH}")) == ceiling
