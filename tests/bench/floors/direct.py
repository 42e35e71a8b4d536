"""What W1 and W2 cost with plain HTTP: aiohttp, a semaphore, events read line by line."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp
from asking import asked


async def main(url: str, agents: int, cap: int, say: str) -> None:
    """Ask them all, and print the wall clock at the last answer."""
    free = asyncio.Semaphore(cap)
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(number: int) -> str:
            body = {**asked(number, say), "stream": True}
            texts = list[str]()
            async with free, session.post("/v1/messages", json=body) as reply:
                async for line in reply.content:
                    if line.startswith(b"data: "):
                        event = json.loads(line[6:])
                        if event["type"] == "content_block_delta":
                            texts.append(event["delta"]["text"])
            return "".join(texts)

        answers = await asyncio.gather(*(ask(number) for number in range(agents)))
    assert all(answers)
    print(json.dumps({"end_ms": time.time() * 1000, "answers": len(answers)}))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
