"""A plugin that does not fit is refused while it is loaded, and the message says why."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import pytest

from hocket.api.markers import hookimpl
from hocket.errors import HookMisfit


def test_a_misspelt_hook_is_refused_with_the_nearest_name(host_of, offer):
    with pytest.raises(HookMisfit) as caught:
        host_of(acme=offer("hocket_register_backend", []))
    assert "plugin 'acme': there is no hook 'hocket_register_backend'" in str(caught.value)
    assert caught.value.hint == "Did you mean 'hocket_register_backends'?"


def test_a_hook_like_none_of_ours_is_refused_without_a_guess(host_of, offer):
    with pytest.raises(HookMisfit) as caught:
        host_of(acme=offer("zzz", []))
    assert caught.value.hint == "See plugins/README.md."


def test_a_hook_without_its_mark_is_refused_not_forgotten(host_of):
    def hocket_register_policies(settings):
        return []

    plugin = SimpleNamespace(hocket_register_policies=hocket_register_policies)
    with pytest.raises(HookMisfit, match="'hocket_register_policies' is not marked; expected @hoo"):
        host_of(acme=plugin)


def test_a_misspelt_hook_without_its_mark_is_refused_too(host_of):
    plugin = SimpleNamespace(hocket_evnt=lambda event: None)
    with pytest.raises(HookMisfit, match="there is no hook 'hocket_evnt'"):
        host_of(acme=plugin)


def test_a_value_that_is_called_like_a_hook_is_nobodys_business(host_of):
    assert host_of(acme=SimpleNamespace(hocket_home="/opt", other=print)).patterns() == {}


def test_a_coroutine_is_refused(host_of, plugin):
    async def hocket_choose_approver(settings, interactive):
        return None

    with pytest.raises(HookMisfit, match="the hook 'hocket_choose_approver' is a coroutine"):
        host_of(acme=plugin(hocket_choose_approver))


def test_an_async_generator_is_refused(host_of, plugin):
    async def hocket_register_tools(settings):
        yield None

    with pytest.raises(HookMisfit, match="'hocket_register_tools' is a coroutine"):
        host_of(acme=plugin(hocket_register_tools))


def test_a_coroutine_behind_a_decorator_is_refused(host_of, plugin):
    async def hocket_register_tools(settings):
        return []

    @functools.wraps(hocket_register_tools)
    def wrapped(settings):
        return hocket_register_tools(settings)

    with pytest.raises(HookMisfit, match="'hocket_register_tools' is a coroutine"):
        host_of(acme=plugin(wrapped))


@pytest.mark.parametrize("mark", ["wrapper", "hookwrapper"])
def test_a_wrapper_is_refused_since_it_could_loosen(mark, host_of):
    @hookimpl(**{mark: True})
    def hocket_register_policies(settings):
        yield
        return []

    plugin = SimpleNamespace(hocket_register_policies=hocket_register_policies)
    with pytest.raises(HookMisfit, match="wraps the other plugins' answers"):
        host_of(acme=plugin)


def test_a_wrong_argument_is_refused_with_its_definition(host_of, plugin):
    def hocket_event(evnt):
        return None

    with pytest.raises(HookMisfit) as caught:
        host_of(acme=plugin(hocket_event))
    assert "plugin 'acme': Argument(s) {'evnt'}" in str(caught.value)
    assert caught.value.hint == "hookimpl definition: hocket_event(evnt)"


def test_a_hook_may_have_a_name_of_its_own(host_of):
    @hookimpl(specname="hocket_register_patterns")
    def offers():
        return [SimpleNamespace(name="canon")]

    host = host_of(acme=SimpleNamespace(offers=offers))
    assert list(host.patterns()) == ["canon"]
    assert [one.hooks for one in host.plugins() if one.name == "acme"] == [
        ("hocket_register_patterns",)
    ]


def test_a_class_with_methods_is_a_plugin(host_of):
    class Choir:
        @hookimpl
        def hocket_register_patterns(self):
            return [SimpleNamespace(name="canon")]

    assert list(host_of(acme=Choir()).patterns()) == ["canon"]
