"""What a file tool says to the model instead of doing what it was asked."""

from __future__ import annotations

import errno

_PLAIN = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ELOOP: "it is a link that leads nowhere, or became one while it was opened",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENXIO: "it is no regular file",
    errno.ENOSPC: "the disk is full; the file is as it was",
    errno.EDQUOT: "the disk quota is used up; the file is as it was",
    errno.EROFS: "the file system is read-only",
}


class Trouble(Exception):
    """The reason why not, in words for a model."""


def told(name: str, cause: OSError) -> Trouble:
    """Put the system's refusal into words."""
    return Trouble(f"{name}: {_PLAIN.get(cause.errno or 0, cause.strerror or 'it failed')}")
