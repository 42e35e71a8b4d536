"""A first look: list units, work on each in parallel, check what was found, report coverage."""

from hocket.script import agent, args, attempt, log, parallel, phase, pipeline

meta = {
    "name": "tour",
    "description": "A first look: list, work in parallel, check, report what was not covered",
    "phases": ["List", "Audit", "Check", "Report"],
    "args": {
        "type": "object",
        "properties": {
            "topic": {
                "type": "string",
                "description": "What the agents look for",
                "default": "missing error handling",
            },
            "units": {
                "type": "integer",
                "description": "How many units there are at most",
                "minimum": 1,
                "maximum": 200,
                "default": 12,
            },
        },
        "required": ["topic"],
    },
}

UNITS = {
    "type": "object",
    "x-role": "list",
    "properties": {
        "units": {
            "type": "array",
            "items": {"type": "string", "pattern": "^unit-[0-9]{3}$"},
            "minItems": 6,
            "maxItems": 12,
            "uniqueItems": True,
        },
    },
    "required": ["units"],
}
FINDING = {
    "type": "object",
    "x-role": "audit",
    "properties": {
        "severity": {"type": "string", "enum": ["none", "low", "high"]},
        "line": {"type": "integer", "minimum": 1, "maximum": 400},
    },
    "required": ["severity", "line"],
}
VERDICT = {
    "type": "object",
    "x-role": "check",
    "properties": {"verdict": {"type": "string", "enum": ["supported", "refuted", "cannot_tell"]}},
    "required": ["verdict"],
}


async def check(found, unit):
    """Ask two independent checkers; a finding stands only if both answer and none refutes it."""
    if found["severity"] == "none":
        return {"unit": unit, "severity": "none", "confirmed": False}
    votes = await parallel(
        [
            lambda lens=lens: attempt(
                f"{lens} {unit}, line {found['line']}: {args['topic']}.",
                schema=VERDICT,
                label=f"check {unit}",
                phase="Check",
            )
            for lens in ("Try to prove that this is wrong:", "Judge by the source alone:")
        ]
    )
    # A checker that failed is no vote, in neither direction.
    verdicts = [vote["value"]["verdict"] for vote in votes if vote["ok"]]
    confirmed = len(verdicts) > 1 and "refuted" not in verdicts
    return {"unit": unit, "severity": found["severity"], "confirmed": confirmed}


async def main():
    phase("List")
    listed = await agent("List the units to look at.", schema=UNITS)
    if listed is None:
        return {"report": "The units could not be listed.", "complete": False}
    units = listed["units"][: args["units"]]

    phase("Audit")
    checked = await pipeline(
        units,
        lambda unit: agent(f"Look for {args['topic']} in {unit}.", schema=FINDING, label=unit),
        check,
    )

    phase("Report")
    done = [one for one in checked if one is not None]
    confirmed = [one["unit"] for one in done if one["confirmed"]]
    missing = [unit for unit, one in zip(units, checked, strict=True) if one is None]
    log(f"coverage {len(done)} of {len(units)}")
    return {
        "topic": args["topic"],
        "coverage": f"{len(done)} of {len(units)}",
        "confirmed": confirmed,
        "not_covered": missing,
        "complete": not missing,
    }
