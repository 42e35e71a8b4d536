"""Compare candidates on cases: equal budgets, blind grading, intervals, and no winner by luck."""

from hocket.script import args, fan_out, log, parallel, phase, workflow

meta = {
    "name": "evals",
    "description": "Compare prompts, models and workflows on cases, with intervals",
    "phases": ["Plan", "Try", "Grade", "Compare"],
    "checks": {"grade": "project:grade"},
    "args": {
        "type": "object",
        "properties": {
            "spec": {"type": "string", "x-expand": "json", "description": "Candidates and cases"},
            "repeats": {"type": "integer", "minimum": 1, "maximum": 20, "default": 3},
            "grade": {"type": "string", "enum": ["expect", "check", "rubric"], "default": "expect"},
            "worktree": {"type": "boolean", "default": False, "description": "A tree for each try"},
            "tools": {
                "type": "array",
                "items": {"enum": ["Bash", "Edit", "Glob", "Grep", "Read", "Write"]},
                "default": [],
            },
            "max_tokens": {"type": "integer", "minimum": 100, "default": 20000},
            "seed": {"type": "integer", "minimum": 0, "default": 1},
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["spec"],
    },
}

RESAMPLES = 1000
WAVE = 1000  # tries that are asked for at once
Z = 1.96  # of a 95 % interval
NO_WINNER = "No winner: there is no candidate that was shown to be better than each of the others."
SAME = "no difference shown"
FAILED = "the check grade says: differs"


def record(role, name, **field):
    """Give the schema of an answer with one field."""
    properties = {name: {"type": "string", **field}}
    return {"type": "object", "x-role": role, "properties": properties, "required": [name]}


ANSWER = record("try", "answer")
JUDGED = record("judge", "verdict", enum=["pass", "fail", "cannot_tell"])
PREFERRED = record("prefer", "better", enum=["first", "second", "same"])


def stream(seed):
    """Give chance that is the same in every life of the run: a function from n to 0 … n - 1."""
    state = [(seed * 2862933555777941757 + 3037000493) % 2**64]

    def below(count):
        state[0] = (state[0] * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state[0] >> 33) * count >> 31

    return below


def plan(candidates, cases):
    """List every try, in an order in which no candidate comes first."""
    tries = [
        {"who": one["candidate"], "candidate": one, "case": case, "repeat": number}
        for number in range(1, args["repeats"] + 1)
        for case in cases
        for one in candidates
    ]
    below = stream(args["seed"])
    for at in range(len(tries) - 1, 0, -1):
        other = below(at + 1)
        tries[at], tries[other] = tries[other], tries[at]
    return tries


async def tried(one):
    """Let a candidate answer a case; the answer is None if there is none."""
    candidate, case = one["candidate"], one["case"]
    if "workflow" in candidate:
        try:
            text = await workflow(candidate["workflow"], case["input"])
        except RuntimeError:
            text = None
        return {
            **one,
            "answer": text if isinstance(text, str) else None,
            "cause": "it gave no text",
        }
    told = await fan_out(
        [{"case": case["case"], "input": case["input"], "repeat": one["repeat"]}],
        candidate.get("prompt") or args["rubrics"]["answer"],
        schema=ANSWER,
        model=candidate.get("model"),
        effort=candidate.get("effort"),
        isolation="worktree" if args["worktree"] else None,
        tools=args["tools"],
        max_tokens=args["max_tokens"],
        invariants=[{"screen": "grade"}] if args["grade"] == "check" else [],
        attempts=0,
        label=f"try {one['repeat']} of {case['case']}",
        phase="Try",
    )
    end, value = told["records"][0], told["results"][0]
    usd = (end.get("usage") or {}).get("usd")
    return {**one, "answer": value and value["answer"], "cause": end["cause"], "usd": usd}


async def graded(tries):
    """Say of each try whether it passed; one without an answer, or without a grade, is None."""
    answered = [one for one in tries if one["answer"] is not None]
    if args["grade"] == "expect":
        marks = [same(one["answer"], one["case"]["expect"]) for one in answered]
    elif args["grade"] == "check":
        marks = [by_command(one["cause"]) for one in answered]
    else:
        items = [{**one["case"], "answer": one["answer"]} for one in answered]
        told = await fan_out(
            items, args["rubrics"]["judge"], schema=JUDGED, tools=[], label="judge"
        )
        said = [(answer or {}).get("verdict") for answer in told["results"]]
        marks = [verdict == "pass" if verdict in ("pass", "fail") else None for verdict in said]
    for one, mark in zip(answered, marks, strict=True):
        one["passed"] = mark
    return tries


def by_command(cause):
    return cause is None or (False if cause == FAILED else None)


def same(answer, wanted):
    """Compare two texts, whatever their case and spaces."""
    return " ".join(answer.split()).lower() == " ".join(str(wanted).split()).lower()


async def preferences(tries):
    """Let judges see pairs in both orders; who is preferred in one order only is not preferred."""
    first = [one for one in tries if one["repeat"] == 1 and one["answer"] is not None]
    met = [
        (one, other)
        for one in first
        for other in first
        if one["case"]["case"] == other["case"]["case"] and one["who"] < other["who"]
    ]
    items = [
        {"input": a["case"]["input"], "first": a["answer"], "second": b["answer"]}
        for one, other in met
        for a, b in ((one, other), (other, one))
    ]
    told = await fan_out(items, args["rubrics"]["prefer"], schema=PREFERRED, tools=[], label="pair")
    said = [(answer or {}).get("better") for answer in told["results"]]
    counts = {}
    for at, (one, other) in enumerate(met):
        both = said[2 * at : 2 * at + 2]
        place = 0 if both == ["first", "second"] else 1 if both == ["second", "first"] else 2
        counts.setdefault((one["who"], other["who"]), [0, 0, 0])[place] += 1
    columns = ["a", "b", "a preferred", "b preferred", "neither"]
    return table("Pairs, in both orders", columns, [[*who, *counts[who]] for who in sorted(counts)])


def table(title, columns, rows):
    return {"title": title, "columns": columns, "rows": rows}


def mean(values):
    return sum(values) / len(values) if values else None


def wilson(passed, total):
    """Give the 95 % interval of a rate."""
    rate = passed / total
    middle = rate + Z * Z / (2 * total)
    half = Z * (rate * (1 - rate) / total + Z * Z / (4 * total * total)) ** 0.5
    return [(middle + sign * half) / (1 + Z * Z / total) for sign in (-1, 1)]


def bootstrap(values, seed):
    """Give the 95 % interval of a mean, from cases drawn again with replacement."""
    below, count = stream(seed), len(values)
    means = [sum([values[below(count)] for _ in values]) / count for _ in range(RESAMPLES)]
    means.sort()
    return [means[int(RESAMPLES * 0.025)], means[int(RESAMPLES * 0.975)]]


def shares_of(names, tries):
    """Give for each candidate the share of its graded tries that passed, case by case."""
    marks = {who: {} for who in names}
    for one in tries:
        if one.get("passed") is not None:
            marks[one["who"]].setdefault(one["case"]["case"], []).append(int(one["passed"]))
    return {who: {case: mean(row) for case, row in cases.items()} for who, cases in marks.items()}


def compared(names, shares):
    """Compare every pair on the cases that both were graded on."""
    rows = []
    for a, b in [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]:
        values = [shares[a][case] - shares[b][case] for case in shares[a] if case in shares[b]]
        low, high = bootstrap(values, args["seed"] + len(rows)) if values else [-1, 1]
        better = a if low > 0 else b if high < 0 else None
        found = {"rate": mean(values), "interval": [low, high], "better": better}
        rows.append({"a": a, "b": b, "cases": len(values), **found})
    return rows


def rates(names, tries):
    """Count for each candidate what passed, and what a try cost where that is known."""
    rows = []
    for who in names:
        own = [one for one in tries if one["who"] == who]
        marks = [int(one["passed"]) for one in own if one.get("passed") is not None]
        paid = [one.get("usd") for one in own]
        interval = wilson(sum(marks), len(marks)) if marks else [0, 1]
        found = {
            "rate": mean(marks),
            "interval": interval,
            "usd": None if None in paid else mean(paid),
        }
        rows.append({"candidate": who, "passed": sum(marks), "graded": len(marks), **found})
    return rows


def tables(rows, differences, shares):
    """Put the figures in tables; the oracle is a router that always chose right, afterwards."""
    cases = {case for row in shares.values() for case in row}
    best = [max([row[case] for row in shares.values() if case in row]) for case in cases]
    single = max([row["rate"] or 0 for row in rows])
    one = [[row["candidate"], row["passed"], row["graded"], span(row), row["usd"]] for row in rows]
    two = [
        [row["a"], row["b"], row["cases"], span(row), row["better"] or SAME] for row in differences
    ]
    three = [["best single candidate", percent(single)], ["oracle", percent(mean(best))]]
    rate, difference = "rate, 95 % (Wilson)", "a minus b, 95 % (bootstrap over cases)"
    return [
        table("Pass rates", ["candidate", "passed", "graded", rate, "dollars a try"], one),
        table("Paired differences", ["a", "b", "cases", difference, "better"], two),
        table("For routers", ["who", "rate"], three),
    ]


def percent(value):
    return "unknown" if value is None else f"{100 * value:.1f} %"


def span(row):
    low, high = map(percent, row["interval"])
    return f"{percent(row['rate'])} ({low} to {high})"


def coverage(tries):
    """Count the graded tries, and say why each other has no grade."""
    lost = [one for one in tries if one.get("passed") is None]
    causes = [(f"{one['who']}, {one['case']['case']}", one["cause"]) for one in lost]
    missing = [{"unit": unit, "cause": cause or "not graded"} for unit, cause in causes]
    done = len(tries) - len(lost)
    return {"unit": "tries", "done": done, "total": len(tries), "missing": missing}


async def main():
    phase("Plan")
    candidates = [row for row in args["spec"] if "candidate" in row]
    cases = [row for row in args["spec"] if "case" in row]
    names = [one["candidate"] for one in candidates]
    able = args["grade"] != "expect" or all("expect" in case for case in cases)
    if not (names and cases and able):
        report = "The file names no candidate or no case, or a case does not say what it expects."
        return {"report": report, "data": {"title": "Comparison"}, "complete": False}
    todo = plan(candidates, cases)
    log(f"{len(todo)} tries: {len(names)} candidates, {len(cases)} cases")

    phase("Try")
    tries = []
    for at in range(0, len(todo), WAVE):
        tries += await parallel([tried(one) for one in todo[at : at + WAVE]])

    phase("Grade")
    tries = await graded(tries)
    more = [await preferences(tries)] if args["grade"] == "rubric" else []

    phase("Compare")
    shares = shares_of(names, tries)
    rows, differences = rates(names, tries), compared(names, shares)
    better = [row["better"] for row in differences]
    winner = ([one for one in names if 0 < better.count(one) == len(names) - 1] or [None])[0]
    sentence = f"`{winner}` did better than each of the others." if winner else NO_WINNER
    covered = coverage(tries)
    report = f"{sentence} {covered['done']} of {covered['total']} tries were graded."
    data = {
        "title": f"Comparison of {len(names)} candidates on {len(cases)} cases",
        "winner": winner,
        "rates": rows,
        "differences": differences,
        "tables": [*tables(rows, differences, shares), *more],
        "coverage": [covered],
    }
    return {"report": report, "data": data, "complete": not covered["missing"]}
