"""Look for ideas from many sides, judge them by yes/no questions, and keep the best few."""

from hocket.script import args, generate_and_filter, log, phase, synthesize, tournament

meta = {
    "name": "explore",
    "description": "Look for ideas from many sides and keep the best few",
    "when_to_use": "There is no answer yet, and several good ones are wanted to choose from",
    "phases": ["Look around", {"title": "Best", "optional": True}, "Write"],
    "args": {
        "type": "object",
        "properties": {
            "task": {"type": "string", "minLength": 1, "description": "What ideas are wanted for"},
            "n": {
                "type": "integer",
                "minimum": 1,
                "maximum": 60,
                "description": "Ideas to ask for: 20, in quick mode 12",
            },
            "keep": {
                "type": "integer",
                "minimum": 1,
                "maximum": 10,
                "default": 3,
                "description": "Ideas to keep; 1 plays a tournament for the best one",
            },
            "rubric": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "description": "Yes/no questions to judge by; 'must: …' drops what gets a no",
            },
            "angles": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "description": "Sides to look from",
            },
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "description": "Files that belong to the task",
            },
            "mode": {
                "type": "string",
                "enum": ["quick", "full"],
                "x-default": "size",
                "description": "quick: fewer ideas, and the questions alone decide",
            },
            "max_calls": {
                "type": "integer",
                "minimum": 1,
                "description": "At most so many calls while looking around",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["task"],
    },
}

IDEA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 80},
        "text": {"type": "string", "minLength": 1},
    },
    "required": ["title", "text"],
    "additionalProperties": False,
}
FINALISTS = 6
"""Of so many, the best by the questions, a tournament finds the one."""
MUST = "must:"


def listed(text):
    """Give the points of a list that a prompt folder holds."""
    return [line[2:].strip() for line in text.splitlines() if line.startswith("- ")]


def criterion(question):
    """Read a question; `must:` before it makes a no the end of an idea."""
    must = question.startswith(MUST)
    return {"ask": question[len(MUST) :].strip() if must else question, "must": must}


def task(files):
    """Write what ideas are asked for; paths stand there as data, without places of a template."""
    asked = args["rubrics"]["idea"]
    if not files:
        return asked
    paths = [f"- {path}".replace("{", "{{").replace("}", "}}") for path in files]
    return "\n".join([asked, "", args["rubrics"]["files"], *paths])


async def look_around(quick, one):
    """Ask for ideas from all sides and judge them; finals only where they decide."""
    files = args.get("files") or []
    questions = args.get("rubric") or listed(args["rubrics"]["questions"])
    return await generate_and_filter(
        task(files),
        rubric=[criterion(question) for question in questions],
        n=args.get("n") or (12 if quick else 20),
        keep=FINALISTS if one else args["keep"],
        angles=args.get("angles") or listed(args["rubrics"]["angles"]),
        same=args["rubrics"]["same"],
        finals=not quick and not one,
        schema=IDEA,
        max_calls=args.get("max_calls"),
        tools=["Read"] if files else [],
    )


async def best_of(found):
    """Let the kept ideas meet until one of them is the best with a chance of .9."""
    played = await tournament(
        [idea["value"] for idea in found["kept"]], args["rubrics"]["best"], sure=0.9, tools=[]
    )
    order = [
        {**found["kept"][row["index"]], "strength": row["strength"], "p_top": row["p_best"]}
        for row in played["order"]
    ]
    return order, played


def row_of(place, idea):
    """Tell an idea that was kept."""
    return {
        "place": place,
        "label": idea["value"]["title"],
        "index": idea["index"],
        "text": idea["value"]["text"],
        "score": idea["score"],
        "strength": idea["strength"],
        "p_best": idea["p_top"],
        "why": f"questions {idea['score']:.2f}",
    }


def reason(idea, titles):
    """Say why an idea was dropped."""
    told = {
        "must": "a question that must be met got a no",
        "score": "others were better",
        "tournament": "lost the tournament",
    }
    why, because = idea["why"], idea["because"]
    if why == "duplicate":
        return f"the same as {titles.get(because) or f'idea {because + 1}'}"
    return told.get(why) or f"{why}: {because}"


def dropped_of(found, beaten):
    """Make a table of what was dropped, and why."""
    lost = [
        {"index": idea["index"], "value": idea["value"], "why": "tournament", "because": None}
        for idea in beaten
    ]
    dropped = [*found["dropped"], *lost]
    titles = {idea["index"]: idea["value"]["title"] for idea in [*found["kept"], *dropped]
              if idea.get("value")}  # fmt: skip
    rows = [
        [idea["index"] + 1, titles.get(idea["index"], ""), reason(idea, titles)] for idea in dropped
    ]
    return {"title": "dropped", "columns": ["idea", "title", "why"], "rows": rows}


def coverage(found):
    """Count the ideas that were given and judged."""
    missing = [
        {"unit": f"idea {idea['index'] + 1}", "cause": str(idea["because"])}
        for idea in found["dropped"]
        if idea["why"] == "failed"
    ]
    asked = found["asked"]
    return {"unit": "ideas", "done": asked - len(missing), "total": asked, "missing": missing}


async def told(kept):
    """Have it said what sets the kept ideas apart; without an answer the ideas stand alone."""
    ideas = [{"place": place, **idea["value"]} for place, idea in enumerate(kept, 1)]
    written = await synthesize(ideas, args["rubrics"]["apart"], tools=[], label="what sets apart")
    listed_ideas = "\n\n".join(f"**{i['place']}. {i['title']}**\n\n{i['text']}" for i in ideas)
    text = [listed_ideas, written["answer"]] if written["answer"] else [listed_ideas]
    return "\n\n".join(text), written


async def main():
    quick, one = args.get("mode") != "full", args["keep"] == 1
    phase("Look around")
    found = await look_around(quick, one)
    kept, beaten, parts = found["kept"], [], [found]
    if one and len(kept) > 1:
        phase("Best")
        order, played = await best_of(found)
        kept, beaten, parts = order[:1], order[1:], [found, played]
    log(f"{len(kept)} ideas kept of {found['asked']}")

    phase("Write")
    text, written = await told(kept) if kept else ("No idea was given and judged.", None)
    parts = [*parts, written] if written else parts
    covered = coverage(found)
    return {
        "report": text,
        "complete": all(part["complete"] for part in parts) and not covered["missing"],
        "data": {
            "title": "Ideas",
            "question": args["task"],
            "ranking": [row_of(place, idea) for place, idea in enumerate(kept, 1)],
            "tables": [dropped_of(found, beaten)],
            "coverage": [covered],
            "errors": [{"what": "kept ideas that do not belong there", **found["error"]}],
            "notes": [note for part in parts for note in part["notes"]],
        },
    }
