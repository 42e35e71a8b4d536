"""Put items in order by a criterion, or find the top few, and say how far that can be trusted."""

from hocket.script import args, fan_out, log, phase, rank

meta = {
    "name": "rank",
    "description": "Put items in order by a criterion, or find the top few",
    "when_to_use": "Many items have to be put in order, or the best few of them found",
    "phases": ["Restate", "Compare"],
    "args": {
        "type": "object",
        "properties": {
            "by": {"type": "string", "minLength": 1, "description": "What puts one before another"},
            "items": {
                "type": "string",
                "x-expand": "json",
                "description": "A file of items: JSON, JSON lines, CSV with a head, or lines; or -",
            },
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "description": "Rank files instead: a glob or a folder",
            },
            "top": {
                "type": "integer",
                "minimum": 1,
                "description": "Only the best so many matter: fewer calls",
            },
            "method": {
                "type": "string",
                "enum": ["auto", "pairs", "buckets", "tournament"],
                "default": "auto",
                "description": "How items are compared; a tournament looks for the best one",
            },
            "group": {
                "type": "integer",
                "minimum": 2,
                "maximum": 26,
                "default": 10,
                "description": "Items that are put in order at once",
            },
            "aspects": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "description": "Yes/no questions that stand for the criterion; else an agent asks",
            },
            "max_calls": {"type": "integer", "minimum": 1, "description": "At most so many calls"},
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["by"],
    },
}

ASPECTS = {
    "type": "object",
    "x-role": "aspects",
    "properties": {
        "aspects": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 200},
            "minItems": 3,
            "maxItems": 5,
        },
    },
    "required": ["aspects"],
    "additionalProperties": False,
}
NAMES = ("title", "name", "label", "id", "path")
"""Fields that may say what an item is called, the best first."""
NAMED = 3
"""So many of the first are named in the text; the list has them all."""


def given_items():
    """Give the items, and the tools it takes to look at them."""
    items, files = args.get("items") or [], args.get("files") or []
    if items and files:
        raise ValueError("rank: --items and --files are both given; expected one of them")
    if not items and not files:
        raise ValueError("rank: there is nothing to rank; expected --items FILE or --files GLOB")
    return (files, ["Read"]) if files else (items, [])


def label(item):
    """Name an item as a person would."""
    if not isinstance(item, dict):
        return str(item)
    named = [str(item[name]) for name in NAMES if item.get(name)]
    return named[0] if named else "; ".join([f"{name}: {item[name]}" for name in item])


async def restated():
    """Give the aspects of the criterion: a person's, else an agent's; none if it fails."""
    if args.get("aspects"):
        return args["aspects"]
    asked = await fan_out(
        [{"criterion": args["by"]}],
        args["rubrics"]["aspects"],
        schema=ASPECTS,
        tools=[],
        label="aspects",
    )
    answer = asked["results"][0]
    return answer["aspects"] if answer else []


def question(aspects, tools):
    """Write what items are compared by."""
    if not aspects:
        told = ["{args.by}"]
    else:
        # A brace in a question is a brace, not a place of a template.
        asked = [f"- {aspect}".replace("{", "{{").replace("}", "}}") for aspect in aspects]
        told = [args["rubrics"]["order"], *asked]
    return "\n".join([*told, args["rubrics"]["files"]] if tools else told)


def rows_of(ranked, items):
    """Name what stands at each place."""
    return [
        {
            "place": row["place"],
            "label": label(items[row["index"]]),
            "index": row["index"],
            "strength": row["strength"],
            "sd": row["sd"],
            "tied": row["tied"],
            "p_best": row.get("p_best"),
            "p_top": row.get("p_top"),
        }
        for row in ranked["order"]
    ]


def coverage(ranked, items):
    """Count what was ranked, and name what was not."""
    placed = {row["index"] for row in ranked["order"]}
    missing = [
        {"unit": label(item), "cause": "null item" if item is None else "not compared"}
        for index, item in enumerate(items)
        if index not in placed
    ]
    return {"unit": "items", "done": len(placed), "total": len(items), "missing": missing}


def table(rows):
    """Make the order a table, as a spreadsheet wants it."""
    columns = ["place", "label", "strength", "sd", "tied", "p_top"]
    return {"title": "ranking", "columns": columns, "rows": [[r[c] for c in columns] for r in rows]}


def said(aspects, rows, ranked):
    """Say in words what came out, by what it was judged, and how far it can be trusted."""
    if not rows:
        return "No comparison was answered: there is no order."
    many, top = len(rows), args.get("top")
    what = f"The top {top} of {many} items were looked for" if top else f"{many} items were ranked"
    first = "; ".join([row["label"] for row in rows[:NAMED]])
    text = [f"{what}, by: {args['by']}", f"First stand: {first}."]
    if aspects:
        text.append("\n".join(["The criterion was asked as:", "", *[f"- {a}" for a in aspects]]))
    agreement = ranked["agreement"]
    if agreement["split_half"] is not None and agreement["at_most"] is not None:
        text.append(
            f"Lists shown forward and reversed agree by {agreement['split_half']:.2f}; "
            f"with the truth the order agrees by {agreement['at_most']:.2f} at most."
        )
    tied = len([row for row in rows if row["tied"]])
    if tied:
        text.append(f"{tied} of {many} items share a place: they could not be told apart.")
    return "\n\n".join(text)


async def main():
    items, tools = given_items()
    phase("Restate")
    aspects = await restated()
    notes = [] if aspects else ["The criterion could not be restated: it was used as it is."]

    phase("Compare")
    ranked = await rank(
        items,
        question(aspects, tools),
        top=args.get("top"),
        method=args["method"],
        group=args["group"],
        max_calls=args.get("max_calls"),
        tools=tools,
    )
    rows = rows_of(ranked, items)
    covered = coverage(ranked, items)
    log(f"{covered['done']} of {covered['total']} items were ranked in {ranked['calls']} calls")
    return {
        "report": said(aspects, rows, ranked),
        "complete": ranked["complete"] and bool(aspects) and not covered["missing"],
        "data": {
            "title": "Ranking",
            "question": args["by"],
            "aspects": aspects,
            "ranking": rows,
            "boundary": [label(items[index]) for index in ranked["boundary"]],
            "agreement": ranked["agreement"],
            "tables": [table(rows)],
            "coverage": [covered],
            "notes": [*notes, *ranked["notes"]],
        },
    }
