"""Play a script in a folder, and be killed when a model is sent a certain word."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from obedient import Gullible, seen
from scene import Scene


class Dies(Gullible):
    """A model whose process does not live to hear the answer."""

    def __init__(self, word):
        super().__init__()
        self.word = word

    def reply(self, request):
        if any(self.word in text for text in seen(request)):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().reply(request)


if __name__ == "__main__":
    project, page, word, body = sys.argv[1:]
    Scene(Path(project), {"bad": page}, model=Dies(word)).play(body)
