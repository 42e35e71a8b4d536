"""What the host refuses, whom it names, and what it lets go on."""

from __future__ import annotations

from types import SimpleNamespace

import click
import pytest
from pydantic import BaseModel

from hocket.api.events import Logged
from hocket.api.settings import PluginSettings
from hocket.errors import HookMisfit, NameClash, StructureError, UsageError


def named(name):
    return SimpleNamespace(name=name, position=0)


@pytest.mark.parametrize(
    "kind", ["backends", "models", "tools", "agent_types", "views", "stages", "policies"]
)
def test_two_plugins_with_one_name_are_refused_by_both_names(kind, host_of, offer, settings):
    hook = f"hocket_register_{kind}"
    host = host_of(one=offer(hook, [named("same")]), two=offer(hook, [named("same")]))
    with pytest.raises(NameClash) as caught:
        getattr(host, kind)(settings)
    assert "'same': offered by plugins 'one' and 'two'; expected one owner." in str(caught.value)
    assert 'block = ["two"] under [plugins] in .hocket/config.toml' in caught.value.hint


def test_a_pattern_and_a_suffix_have_one_owner_too(host_of, offer):
    hosts = [SimpleNamespace(language="lua", suffixes=(".lua",))]
    patterns = [named("verify")]
    host = host_of(
        one=offer("hocket_register_patterns", patterns),
        two=offer("hocket_register_patterns", patterns),
        three=offer("hocket_register_script_hosts", hosts),
        four=offer("hocket_register_script_hosts", hosts),
    )
    with pytest.raises(NameClash, match="pattern 'verify': offered by plugins 'one' and 'two'"):
        host.patterns()
    with pytest.raises(NameClash, match=r"script host '\.lua': offered by plugins 'three' and 'fo"):
        host.script_hosts()


def test_what_depends_on_nothing_is_asked_once(host_of, plugin):
    asked = []

    def hocket_register_patterns():
        asked.append("patterns")
        return [named("canon")]

    host = host_of(acme=plugin(hocket_register_patterns))
    assert host.patterns() is host.patterns()
    assert asked == ["patterns"]


def test_nobody_to_choose_says_which_hook_is_missing(host_of, tmp_path):
    host = host_of()
    settings = PluginSettings(project=tmp_path, choices={"store": "postgres"})
    with pytest.raises(StructureError, match="router: no plugin offers one"):
        host.router(settings)
    with pytest.raises(StructureError, match="that answers hocket_choose_executor"):
        host.executor(settings)
    with pytest.raises(StructureError, match="store: no plugin offers 'postgres'"):
        host.store(settings)


def test_nobody_to_approve_is_nobody(host_of, settings):
    assert host_of().approver(settings, interactive=True) is None


def test_a_hook_that_raises_is_named_with_its_cause(host_of, plugin, settings):
    def hocket_register_backends(settings):
        raise ImportError("No module named 'acme_sdk'")

    with pytest.raises(StructureError) as caught:
        host_of(acme=plugin(hocket_register_backends)).backends(settings)
    assert str(caught.value) == (
        "plugin 'acme': its hook 'hocket_register_backends' raised: "
        "ImportError: No module named 'acme_sdk'."
    )
    assert 'block = ["acme"]' in caught.value.hint
    assert isinstance(caught.value.__cause__, ImportError)


def test_an_error_of_hocket_passes_as_it_is(host_of, plugin, settings):
    def hocket_choose_store(settings):
        raise UsageError("store", found="no such folder")

    with pytest.raises(UsageError, match="store: no such folder"):
        host_of(acme=plugin(hocket_choose_store)).store(settings)


def test_a_hidden_coroutine_does_not_win_as_an_answer(host_of, plugin, settings):
    async def later():
        return "yes"

    def hocket_choose_approver():
        return later()

    with pytest.raises(HookMisfit, match="'hocket_choose_approver' answered with a coroutine"):
        host_of(acme=plugin(hocket_choose_approver)).approver(settings, interactive=True)


@pytest.mark.parametrize(("answer", "told"), [(named("echo"), "SimpleNamespace"), ("echo", "str")])
def test_one_thing_instead_of_a_list_is_refused(answer, told, host_of, offer, settings):
    host = host_of(acme=offer("hocket_register_backends", answer))
    with pytest.raises(HookMisfit, match=f"answered with a {told}; expected a list"):
        host.backends(settings)


def test_nothing_to_offer_is_fine(host_of, offer, settings):
    assert host_of(acme=offer("hocket_register_backends", None)).backends(settings) == {}


@pytest.mark.parametrize("name", [None, "", 7])
def test_a_thing_without_a_name_is_refused(name, host_of, offer, settings):
    host = host_of(acme=offer("hocket_register_tools", [named(name)]))
    with pytest.raises(HookMisfit, match="plugin 'acme': it offers a tool without a name"):
        host.tools(settings)


def test_a_settings_model_without_a_title_is_refused(host_of, offer):
    class Choir(BaseModel):
        voices: int = 4

    host = host_of(acme=offer("hocket_register_settings", [Choir]))
    with pytest.raises(HookMisfit, match="a settings section without a title"):
        host.settings_models()


def test_a_command_of_somebody_else_cannot_be_taken(host_of, plugin):
    def hocket_register_commands(group):
        group.add_command(click.Command("sing"))

    taker = plugin(hocket_register_commands)
    group = click.Group(commands={"sing": click.Command("sing")})
    with pytest.raises(NameClash, match="'sing': offered by 'hocket' and by plugin 'acme'"):
        host_of(acme=taker).commands(group)
    with pytest.raises(NameClash, match="'sing': offered by 'one' and by plugin 'two'"):
        host_of(one=taker, two=taker_again(plugin)).commands(click.Group())


def taker_again(plugin):
    def hocket_register_commands(group):
        group.add_command(click.Command("hum"))
        group.add_command(click.Command("sing"))

    return plugin(hocket_register_commands)


def test_a_listener_that_raises_is_told_about_once_and_the_others_hear_on(host_of, plugin):
    heard, warned = [], []

    def broken():
        def hocket_event(event):
            raise RuntimeError("no lamp")

        return plugin(hocket_event)

    def hocket_event(event):
        heard.append(event.text)

    host = host_of(one=plugin(hocket_event), lamp=broken())
    host.warn = warned.append
    for text in ("a", "b", "c"):
        host.tell(Logged(text))
    assert heard == ["a", "b", "c"]
    (warning,) = warned
    assert warning == (
        "plugin 'lamp': its hook 'hocket_event' raised: RuntimeError: no lamp. "
        "It hears nothing more; the run goes on."
    )


def test_a_warning_goes_to_stderr_when_nobody_else_takes_it(host_of, plugin, capsys):
    def hocket_event(event):
        raise RuntimeError("no lamp")

    host_of(lamp=plugin(hocket_event)).tell(Logged("a"))
    out, err = capsys.readouterr()
    assert (out, err[:22]) == ("", "hocket: plugin 'lamp':")
