"""Check code against written rules, or mine corrections for rules worth writing down."""

from hocket.script import args, workflow

meta = {
    "name": "rules",
    "description": "Check a change or files against rules, or propose rules from corrections",
    "when_to_use": "Rules that people keep having to repeat: to check them, or to find them",
    "phases": ["Check", "Read", "Cluster", "Propose", "History", "Verify"],
    "args": {
        "type": "object",
        "properties": {
            "what": {
                "type": "string",
                "enum": ["check", "mine"],
                "description": "Look for violations, or propose rules",
            },
            "rules": {
                "type": "string",
                "x-expand": "lines",
                "description": "check: a file with a rule per line, headings (#) left out",
            },
            "diff": {
                "type": "string",
                "x-expand": "git-diff",
                "description": "check: a commit, branch or range; else what is not committed",
            },
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "description": "check: whole files, not a change: globs, folders or files",
            },
            "corrections": {
                "type": "string",
                "x-expand": "json",
                "description": "mine: a file of corrections (author, file, comment, before, after)",
            },
            "history": {
                "type": "string",
                "x-expand": "json",
                "description": "mine: a file of changes that were accepted later",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["what"],
    },
}


async def main():
    return await workflow({"script_path": f"{args['what']}.py"}, args)
