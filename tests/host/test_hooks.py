"""Every hook by name: a small plugin answers it, and the host gives the answer on."""

from __future__ import annotations

from types import SimpleNamespace

import click
from pydantic import BaseModel, ConfigDict

from hocket.api.events import Logged
from hocket.api.protocols import Tree
from hocket.api.tools import AgentType


def thing(name, **more):
    return SimpleNamespace(name=name, **more)


def test_hook_hocket_register_commands(host_of, plugin):
    def hocket_register_commands(group):
        group.add_command(click.Command("sing", callback=lambda: click.echo("la")))

    group = click.Group()
    host_of(acme=plugin(hocket_register_commands)).commands(group)
    assert list(group.commands) == ["sing"]


def test_hook_hocket_register_settings(host_of, offer):
    class Choir(BaseModel):
        model_config = ConfigDict(title="choir")
        voices: int = 4

    host = host_of(acme=offer("hocket_register_settings", [Choir]))
    assert host.settings_models() == {"choir": Choir}


def test_hook_hocket_register_patterns(host_of, offer):
    canon = thing("canon", version=1)
    assert host_of(acme=offer("hocket_register_patterns", [canon])).patterns() == {"canon": canon}


def test_hook_hocket_register_backends(host_of, plugin, settings):
    def hocket_register_backends(settings):
        return [thing("echo", project=settings.project)]

    backends = host_of(acme=plugin(hocket_register_backends)).backends(settings)
    assert backends["echo"].project == settings.project


def test_hook_hocket_register_models(host_of, offer, settings):
    model = thing("parrot")
    host = host_of(acme=offer("hocket_register_models", (model,)))
    assert host.models(settings) == {"parrot": model}


def test_hook_hocket_register_tools(host_of, offer, settings):
    tool = thing("Read")
    assert host_of(acme=offer("hocket_register_tools", [tool])).tools(settings) == {"Read": tool}


def test_hook_hocket_register_agent_types(host_of, offer, settings):
    critic = AgentType("critic", "Finds faults", "Be strict.")
    host = host_of(acme=offer("hocket_register_agent_types", [critic]))
    assert host.agent_types(settings) == {"critic": critic}


def test_hook_hocket_register_script_hosts(host_of, offer):
    lua = SimpleNamespace(language="lua", suffixes=(".lua", ".luau"))
    host = host_of(acme=offer("hocket_register_script_hosts", [lua]))
    assert host.script_hosts() == {".lua": lua, ".luau": lua}


def test_hook_hocket_register_stages(host_of, offer, settings):
    late, first, second = thing("a", position=9), thing("b", position=1), thing("c", position=1)
    host = host_of(
        one=offer("hocket_register_stages", [late, second]),
        two=offer("hocket_register_stages", [first]),
    )
    assert host.stages(settings) == [first, second, late]


def test_hook_hocket_register_policies(host_of, offer, settings):
    mild, strict = thing("mild"), thing("strict")
    host = host_of(
        one=offer("hocket_register_policies", [mild]),
        two=offer("hocket_register_policies", [strict]),
    )
    assert host.policies(settings) == [mild, strict]


def test_hook_hocket_register_views(host_of, offer, settings):
    lamp = thing("lamp")
    assert host_of(acme=offer("hocket_register_views", [lamp])).views(settings) == {"lamp": lamp}


def test_hook_hocket_choose_router(host_of, offer, settings):
    built_in, own = thing("fixed"), thing("mine")
    host = host_of(
        acme=offer("hocket_choose_router", own),
        late=offer("hocket_choose_router", built_in, trylast=True),
    )
    assert host.router(settings) is own


def test_hook_hocket_choose_approver(host_of, plugin, settings):
    person = thing("person")

    def hocket_choose_approver(interactive):
        return person if interactive else None

    host = host_of(acme=plugin(hocket_choose_approver))
    assert host.approver(settings, interactive=True) is person
    assert host.approver(settings, interactive=False) is None


def test_hook_hocket_choose_executor(host_of, offer, settings):
    cluster = thing("cluster")
    host = host_of(
        acme=offer("hocket_choose_executor", None),
        other=offer("hocket_choose_executor", cluster, trylast=True),
    )
    assert host.executor(settings) is cluster


def test_hook_hocket_choose_store(host_of, offer, settings):
    shelf = thing("shelf")
    assert host_of(acme=offer("hocket_choose_store", shelf)).store(settings) is shelf


def test_hook_hocket_resolve_bundle(host_of, plugin):
    tree = Tree((("f", "SKILL.md", b"---\n"),))

    def hocket_resolve_bundle(spec):
        return tree if spec.startswith("acme:") else None

    host = host_of(acme=plugin(hocket_resolve_bundle))
    assert host.resolve_bundle("acme:canon") is tree
    assert host.resolve_bundle("other") is None


def test_hook_hocket_resolve_script(host_of, plugin):
    def hocket_resolve_script(text):
        return thing(text) if " " in text else None

    host = host_of(planner=plugin(hocket_resolve_script))
    assert host.resolve_script("sort my mail").name == "sort my mail"
    assert host.resolve_script("audit") is None


def test_hook_hocket_event(host_of, plugin):
    heard = []

    def hocket_event(event):
        heard.append(event.text)

    host = host_of(acme=plugin(hocket_event))
    for text in ("one", "two"):
        host.tell(Logged(text))
    assert heard == ["one", "two"]
