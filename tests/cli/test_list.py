"""`hocket list` and `hocket /`: what is here, who shadows whom, and what still works."""

from __future__ import annotations

import carried
import pytest
from receiving import install, scope_of, write

TOUR = "A first look: list, work in parallel, check, report what was not covered"


@pytest.fixture
def full(desk):
    """Fill a project and a person's folders with one of each kind."""
    project, user = scope_of(desk.project), scope_of()
    install(project, "deep", "acme")
    install(user, "deep", "other")
    install(project, "gone", "acme")
    (desk.project / ".hocket/workflows/gone/gone.py").write_text("edited")
    write(desk.project / ".hocket/workflows", "tour")
    desk.save(name=".hocket/workflows/mine.py")
    bad = desk.project / ".hocket/workflows/bad"
    bad.mkdir()
    (bad / "bundle.toml").write_text("not TOML [")
    return desk


def rows(desk, *args):
    code, told = desk.json("list", *args)
    assert code == 0
    return {one["form"]: one for one in told["commands"]}


def test_the_list_tells_scope_version_origin_and_shadows(full):
    found = rows(full)
    assert [*found] == [
        "/bad",
        "/deep",
        "/gone",
        "/mine",
        "/tour",
        "/other/deep:deep",
        "/core/tour:tour",
    ]
    deep, other = found["/deep"], found["/other/deep:deep"]
    assert (deep["scope"], deep["version"], deep["registry"]) == ("project", "1.2.0", "acme")
    assert (other["scope"], other["registry"]) == ("user", "other")
    assert other["shadowed_by"] == ".hocket/workflows/deep/deep.py"
    assert found["/core/tour:tour"]["shadowed_by"] == ".hocket/workflows/tour/tour.py"
    assert (found["/gone"]["state"], found["/gone"]["modified"]) == ("modified", True)
    assert found["/bad"]["state"] == "broken"
    assert (found["/mine"]["state"], found["/mine"]["bundle"]) == ("ok", None)


def test_what_comes_with_hocket_is_listed_on_demand(desk):
    assert rows(desk) == {}
    assert rows(desk, "--all")["/tour"]["scope"] == "bundled"
    code, out, err = desk.type("list")
    assert (code, out, err) == (0, "Nothing of yours is here.\n", "")


def test_the_list_as_text_is_one_line_a_command(full):
    code, out, _ = full.type("list")
    assert code == 0
    lines = {line.split("\t")[0]: line.split("\t")[1:] for line in out.splitlines()}
    assert lines["/deep"] == ["project", "1.2.0", "acme", ""]
    assert lines["/other/deep:deep"][-1] == "shadowed by .hocket/workflows/deep/deep.py"
    assert lines["/bad"][-1].startswith("broken: bundle.toml: not TOML")
    assert lines["/gone"][-1].startswith("modified: edited: restore")


def test_what_nobody_agreed_to_is_told(desk):
    write(desk.project / ".hocket/workflows", "deep")
    zeros, rev = "0" * 64, "0" * 40
    (desk.project / "hocket.lock").write_text(
        'version = 1\n\n[[registry]]\nname = "acme"\nurl = "git+https://x.example/x.git"\n'
        f'rev = "{rev}"\nserial = 1\n\n[[package]]\nname = "acme/deep"\nkind = "bundle"\n'
        f'version = "1.2.0"\nrequested = "*"\ndigest = "hk1:{zeros}"\n'
        f'capabilities = "sha256:{zeros}"\nsource = "git+https://x.example/x.git@{rev}"\n'
    )
    assert rows(desk)["/deep"]["state"] == "unconsented"
    code, _, err = desk.type("/deep")
    assert code == 4
    assert "hocket install --frozen" in err


def test_a_slash_lists_what_can_be_typed(full):
    code, out, err = full.type("/")
    assert code == 0
    lines = [line.split("\t") for line in out.splitlines()]
    come_along = [f"/{name}" for name in carried.names()]
    first = ["/deep", "/mine", "/tour", "/other/deep:deep"]
    come_along[come_along.index("/tour")] = "/core/tour:tour"
    assert [line[0] for line in lines] == [*first, *come_along]
    assert ["/core/tour:tour", '"what to look for"', TOUR] in lines
    assert "hocket: /bad is broken: bundle.toml: not TOML" in err
    assert "hocket: /gone is modified: edited" in err


def test_a_slash_as_json(desk):
    code, told = desk.json("/")
    assert (code, told["command"]) == (0, "/")
    found = {one["form"]: one for one in told["commands"]}
    assert [*found] == [f"/{name}" for name in carried.names()]
    tour = found["/tour"]
    assert (tour["argument_hint"], tour["description"]) == ('"what to look for"', TOUR)


def test_what_a_script_takes_is_made_from_its_schema(desk):
    meta = '"args": {"type": "object", "properties": {"q": {"type": "string"}, "n": {}}}'
    desk.save(name=".hocket/workflows/echo.py", meta=meta)
    assert '/echo\t["q"] [--n TEXT]' in desk.type("/")[1]


def test_a_terminal_gets_a_hint_what_to_do_next(full):
    sat = full.sit("/")
    sat.see("More about one: hocket /NAME --help").end()
    assert "takes" in sat.screen
    full.sit("list", "--all").see("What they do: hocket /").end()
    # That which is shadowed here is listed anyway.
    more = len(carried.names()) - 1
    full.sit("list").see(f"{more} more come with hocket: hocket list --all").end()


def test_nothing_at_all(desk, monkeypatch, tmp_path):
    (tmp_path / "registry.toml").touch()
    monkeypatch.setattr("hocket.bundled.root", lambda: tmp_path)
    assert desk.type("/")[:2] == (0, "There are no slash commands here.\n")
