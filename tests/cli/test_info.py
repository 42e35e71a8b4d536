"""Everything a registry says of a package, before anybody installs it."""

from __future__ import annotations

import pytest
import shops

WHO = "releases@acme.example"
SIGNED = f'''signature = [{{ signer = "{WHO}", value = """
-----BEGIN SSH SIGNATURE-----
AAAA
-----END SSH SIGNATURE-----
""" }}]
'''
ADVISORY = """
[[advisory]]
id = "ACME-1"
package = "greet"
versions = "<2"
severity = "high"
text = "Greets strangers."
"""


@pytest.fixture
def market(desk, tmp_path):
    """Give a desk with one registry."""
    folder = tmp_path / "acme"
    rows = []
    for number, more in (("1.0.0", ""), ("0.9.0", 'yanked = "wrong"\n')):
        root = shops.bundle(folder / number, "greet", number, needs='wave = "^1"')
        rows.append(shops.row(root, f'{{ path = "{number}/greet" }}', more=more))
    wave = shops.row(shops.bundle(folder, "wave"), '{ path = "wave" }')
    shops.registry(
        folder, packages={"greet": rows, "wave": [wave]}, top='renames = { hi = "greet" }'
    )
    (folder / "advisories.toml").write_text(ADVISORY)
    desk.type("registry", "add", str(folder), "--yes")
    return desk


def test_people_read_it_from_top_to_bottom(market):
    code, out, err = market.type("info", "greet")
    assert (code, err) == (0, "")
    facts, _, versions = out.partition("\n\n")
    told = [line.split("\t") for line in facts.splitlines()]
    assert [title for title, _ in told if title] == [
        "package",
        "kind",
        "says",
        "command",
        "advisory",
        "may",
        "needs",
        "hocket",
        "files",
        "listed",
        "digest",
        "source",
        "signed",
    ]
    by_title = dict(told)
    assert by_title["package"] == "acme/greet 1.0.0"
    assert by_title["advisory"] == "ACME-1 high: Greets strangers., not fixed yet"
    assert by_title["signed"] == "no: its registry has no signers"
    assert [line.split("\t") for line in versions.splitlines()] == [
        ["1.0.0", "2026-10-22", "", ""],
        ["0.9.0", "2026-10-22", "", "yanked: wrong"],
    ]


def test_programs_get_it_whole(market):
    code, told = market.json("info", "acme/greet@0.9.0")
    assert (code, told["package"], told["version"]) == (0, "acme/greet", "0.9.0")
    assert (told["yanked"], told["dependencies"]) == ("wrong", {"wave": "^1"})
    assert told["capabilities"]["agents"] == 5
    assert told["capability_hash"].startswith("sha256:")
    assert [one["version"] for one in told["versions"]] == ["1.0.0", "0.9.0"]
    assert [one["id"] for one in told["advisories"]] == ["ACME-1"]


def test_a_package_without_anything_says_so(market):
    assert "wave" in market.type("info", "wave")[1]


def test_its_old_name_still_leads_there(market):
    code, out, _ = market.type("info", "hi")
    assert (code, out.splitlines()[0]) == (0, "acme/hi is called acme/greet now")
    assert market.json("info", "hi")[1]["renamed_from"] == "acme/hi"


@pytest.mark.parametrize(
    ("spec", "code", "told"),
    [
        ("gret", 1, "Did you mean acme/greet?"),
        ("greet@^9", 1, "no version fits ^9"),
        ("greet@soon", 2, '"soon" is not a range'),
        ("Greet", 2, "is not a name"),
        ("a/b/c", 2, "is not NAME or REGISTRY/NAME"),
        ("./greet", 2, "is not"),
    ],
)
def test_what_is_not_there(market, spec, code, told):
    found = market.type("info", spec)
    assert found[0] == code
    assert told in found[2]


@pytest.fixture
def signing(tmp_path):
    """Give a registry whose signer signed one of two versions, and a row of tomorrow."""
    folder = tmp_path / "signing"
    root = shops.bundle(folder, "greet", capabilities="agents = 1")
    rows = [
        shops.row(root, '{ path = "greet" }', more=SIGNED),
        shops.row(shops.bundle(folder / "x", "greet", "0.9.0"), '{ path = "x/greet" }'),
        shops.row(
            shops.bundle(folder / "y", "greet", "2.0.0"), '{ path = "y/greet" }', more="x = 1\n"
        ),
    ]
    shops.registry(
        folder, "signing", {"greet": rows}, top='trust = { signers = "allowed_signers" }'
    )
    key = shops.key(tmp_path / "keys")
    (folder / "allowed_signers").write_text(shops.signer(key, WHO))
    return folder


def test_who_signed_is_told_with_the_keys_that_were_agreed_to(market, signing):
    market.type("registry", "remove", "acme")
    market.type("registry", "add", str(signing), "--yes")
    code, out, err = market.type("info", "greet")
    hidden = 'signing/greet 2.0.0 needs a newer hocket (key "x")'
    assert (code, hidden in out, hidden in err) == (0, True, True)
    rows = dict(line.split("\t", 1) for line in out.splitlines() if "\t" in line)
    assert rows["signed"].startswith(f"says {WHO} (SHA256:")
    assert rows["signed"].endswith("; verified when it is installed")
    assert rows["may"] == "agents: 1 per run"
    out = market.type("info", "greet@0.9.0")[1]
    assert "no, though its registry has signers: --accept=unsigned:greet" in out
    (key,) = market.json("info", "greet")[1]["fingerprints"]
    assert key.startswith("SHA256:")


def test_what_was_made_for_other_programs_declares_nothing(desk, tmp_path):
    skill = tmp_path / "skills-of-others/skills/tidy/SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text("---\nname: tidy\ndescription: Tidies up.\n---\nTidy.\n")
    shops.committed(tmp_path / "skills-of-others")
    assert desk.type("registry", "add", str(tmp_path / "skills-of-others"), "--yes")[0] == 0
    code, out, _ = desk.type("info", "tidy")
    rows = dict(line.split("\t", 1) for line in out.splitlines() if "\t" in line)
    assert (code, rows["may"]) == (0, "what it may do is not declared: every effect is asked")
    assert rows["digest"] == "taken when it is installed for the first time"
    assert "files" not in rows


def test_a_version_that_was_withdrawn_says_why(market):
    assert "yanked\twrong" in market.type("info", "greet@==0.9.0")[1]


def test_hocket_s_own_are_told_too(market):
    first, *_ = market.json("search", "--registry", "core")[1]["packages"]
    told = market.type("info", first["package"])[1]
    assert "comes with hocket, and is trusted with it" in told
