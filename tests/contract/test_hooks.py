"""Every hook is explained, plain, listed, headed and tested; what is no hook is refused."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import pytest

from hocket.api import hookspecs
from hocket.api.markers import hookimpl
from hocket.errors import HookMisfit
from hocket.host import PluginHost
from hocket.host.plugins import installed

HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("hocket_")}


def load(name, function):
    """Load a plugin with one hook, and nothing that is installed."""
    everything = [point.name for point in installed()]
    return PluginHost.load(blocked=everything, extra={"acme": SimpleNamespace(**{name: function})})


def stand_in(name, hook):
    """Make a function that has the hook's name and arguments."""
    arguments = ", ".join(inspect.signature(hook).parameters)
    made = {}
    exec(f"def {name}({arguments}): return None", made)  # noqa: S102
    return made[name]


def test_every_function_of_the_specification_is_a_hook():
    for name, hook in HOOKS.items():
        assert hasattr(hook, "hocket_spec"), name
    assert len(HOOKS) > 10


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_one_sentence_and_says_when(name):
    text = inspect.getdoc(HOOKS[name])
    assert text
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_no_coroutine_and_its_verb_says_what_it_does(name):
    assert not inspect.iscoroutinefunction(HOOKS[name])
    assert name.removeprefix("hocket_").split("_")[0] in {"register", "choose", "resolve", "event"}
    takes_first = HOOKS[name].hocket_spec["firstresult"]
    assert takes_first == name.startswith(("hocket_choose_", "hocket_resolve_"))


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_a_heading_with_its_signature(name, checkout):
    text = (checkout.root / "plugins" / "README.md").read_text("utf-8")
    assert f"\n### `{checkout.docs.signature(name, HOOKS[name])}`\n" in text


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_a_test_of_its_name(name, checkout):
    assert f"def test_hook_{name}(" in "".join(
        text for text, _ in checkout.python("tests").values()
    )


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_taken_as_specified_and_refused_as_a_coroutine(name):
    hook = stand_in(name, HOOKS[name])
    assert load(name, hookimpl(hook)).plugins()[-1].hooks == (name,)

    async def later():
        return None

    with pytest.raises(HookMisfit, match=f"the hook '{name}' is a coroutine"):
        load(name, hookimpl(later))


@pytest.mark.parametrize("name", HOOKS)
def test_a_misspelt_hook_is_refused_with_the_right_name(name):
    with pytest.raises(HookMisfit) as caught:
        load(f"{name}x", hookimpl(stand_in(f"{name}x", HOOKS[name])))
    assert caught.value.hint == f"Did you mean '{name}'?"
