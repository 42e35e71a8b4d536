"""What tests of authors share: a look into scripts, a registry of their own, a typed command."""

from __future__ import annotations

from functools import cache

import shops

from hocket.cli._errors import guard
from hocket.cli.pack import inspect_here
from hocket.registry.authoring.bundle_template import bundle_files
from hocket.registry.authoring.folder import Folder
from hocket.registry.authoring.making import make
from hocket.registry.authoring.opening import registry_files
from hocket.registry.authoring.packing import pack
from hocket.registry.authoring.reading import load

NOW = shops.NOW
ME = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@acme.example",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@cache
def inspect():
    """Look into scripts with the plugins that are here, loaded once."""
    return inspect_here()


def written(folder, name="second-opinion", **more):
    """Make the bundle of the template in a folder, with other files in it; give its folder."""
    make("test", folder / name, {**bundle_files(name)})
    for path, content in more.items():
        put(folder / name / path, content)
    return folder / name


def put(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def edited(file, old, new):
    """Replace a text that has to be there."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def packed(folder):
    return pack(folder, inspect())


def plain(folder, name="acme"):
    """Make a registry in a folder that is no repository."""
    make("test", folder, registry_files(name, NOW))
    return folder


def index(root):
    """Read a registry as everybody does."""
    return load(Folder(root)).index


def typed(command, *words):
    """Type a command; give its exit code."""
    args = [str(word) for word in words]

    def run():
        with command.make_context(f"hocket {command.name}", args) as context:
            command.invoke(context)

    return guard(run, as_json="--json" in args)
