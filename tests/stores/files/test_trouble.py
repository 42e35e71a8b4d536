"""Every error of the operating system becomes one of two, and says what to do."""

from __future__ import annotations

import errno
import os

import pytest

from hocket.errors import StorageFull, StorageLost
from hocket_plugins.stores.files.trouble import told_as


@pytest.mark.parametrize(
    ("number", "kind", "found"),
    [
        (errno.ENOSPC, StorageFull, "cannot be written (No space left on device)"),
        (errno.EROFS, StorageFull, "cannot be written (Read-only file system)"),
        (errno.EACCES, StorageFull, "cannot be written (Permission denied)"),
        (errno.EIO, StorageFull, "cannot be written (Input/output error)"),
        (errno.EMFILE, StorageFull, "cannot be written (Too many open files)"),
        (errno.ELOOP, StorageLost, "a link or a file lies where"),
        (errno.ENOTDIR, StorageLost, "a link or a file lies where"),
        (errno.ENOENT, StorageLost, "a file or folder of it is gone"),
        (errno.ESTALE, StorageLost, "a file or folder of it is gone"),
    ],
)
def test_an_error_is_told_by_what_a_person_can_do(
    number: int, kind: type[StorageLost], found: str
) -> None:
    with pytest.raises(StorageLost) as told, told_as("run r"):
        raise OSError(number, os.strerror(number))

    assert type(told.value) is kind
    assert told.value.who == "run r"
    assert found in told.value.found
    assert told.value.expected
    assert told.value.hint
    assert isinstance(told.value.__cause__, OSError)


def test_an_error_without_a_number_keeps_its_words() -> None:
    with pytest.raises(StorageFull, match=r"cannot be written \(strange\)"), told_as("run r"):
        raise OSError("strange")


def test_other_errors_pass() -> None:
    with pytest.raises(ValueError, match="mine"), told_as("run r"):
        raise ValueError("mine")
