"""Plans as an install makes them, of packages that declare this and that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.bundles.manifest import Manifest
from hocket.registry.consent.deciding import decide
from hocket.registry.consent.granted import Granted
from hocket.registry.consent.managed import Managed
from hocket.registry.consent.needed import needed
from hocket.registry.forms import ranges
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row, Source, Wheels
from hocket.registry.installing.plan import Action, Parcel, Plan, Step
from hocket.registry.locks import lock as locks
from hocket.registry.receipts.receipt import Receipt
from hocket.registry.scopes import Scope
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import Skill

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "git+https://git.acme.example/patterns.git"
REV = "1f0c9ab2e41d" + "0" * 28
SIGNER = "releases@acme.example"
PRINT = "SHA256:MPM+IPE0" + "a" * 35
GIT = Source(git="https://git.acme.example/patterns.git", rev=REV, subdir="x")
PINNED = "sha256:" + "5" * 64
SKILL = "---\nname: {name}\ndescription: Says hello.\n---\nHello.\n"


def parcel(key="acme/hello", number="1.0.0", ceiling=None, **more):
    """Make a package as it was fetched; `skill` is its SKILL.md, `source` where it lies."""
    name = key.partition("/")[2]
    told = {"skill": SKILL.format(name=name), "source": GIT, "about": "Says hello.", **more}
    skill = skill_md.read(told["skill"].encode(), name)
    assert isinstance(skill, Skill), skill
    kind = told.get("kind", Kind.BUNDLE)
    row = Row(
        name=name,
        version=version(number),
        kind=kind,
        published=told.get("published", NOW - timedelta(days=30)),
        digest=told.get("digest", "hk1:" + "1" * 64),
        commands=told.get("commands", (name,)),
        capabilities=ceiling or Ceiling(),
        source=told["source"],
        wheels=told.get("wheels", ()),
    )
    manifest = Manifest(
        name=name,
        version=row.version,
        description=told["about"],
        requires_hocket=ranges.parse("*"),
        ceiling=row.capabilities,
    )
    files = told.get("files", [("f", "SKILL.md", told["skill"].encode())])
    return Parcel(
        key,
        row,
        Tree(tuple(files)),
        Bundle(manifest, skill) if kind is Kind.BUNDLE else None,
        signer=told.get("signer", SIGNER),
        fingerprint=told.get("fingerprint", PRINT),
        findings=told.get("findings", ()),
        copies=told.get("copies", ()),
    )


def code(key="acme/stores", **more):
    """Make a plugin that pip installs."""
    wheels = (Wheels("acme-stores==1.0.0", ("sha256:" + "0" * 64,)),)
    told = {"kind": Kind.PLUGIN, "source": None, "wheels": wheels, "commands": (), **more}
    return parcel(key, ceiling=Ceiling(python=True), **told)


def plan(*steps, signers=PINNED, url=URL, before=None, **more):
    """Make a plan of steps, or of parcels that come for the first time."""
    found = [one if isinstance(one, Step) else Step(Action.ADD, one.key, one) for one in steps]
    names = sorted({one.key.partition("/")[0] for one in found})
    lock = locks.Lock(tuple(locks.Registry(name, url, 42, REV, signers) for name in names))
    scope = Scope(Path("/data"), Path("/home/me"), Path("/project"))
    old = None if before is None else locks.dump(before)
    return Plan("install", scope, tuple(found), lock, old, **more)


def receipt(given, consent):
    """Write down that a package was installed with that consent."""
    return Receipt(
        name=given.key,
        version=given.row.version,
        digest=given.row.digest,
        source=given.row.reference,
        installed_at=NOW,
        hocket="0.3.0",
        consent=consent,
        signer=given.signer,
    )


def update(new, old, consent):
    """Replace what was installed with that consent by another version."""
    return Step(Action.UPDATE, new.key, new, receipt(old, consent))


@pytest.fixture(scope="session")
def desk():
    """Give what makes plans, and what asks about them."""

    def needs(*steps, granted=None, **more):
        return needed(plan(*steps, **more), replace(Granted(now=NOW), **(granted or {})))

    def say(found, *accepted, yes=False, ask=None, policy=None):
        return decide(
            found, yes=yes, accepted=accepted, policy=policy or Managed(), ask=ask, now=NOW
        )

    def agreed(given, *accepted, **more):
        """Install one package, with everything typed that it needs."""
        found = needs(given, **more)
        return say(found, *found.ids, *accepted, yes=True)[given.key]

    return SimpleNamespace(
        NOW=NOW,
        URL=URL,
        SIGNER=SIGNER,
        PRINT=PRINT,
        GIT=GIT,
        PINNED=PINNED,
        parcel=parcel,
        code=code,
        plan=plan,
        receipt=receipt,
        update=update,
        needs=needs,
        say=say,
        agreed=agreed,
    )
