"""Write tests for what no test runs, and accept those that commands accept: no judge."""

from hocket.script import args, fan_out, integrate, log, phase

meta = {
    "name": "test-gen",
    "description": "Write tests for uncovered lines; only those that notice a mutant are accepted",
    "phases": ["List", "Write", "Integrate"],
    "checks": {
        "test": "project:test",
        "accept": {"run": 'python3 -B "$HOCKET_BUNDLE/checks.py"', "tries": 3, "timeout": 1800},
    },
    "args": {
        "type": "object",
        "properties": {
            "path": {
                "type": "string",
                "default": ".",
                "description": "A file or a folder that needs tests",
            },
            "coverage": {
                "type": "string",
                "x-expand": "lines",
                "default": "coverage.lcov",
                "description": "What coverage lcov or coverage xml wrote",
            },
            "tests": {
                "type": "string",
                "default": "tests",
                "description": "The folder for new tests",
            },
            "max_paths": {
                "type": "integer",
                "minimum": 1,
                "maximum": 200,
                "default": 40,
                "description": "How many paths get a test; the others are listed",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["path"],
    },
}

DONE = ("applied", "rerun")
GAP = 2  # lines that belong together though one between them holds no code
TOOLS = ["Read", "Grep", "Glob", "Edit", "Write", "Bash"]
COUNT = {"type": "integer", "minimum": 0, "maximum": 10}
ID = {"type": "string", "pattern": "^p[0-9]{1,4}$"}
WRITTEN = {
    "type": "object",
    "x-role": "write",
    "properties": {"written": {"type": "boolean"}, "why": {"type": "string"}},
    "required": ["written"],
}
KILLED = {
    "type": "object",
    "properties": {"id": ID, "killed": COUNT, "of": COUNT},
    "required": ["id", "killed", "of"],
}
TALLY = {
    "type": "object",
    "x-role": "tally",
    "properties": {"tests": {"type": "array", "items": KILLED}},
    "required": ["tests"],
}
REASONS = {
    "(exit 3)": "it changed other files than the one test",
    "(exit 4)": "it does not pass three times in a row",
    "(exit 5)": "it passes whatever these lines do",
    "(exit 6)": "no mutant can be made of these lines",
}


def uncovered(lines):
    """Read LCOV or Cobertura XML: for each file the lines that no test ran."""
    missing, name = {}, ""
    for line in [line.strip() for line in lines]:
        if line.startswith("SF:"):
            name = line[3:]
        elif line.startswith("DA:"):
            number, hits = line[3:].split(",")[:2]
            note(missing, name, number, hits)
        elif line.startswith("<class "):
            name = attribute(line, "filename")
        elif line.startswith("<line "):
            note(missing, name, attribute(line, "number"), attribute(line, "hits"))
    return missing


def attribute(line, name):
    return line.partition(f' {name}="')[2].partition('"')[0]


def note(missing, name, number, hits):
    if hits == "0":
        missing.setdefault(name.removeprefix("./"), set()).add(int(number))


def paths_of(missing):
    """Join neighbouring lines to paths, each with the one file its test goes into."""
    paths = []
    for name in sorted(missing):
        for line in sorted(missing[name]):
            last = paths[-1] if paths else {"file": "", "last": 0}
            if last["file"] == name and line - last["last"] <= GAP:
                last["last"] = line
            else:
                paths.append({"file": name, "first": line, "last": line})
    return [
        {"id": f"p{number}", **one, "test": test_of(one)} for number, one in enumerate(paths, 1)
    ]


def test_of(path):
    """Name a test after its lines: what accepts it reads the target there."""
    stem = path["file"].removesuffix(".py").replace("/", "__")
    return f"{args['tests']}/test_gen__{stem}__L{path['first']}_{path['last']}.py"


def wanted(path):
    return args["path"] in (".", "", path["file"]) or path["file"].startswith(folder())


def folder():
    return args["path"].removeprefix("./").rstrip("/") + "/"


def where(path):
    return f"{path['file']}:{path['first']}-{path['last']}"


def ends_of(worked, merged):
    """Say of each path whether its test is on the branch, and why not."""
    rejected = {one["index"]: one["cause"] for one in merged["rejected"]}
    ends = []
    for index, (record, answer) in enumerate(
        zip(worked["records"], worked["results"], strict=True)
    ):
        cause = record["cause"] or rejected.get(index) or ""
        if cause:
            reason = [text for code, text in REASONS.items() if code in cause]
            ends.append(("rejected", reason[0] if reason else cause))
        elif record.get("changes"):
            ends.append(("rerun" if index in merged["rerun"] else "applied", ""))
        else:
            ends.append(("left", (answer or {}).get("why", "its agent wrote nothing")))
    return ends


def change(path, state, why):
    return {"unit": where(path), "state": state, "why": why, "files": [path["test"]]}


def coverage(total, changes):
    """Count the paths with an accepted test; each other has its cause."""
    lost = [one for one in changes if one["state"] not in DONE]
    missing = [{"unit": one["unit"], "cause": one["why"]} for one in lost]
    return {"unit": "paths", "done": total - len(missing), "total": total, "missing": missing}


async def tally(branch, paths):
    """Let an agent read the last lines of the tests on the branch: what was killed there."""
    item = {"branch": branch, "tests": [{"id": one["id"], "test": one["test"]} for one in paths]}
    told = await fan_out(
        [item], args["rubrics"]["tally"], schema=TALLY, tools=["Bash(git show:*)"], label="tally"
    )
    answer = told["results"][0] or {"tests": []}
    return {one["id"]: one for one in answer["tests"]}


def table(paths, killed):
    """Put the mutants of each accepted test in rows."""
    rows = []
    for path in paths:
        one = killed.get(path["id"])
        row = [one["killed"], one["of"] - one["killed"]] if one else ["not read", "not read"]
        rows.append([where(path), path["test"], *row])
    columns = ["lines", "test", "mutants killed", "mutants alive"]
    return {"title": "Mutants", "columns": columns, "rows": rows}


def cut(able, shown):
    rest = [where(path) for path in able[shown:]]
    return [{"what": "paths", "shown": shown, "total": len(able), "rest": rest}] if rest else []


def ended(report, *, complete=True, **data):
    data = {"title": f"Tests for {args['path']}", **data}
    return {"report": report, "data": data, "complete": complete}


def summary(done, total, branch):
    return (
        f"{done} of {total} uncovered paths got a test that passes three times in a row, leaves the"
        f" old tests green and fails when its lines are changed. The tests are on the branch"
        f" `{branch}`; nothing was merged."
    )


async def main():
    phase("List")
    found = [path for path in paths_of(uncovered(args["coverage"])) if wanted(path)]
    if not found:
        return ended("The coverage report names no line here that no test runs.")
    able = [path for path in found if path["file"].endswith(".py")]
    paths = able[: args["max_paths"]]
    log(f"{len(paths)} of {len(found)} uncovered paths")

    phase("Write")
    call = {"isolation": "worktree", "check": "accept", "tools": TOOLS, "label": "test"}
    worked = await fan_out(paths, args["rubrics"]["write"], schema=WRITTEN, **call)

    phase("Integrate")
    merged = await integrate(worked, check="test", attempts=1)
    ends = [*zip(paths, ends_of(worked, merged), strict=True)]
    accepted = [path for path, (state, _) in ends if state in DONE]
    killed = await tally(merged["branch"], accepted) if accepted else {}
    changes = [change(path, state, why) for path, (state, why) in ends]
    changes += [change(path, "left", "beyond --max-paths") for path in able[len(paths) :]]
    other = [path for path in found if path not in able]
    changes += [change(path, "left", "no mutants for this language") for path in other]
    covered = coverage(len(found), changes)
    return ended(
        summary(len(accepted), len(found), merged["branch"]),
        complete=merged["complete"] and not covered["missing"] and len(killed) == len(accepted),
        changes=changes,
        branch=merged["branch"],
        commit=merged["commit"],
        coverage=[covered],
        cut=cut(able, len(paths)),
        tables=[table(accepted, killed)],
        notes=worked["notes"] + merged["notes"],
    )
