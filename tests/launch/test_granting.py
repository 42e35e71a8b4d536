"""What the card lists that agents may do: by the tools in their hands, in plain words."""

from __future__ import annotations

import pytest

from hocket.api.markers import hookimpl
from hocket.api.settings import Rules
from hocket.api.tools import Effect, Enclosing
from hocket.errors import RefusedError
from hocket.launch import granting
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.testing import ScriptedBackend
from hocket.testing.running import _Offers

NAMES = {
    "Look": {Effect.READ_PROJECT},
    "Change": {Effect.WRITE_WORKSPACE},
    "Think": set(),
    "Surf": {Effect.READ_OUTSIDE},
    "Post": {Effect.READ_OUTSIDE, Effect.OUTSIDE_EFFECT},
    "Start": {Effect.EXECUTE},
}


class Thing:
    """A tool with these effects."""

    description = ""
    input_schema = {"type": "object"}

    def __init__(self, name, effects):
        self.name, self.effects = name, frozenset(effects)

    def shown(self, _arguments):
        return self.name


class Shell(Thing):
    """A tool that knows about a sandbox: there is one, there is none, or there has to be one."""

    def __init__(self, wall):
        super().__init__("Shell", {Effect.EXECUTE})
        self.wall = wall

    def wrap(self, argv, workspace, *, network):
        assert workspace.path.is_dir()
        assert network is False
        if self.wall == "required":
            raise RefusedError("shell", found="no sandbox")
        return ("wall", *argv) if self.wall == "there" else None


class Broken(Thing):
    """A tool that cannot work here."""

    def lacks(self):
        return "nobody answers"


class Tools:
    """A plugin with tools."""

    def __init__(self, tools):
        self._tools = tools

    @hookimpl
    def hocket_register_tools(self, settings):
        return self._tools


@pytest.fixture
def offers(place):
    """Prepare a script in a project with tools, and give its card."""

    def prepared(body="return await agent('x')", *, wall="there", rules=None, workspace=True):
        tools = [Thing(name, effects) for name, effects in NAMES.items()]
        backend = ScriptedBackend({}, has_workspace=workspace)
        blocked = 'block = ["tools.files", "tools.shell", "tools.web", "tools.mcp"]'
        place.settings(f"[plugins]\n{blocked}\n")
        place.save(body)
        project = Project.open(
            place.root,
            choices={"backend": backend.name},
            plugins={
                "test": _Offers(backend),
                "test.tools": Tools([*tools, Shell(wall), Broken("Far", {Effect.READ_OUTSIDE})]),
            },
            rules=rules or Rules(),
        )
        return prepare(project, Demand("wf.py"))

    return prepared


def test_a_call_that_names_no_tools_may_use_all_of_them(offers):
    offer = offers().card.offer
    assert offer.words == (
        "read files here",
        "edit files here",
        "run commands in a sandbox",
        "read the web",
        "use Post, Start, asking you each time",
    )
    assert offer.rules == ("Change", "Shell", "Surf")


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("none", "shell: not sandboxed; a command runs only with a rule or an answer of yours"),
        ("required", "shell: there is no sandbox, and your settings require one; no command runs"),
    ],
)
def test_without_a_sandbox_the_shell_is_no_part_of_a_yes(offers, wall, words):
    offer = offers(wall=wall).card.offer
    assert words in offer.words
    assert offer.rules == ("Change", "Surf")


def test_a_script_that_names_its_tools_gets_no_more_listed(offers):
    body = "return await agent('x', tools=['Look', 'Shell(make:*)', 'S*f', 'Unknown'])"
    offer = offers(body).card.offer
    assert offer.words == (
        "read files here",
        "run commands in a sandbox: Shell(make:*) only",
        "read the web",
    )
    assert offer.rules == ("Shell(make:*)", "Surf")


def test_a_backend_without_a_workspace_has_nothing_to_list(offers):
    assert offers(workspace=False).card.offer == granting.NOTHING
    assert offers("return await agent('x', tools=[])").card.offer == granting.NOTHING


def test_a_yes_lists_what_the_card_said_and_keeps_what_was_typed(offers):
    typed = Rules(allow=("Change(a)",), deny=("Post",))
    prepared = offers(rules=typed)
    assert prepared.card.rules == typed
    assert prepared.project.plugin_settings.rules == typed
    agreed = prepared.agreed().project.plugin_settings.rules
    assert (agreed.allow, agreed.deny) == (("Change(a)",), ("Post",))
    assert agreed.listed == ("Change", "Shell", "Surf")


def test_the_pin_of_a_card_is_about_what_it_lists(offers):
    whole, less = offers().card, offers(wall="none").card
    nothing = offers(workspace=False).card
    assert whole.digest == less.digest == nothing.digest
    assert len({whole.pin, less.pin, nothing.pin}) == 3
    assert nothing.pin == nothing.digest
    assert offers().card.pin == whole.pin


def test_the_shell_that_comes_along_knows_its_sandbox(place):
    from hocket_plugins.tools.shell.bash import Bash  # noqa: PLC0415
    from hocket_plugins.tools.shell.section import Shell as Section  # noqa: PLC0415

    assert isinstance(Bash(Section()), Enclosing)
    place.save("return await agent('x', tools=['Bash'])")
    backend = ScriptedBackend({}, has_workspace=True)
    card = prepare(place.open(backend), Demand("wf.py")).card
    assert card.offer.words in ((granting.RUN,), (granting.BARE,))
