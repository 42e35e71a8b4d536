"""Reads what a manifest says of its home and its rights."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hocket.registry.forms.names import Unfit, quoted

_PLAIN = re.compile(r"[!-~]{1,2000}")


def https(value: object) -> str:
    """Read an https URL without credentials."""
    if not isinstance(value, str) or not value.startswith("https://"):
        raise Unfit(f"{quoted(value)} is not https")
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, None
    if not host or parts is None or not _PLAIN.fullmatch(value) or "\\" in value:
        raise Unfit(f"{quoted(value)} is not a URL")
    if "@" in parts.netloc:
        raise Unfit("carries credentials")
    return value


def spdx(value: object) -> str:
    """Read an SPDX expression into its one spelling."""
    from packaging.licenses import (  # noqa: PLC0415  (its tables are large)
        InvalidLicenseExpression,
        canonicalize_license_expression,
    )

    try:
        return canonicalize_license_expression(value) if isinstance(value, str) else _never(value)
    except InvalidLicenseExpression as cause:
        raise Unfit(f"{quoted(value)} is not an SPDX expression") from cause


def _never(value: object) -> str:
    raise Unfit(f"{quoted(value)} is not an SPDX expression")
