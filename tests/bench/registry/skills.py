"""Reads repositories of real skills, and reports what becomes of each: accepted, warned, refused.

    python tests/bench/registry/skills.py FOLDER... [--json FILE] [--list]

A FOLDER is a git repository, read at its HEAD commit from the object database, or plain files.
Nothing of it is run, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from hocket.errors import HocketError
from hocket.registry.linting.linting import lints
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import FILES, Skill
from hocket.registry.sources.git import Git, surroundings
from hocket.registry.sources.limits import Limits
from hocket.registry.sources.objects import KINDS, OTHERS, Objects
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder
from hocket.registry.trees.intake import MOST_FILES, Intake

MOST_ENTRIES = 2_000_000


@dataclass
class Verdict:
    """What becomes of one skill."""

    folder: str
    word: str
    """`accepted`, `warned`, `refused`, `skipped`, `incomplete`."""
    reasons: list[str] = field(default_factory=list)
    lints: list[str] = field(default_factory=list)
    ms: float = 0.0
    size: int = 0
    files: int = 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--json", type=Path, help="write all of it there")
    arguments.add_argument("--list", action="store_true", help="name everything but the accepted")
    typed = arguments.parse_args()
    told = {folder.resolve(): judged(folder.resolve()) for folder in typed.folders}
    for folder, verdicts in told.items():
        report(name_of(folder), verdicts, listed=typed.list)
    if len(told) > 1:
        report("all", [one for verdicts in told.values() for one in verdicts], listed=False)
    if typed.json:
        figures = {name_of(folder): summary(verdicts) for folder, verdicts in told.items()}
        figures["all"] = summary([one for verdicts in told.values() for one in verdicts])
        typed.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def name_of(folder):
    return folder.parent.name if folder.name == "repo" else folder.name


def judged(folder):
    """Judge every folder with a SKILL.md."""
    is_git = (folder / ".git").exists() or (folder / "HEAD").is_file()
    return [*(of_git(folder) if is_git else of_files(folder))]


def of_git(folder):
    env = surroundings(os.environ, is_local=True, interactive=False)
    bare = folder / ".git" if (folder / ".git").is_dir() else folder
    git = Git(bare, env, Limits())
    objects = Objects(git, folder.name)
    listed = objects.entries("HEAD", "", MOST_ENTRIES)
    skills = sorted(above(one.path) for one in listed if is_skill(one.path) and one.is_file)
    with objects.reading() as blobs:
        for place in dict.fromkeys(skills):
            own = [one for one in listed if beneath(one.path, place)]
            yield timed(place, lambda own=own, place=place: taken(blobs, own, place), folder)


def of_files(folder):
    found = sorted(path.parent for path in folder.rglob("*") if path.name in FILES)
    for place in dict.fromkeys(found):
        inside = place.relative_to(folder).as_posix()
        yield timed(inside, lambda place=place: read_folder(place.name, place), folder)


def taken(blobs, entries, place):
    """Take a folder of a commit within the rules for trees, as an install does."""
    intake, cut = Intake(place), f"{place}/" if place else ""
    for one in entries[: MOST_FILES + 1]:
        path = one.path.removeprefix(cut)
        if not one.is_file:
            intake.refuse(path, OTHERS.get(one.mode, "no file"))
        elif intake.wants(path, one.size):
            intake.take(KINDS[one.mode], path, blobs.read(one.id))
    return intake.tree()


def timed(place, read, folder):
    start = time.perf_counter()
    try:
        tree = read()
        hk1(tree)
    except HocketError as refused:
        word = "refused" if refused.exit_code == 3 else "incomplete"
        return Verdict(place, word, [*getattr(refused, "problems", (refused.found,))])
    verdict = of_skill(place, tree, folder)
    verdict.ms = (time.perf_counter() - start) * 1000
    verdict.lints = [f"{one.id} {one.path}:{one.line} {one.text}" for one in lints(tree)]
    verdict.size = sum(len(content) for _kind, _path, content in tree.entries)
    verdict.files = len(tree.entries)
    return verdict


def of_skill(place, tree, folder):
    files = {path: content for _kind, path, content in tree.entries}
    file = next(one for one in FILES if one in files)
    read = skill_md.read(files[file], place.rpartition("/")[2] or name_of(folder), file)
    if not isinstance(read, Skill):
        return Verdict(place, read.verdict, [read.reason])
    warnings = [str(one) for one in read.remarks if one.level == "warn"]
    return Verdict(place, "warned" if warnings else "accepted", warnings)


def above(path):
    return path.rpartition("/")[0]


def is_skill(path):
    return path.rpartition("/")[2] in FILES


def beneath(path, place):
    return not place or path.startswith(f"{place}/")


def summary(verdicts):
    times = sorted(one.ms for one in verdicts if one.ms)
    counted = Counter(one.word for one in verdicts)
    alerts = Counter(told.partition(" ")[0] for one in verdicts for told in one.lints)
    usable = counted["accepted"] + counted["warned"]
    return {
        "skills": len(verdicts),
        **{word: counted[word] for word in ("accepted", "warned", "refused", "skipped")},
        "incomplete": counted["incomplete"],
        "usable": round(usable / len(verdicts), 4) if verdicts else None,
        "lints": dict(sorted(alerts.items())),
        "check_ms": {
            "p50": round(median(times), 2) if times else None,
            "p95": round(times[int(len(times) * 0.95)], 2) if times else None,
        },
        "largest": max((one.size for one in verdicts), default=0),
        "most_files": max((one.files for one in verdicts), default=0),
    }


def report(name, verdicts, *, listed):
    told = summary(verdicts)
    counts = "  ".join(f"{word} {told[word]}" for word in list(told)[1:6])
    sys.stdout.write(f"{name}: {told['skills']} skills  {counts}\n")
    check, alerts = told["check_ms"], told["lints"] or "none"
    sys.stdout.write(f"  read, digest, checks: p50 {check['p50']} ms, p95 {check['p95']} ms\n")
    sys.stdout.write(f"  lints: {alerts}\n")
    for reason, count in reasons(verdicts).most_common(12):
        sys.stdout.write(f"  {count:>5}  {reason}\n")
    for one in verdicts if listed else ():
        if one.word != "accepted" or one.lints:
            why = "; ".join([*one.reasons, *one.lints])
            sys.stdout.write(f"    {one.word:<10} {one.folder}: {why!a}\n")


def reasons(verdicts):
    """Count the reasons, without what is particular to one skill."""
    told = Counter()
    for one in verdicts:
        for reason in {general(text) for text in one.reasons}:
            told[f"{one.word}: {reason}"] += 1
    return told


def general(text):
    parts = text.split('"')
    plain = '"…"'.join(parts[::2])
    return plain.rpartition("': ")[2][:100]


if __name__ == "__main__":
    main()
