"""A host with the plugins of one test alone, and packages that look installed."""

from __future__ import annotations

import importlib.metadata
import sys
from types import SimpleNamespace

import pytest

from hocket.api.markers import hookimpl
from hocket.api.settings import PluginSettings
from hocket.host import PluginHost


@pytest.fixture
def settings(tmp_path):
    return PluginSettings(project=tmp_path)


@pytest.fixture
def host_of():
    """Give a host that knows the given plugins and none that is installed."""
    installed = {point.name for point in importlib.metadata.entry_points(group="hocket")}

    def make(**plugins):
        return PluginHost.load(blocked=installed, extra=plugins)

    return make


@pytest.fixture
def plugin():
    """Make a plugin of functions: their names are the hooks, and the mark is set here."""

    def make(*functions, **marks):
        return SimpleNamespace(**{one.__name__: hookimpl(**marks)(one) for one in functions})

    return make


@pytest.fixture
def offer(plugin):
    """Make a plugin with one hook that answers, whatever it is asked, always the same."""

    def make(hook, answer, **marks):
        def implementation():
            return answer

        implementation.__name__ = hook
        return plugin(implementation, **marks)

    return make


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a package with one module on the path, as pip would leave it."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def make(module, source, *, plugin=None, version="1.0"):
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}")
        (info / "entry_points.txt").write_text(f"[hocket]\n{plugin or module} = {module}\n")
        importlib.invalidate_caches()

    yield make
    for name in set(sys.modules) - before:
        if not name.startswith("hocket"):
            del sys.modules[name]
