"""Checks signatures: only one that holds passes, and what could not be checked does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from subprocess import SubprocessError
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import PackageRefused
from hocket.registry.forms.names import Unfit
from hocket.registry.signatures import ed25519, keygen, sshsig
from hocket.registry.signatures import signers as signer_files
from hocket.registry.signatures.refusing import refused

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.registry.signatures.sshsig import Sshsig


@dataclass(frozen=True, slots=True)
class _Check:
    """Everything that one check is about."""

    message: bytes
    armoured: str
    signature: Sshsig
    signers: bytes
    namespace: str
    at: datetime | None
    krl: bytes | None


def verify(  # noqa: PLR0913  (what ssh-keygen needs to know)
    message: bytes,
    armoured: str,
    signers: bytes,
    who: str,
    namespace: str,
    *,
    at: datetime | None = None,
    krl: bytes | None = None,
    tool: str | None = None,
) -> str:
    """Give the fingerprint of the key with which `who` signed; raises PackageRefused otherwise.

    `signers` is the pinned file, `krl` the revoked keys beside it, `at` the moment for which keys
    must hold. `tool` is `ssh-keygen`, looked for on PATH if None; empty: there is none.
    """
    told = f"signature by {visible(who)}"
    found = signer_files.read(signers, told)
    check = _Check(message, armoured, _read(told, armoured), signers, namespace, at, krl)
    try:
        _judge_words(check, found, who)
        if program := keygen.find(tool):
            _ask(program, check, who)
        else:
            lines = [one for one in found.of(check.signature.key) if one.speaks(who, namespace)]
            ed25519.judge(check.signature, message, lines, krl)
    except Unfit as unfit:
        raise refused(told, str(unfit)) from unfit
    return check.signature.fingerprint


def find_principal(  # noqa: PLR0913  (as `verify`)
    message: bytes,
    armoured: str,
    signers: bytes,
    namespace: str,
    *,
    at: datetime | None = None,
    krl: bytes | None = None,
    tool: str | None = None,
) -> str:
    """Say which of the pinned signers signed; raises PackageRefused if it was none of them."""
    told = "signature"
    key = _read(told, armoured).key
    lines = signer_files.read(signers, told).of(key)
    names = sorted({who for one in lines for who in one.principals if one.speaks(who, namespace)})
    failed: list[str] = []
    for who in names:
        try:
            verify(message, armoured, signers, who, namespace, at=at, krl=krl, tool=tool)
        except PackageRefused as cause:
            failed += cause.problems
        else:
            return who
    raise refused(told, *(dict.fromkeys(failed) or ["is by none of the pinned signers"]))


def _read(told: str, armoured: str) -> Sshsig:
    try:
        return sshsig.read(armoured)
    except Unfit as unfit:
        raise refused(told, str(unfit)) from unfit


def _judge_words(check: _Check, found: signer_files.Signers, who: str) -> None:
    """Compare what it says of itself, for one clear sentence; ssh compares it again."""
    if who not in found.principals:
        raise Unfit("the pinned file of signers does not name them")
    if check.signature.namespace != check.namespace:
        raise Unfit(f"is for {visible(check.signature.namespace)!r}, not {check.namespace!r}")
    # ssh takes an empty list for one that revokes nothing; a file cut short would be one.
    if check.krl is not None and not check.krl:
        raise Unfit("the list of revoked keys is empty, so nothing was checked")


def _ask(program: str, check: _Check, who: str) -> None:
    lent = {"signers": check.signers, "signature": check.armoured.encode(), "revoked": check.krl}
    try:
        with keygen.lent(lent) as paths:
            words = [program, "-Y", "verify", "-f", paths["signers"], "-I", who]
            words += ["-n", check.namespace, "-s", paths["signature"]]
            if check.at:
                words.append(f"-Overify-time={check.at.astimezone(UTC):%Y%m%d%H%M%S}")
            words += ["-r", paths["revoked"]] if "revoked" in paths else []
            ended = keygen.run(words, check.message, keygen.strict_surroundings())
    except (OSError, SubprocessError) as cause:
        raise Unfit(f"{keygen.NAME} could not check it: {visible(str(cause))}") from cause
    if ended.code != 0:
        raise Unfit(f"does not hold ({ended.words})")
