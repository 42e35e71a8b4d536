"""The hostile cases that come in an archive: read in memory, refused, and never extracted."""

from __future__ import annotations

import tarfile
from hashlib import sha256

import httpx2
import pytest
from hostile_archives import Item, files, tarred, zipped
from hostile_trees import GOOD, MIB
from watched import everything

from hocket.errors import PackageRefused
from hocket.registry.sources.fetching import Fetcher

ONE = files(GOOD)
REFUSED = {
    "M03 up": (zipped([*ONE, Item("../../x", b"evil")]), "has the part '..'"),
    "M04 drive": (zipped([*ONE, Item("C:\\x", b"evil")]), "names a drive"),
    "M05 absolute": (tarred([*ONE, Item("/etc/x", b"evil")]), "is absolute"),
    "M06 link, then through it": (
        tarred(
            [
                *ONE,
                Item("out", type=tarfile.SYMTYPE, headers=(("linkpath", "../../.."),)),
                Item("out/evil", b"evil"),
            ]
        ),
        "is a link",
    ),
    "M12 hard link": (
        tarred([*ONE, Item("hard", type=tarfile.LNKTYPE, headers=(("linkpath", "SKILL.md"),))]),
        "is a hard link",
    ),
    "M17 bomb": (zipped([*ONE, Item("zeros.bin", bytes(12 * MIB))]), "times its size"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_and_nothing_lies_outside(case, tmp_path):
    raw, why = REFUSED[case]
    transport = httpx2.MockTransport(
        lambda _request: httpx2.Response(200, stream=httpx2.ByteStream(raw))
    )
    fetcher = Fetcher(tmp_path / "cache", transport=transport)
    spec = f"https://acme.example/demo.zip#sha256={sha256(raw).hexdigest()}"
    with everything() as found, pytest.raises(PackageRefused) as refused:
        fetcher.typed(spec, None)
    assert refused.value.exit_code == 3
    assert any(why in text for text in refused.value.problems), refused.value.problems
    assert all(where.startswith(str(tmp_path)) for what, where in found if what == "write")
    assert not [one for one in found if one[0] in {"start", "connect", "os.symlink"}]
