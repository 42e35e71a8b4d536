"""Servers that are not afar: real git behind an ssh that stays on this machine."""

from __future__ import annotations

import os
import shlex

import pytest

from hocket.registry.indexes.rows import Source
from hocket.registry.sources.fetching import Fetcher


class Afar:
    """Folders of this machine, reached as repositories on another one."""

    def surroundings(self, tmp_path, *, protocol=2, **more):
        """Make an environment whose ssh runs what it is asked to run, here."""
        ssh, config = tmp_path / "ssh", tmp_path / "gitconfig"
        ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n', "utf-8")
        ssh.chmod(0o755)
        config.write_text(f"[protocol]\n\tversion = {protocol}\n", "utf-8")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "GIT_SSH_COMMAND": shlex.quote(str(ssh)),
            "GIT_SSH_VARIANT": "ssh",
            "GIT_CONFIG_GLOBAL": str(config),
            **more,
        }

    def fetcher(self, tmp_path, **options):
        """Make a fetcher with a cache in a folder."""
        env = options.pop("env", None) or self.surroundings(tmp_path)
        return Fetcher(tmp_path / "cache", env=env, **options)

    def remote(self, folder):
        """Name a repository on this machine as one on another."""
        return f"ssh://acme.example{folder}"

    def source(self, folder, rev, subdir="", tag=""):
        """Name a package in it."""
        return Source(git=self.remote(folder), rev=rev, tag=tag, subdir=subdir)


@pytest.fixture
def afar():
    return Afar()
