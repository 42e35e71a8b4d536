"""Wheels for tests, built by hand so that nothing else is needed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from hashlib import sha256


def wheel(folder, name, version="1.0.0", *, code="", needs=(), plugin=False):
    """Write a wheel of one module; give its file."""
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    requires = "".join(f"Requires-Dist: {one}\n" for one in needs)
    files = {
        f"{module}.py": code or f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if plugin:
        files[f"{info}/entry_points.txt"] = f"[hocket]\n{name} = {module}\n"
    listed = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in {**files, f"{info}/RECORD": listed}.items():
            archive.writestr(zipfile.ZipInfo(inner, (2026, 1, 1, 0, 0, 0)), text)
    return path


def hashed(path):
    """Give the hash of a wheel as rows have it."""
    return f"sha256:{sha256(path.read_bytes()).hexdigest()}"


def environment(folder):
    """Make an environment with pip; give its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    return str(folder / "bin" / "python")
