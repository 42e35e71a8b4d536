"""What deep-research is compared with: a plain panel whose failures refute, and one lone reader.

Both are scripts over the same corpus and agents, and give a result of the same form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planted.corpus import PlantedCorpus

WINDOW = 6_000
"""Characters that the lone reader's window holds: about a fifth of a corpus."""

PANELS = '''
"""Search, read, vote, write: votes by lead, or three fixed votes where failures refute."""

from hocket.script import args, fan_out, merge, synthesize, verify

meta = {"name": "panels", "description": "a control for deep-research"}

TEXT = {"type": "string"}
ID = {"type": "string", "pattern": "^[a-z][0-9]{1,5}$", "maxLength": 6}


def shape(role, **fields):
    return {"type": "object", "x-role": role, "properties": fields, "required": [*fields]}


def rows(**fields):
    item = {"type": "object", "properties": fields, "required": [*fields]}
    return {"type": "array", "items": item}


ANGLES = shape("angles", angles=rows(id=ID, question=TEXT), parts=rows(id=ID, question=TEXT))
SEARCH = shape("search", results=rows(id=ID))
READ = shape("read", claims=rows(text=TEXT, quote=TEXT, angle=ID))
PAIRS = shape("relation", opposites=rows(a={"type": "integer"}, b={"type": "integer"}))


async def one(item, schema):
    told = await fan_out([item], "Do it.", schema=schema, untrusted=True, tools=[])
    return told["results"][0]


async def read(files, angles):
    errands = [{"question": args["question"], "angle": angle, "files": args["files"], "most": 20}
               for angle in angles]
    searched = await fan_out(errands, "Search.", schema=SEARCH, untrusted=True, tools=[])
    named = {row["id"] for told in searched["results"] if told for row in told["results"]}
    chosen = [files[name] for name in sorted(named)]
    items = [{"question": args["question"], "source": source, "angles": angles, "most": 60}
             for source in chosen]
    told = await fan_out(items, "Read.", schema=READ, untrusted=True, tools=["Read"])
    return chosen, told["results"]


async def judge(claims):
    if not args["fixed"]:
        return await verify(claims, screen=["quote_in_source"], untrusted=True, tools=[],
                            spares=args["spares"])
    return await verify(claims, rule="majority", cap=3, untrusted=True, tools=[])


async def main():
    files = {one["id"]: one for one in args["files"]}
    scope = await one({"question": args["question"], "angles": 5, "folders": []}, ANGLES)
    chosen, told = await read(files, scope["angles"])
    claims = []
    for source, answer in zip(chosen, told, strict=True):
        for claim in (answer or {"claims": []})["claims"]:
            quote = {"source": source["path"], "quote": claim["quote"]}
            claims.append({**claim, "source": source["path"], "sources": [source["id"]],
                           "quotes": [quote]})
    joined = await merge(claims, key="text", same="says the same", untrusted=True,
                         fields={"sources": "union", "quotes": "union"})
    asked = [{**claim, **claim["quotes"][0]} for claim in joined["records"]]
    voted = await judge(asked)
    claims = [{**verdict, **claim, "id": f"c{n}"}
              for n, (claim, verdict) in enumerate(zip(asked, voted["verdicts"], strict=True), 1)]
    alive = [claim for claim in claims if claim["state"] in ("supported", "qualified")]
    texts = [{"text": claim["text"]} for claim in alive]
    pairs = (await one({"claims": texts}, PAIRS))["opposites"]
    cite = [{"n": n, "quote": claim["quote"], "source": claim["source"]}
            for n, claim in enumerate(alive, 1)]
    parts = [{"n": n, "text": claim["text"]} for n, claim in enumerate(alive, 1)]
    screened = None if args["fixed"] else cite
    written = await synthesize(parts, "Write.", untrusted=True, tools=[], cite=screened)
    sources = [{"id": source["id"], "path": source["path"], "state": "read" if one else "failed"}
               for source, one in zip(chosen, told, strict=True)]
    conflicts = [{"claims": [alive[pair["a"] - 1]["id"], alive[pair["b"] - 1]["id"]], "why": ""}
                 for pair in pairs]
    shown = ("id", "text", "state", "cause", "quotes", "sources", "votes", "failed", "error")
    data = {"title": "panels", "question": args["question"], "sources": sources,
            "claims": [{name: claim[name] for name in shown} for claim in claims],
            "conflicts": conflicts, "citations": cite}
    return {"report": written["answer"], "data": data, "complete": voted["complete"]}
'''

ALONE = '''
"""One agent reads until its window is full and answers alone; nobody checks anything."""

from hocket.script import args, fan_out

meta = {"name": "alone", "description": "a control for deep-research"}

TEXT = {"type": "string"}
CLAIM = {"type": "object", "properties": {"text": TEXT, "quote": TEXT, "source": TEXT},
         "required": ["text", "quote", "source"]}
ANSWER = {"type": "object", "x-role": "alone", "required": ["claims", "read"],
          "properties": {"claims": {"type": "array", "items": CLAIM},
                         "read": {"type": "array", "items": TEXT}}}


async def main():
    item = {"question": args["question"], "files": args["files"], "window": args["window"]}
    told = await fan_out([item], "Answer from the files.", schema=ANSWER)
    answer = told["results"][0] or {"claims": [], "read": []}
    files = {one["id"]: one for one in args["files"]}
    claims = [{"id": f"c{n}", "text": one["text"], "state": "supported", "cause": None,
               "quotes": [{"source": files[one["source"]]["path"], "quote": one["quote"]}],
               "sources": [one["source"]]}
              for n, one in enumerate(answer["claims"], 1)]
    cite = [{"n": n, **claim["quotes"][0], "claim": claim["id"]}
            for n, claim in enumerate(claims, 1)]
    text = " ".join(claim["text"][:-1] + f" [{n}]." for n, claim in enumerate(claims, 1))
    sources = [{"id": name, "path": files[name]["path"], "state": "read"}
               for name in answer["read"]]
    data = {"title": "alone", "question": args["question"], "claims": claims,
            "conflicts": [], "citations": cite, "sources": sources}
    return {"report": text, "data": data, "complete": told["complete"]}
'''


def listing(corpus: PlantedCorpus) -> list[dict[str, str]]:
    """List the documents as the expansion `folders` would."""
    return [
        {"id": f"f{number}", "path": document.file, "name": f"{document.id}.txt",
         "date": document.day.isoformat(), "kind": document.kind}
        for number, document in enumerate(corpus.files, 1)
    ]  # fmt: skip
