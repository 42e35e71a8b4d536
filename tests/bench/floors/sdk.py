"""What W1 and W2 cost with the bare SDK and a semaphore, with or without a durable journal."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time

from anthropic import AsyncAnthropic
from asking import asked

GROUP_S = 0.05
"""So long a record may wait for its sync, as in hocket."""


class Journal:
    """Writes a line per answer at once; a thread syncs them in groups."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sync)
        self._thread.start()

    def write(self, number: int, text: str) -> None:
        """Append a record."""
        os.write(self._fd, json.dumps({"id": number, "text": text}).encode() + b"\n")

    def close(self) -> None:
        """Sync what is left."""
        self._over.set()
        self._thread.join()
        os.close(self._fd)

    def _sync(self) -> None:
        while not self._over.wait(GROUP_S):
            os.fdatasync(self._fd)
        os.fdatasync(self._fd)


async def main(url: str, agents: int, cap: int, say: str, journal: Journal | None) -> None:
    """Ask them all, and print the wall clock at the last durable answer."""
    free = asyncio.Semaphore(cap)
    async with AsyncAnthropic(base_url=url, api_key="none", max_retries=0) as client:

        async def ask(number: int) -> str:
            async with free:
                message = await client.messages.create(**asked(number, say))
            text: str = message.content[0].text
            if journal is not None:
                journal.write(number, text)
            return text

        answers = await asyncio.gather(*(ask(number) for number in range(agents)))
    if journal is not None:
        journal.close()
    assert all(answers)
    print(json.dumps({"end_ms": time.time() * 1000, "answers": len(answers)}))


kept = Journal(sys.argv[5]) if len(sys.argv) > 5 else None
asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], kept))
