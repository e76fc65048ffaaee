"""One question a line on stdin, its answer and how long it took a line on stdout: how the driver asks each peer."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        begun = time.perf_counter()
        said = answer(asked)
        took = (time.perf_counter() - begun) * 1000
        print(json.dumps({"ms": took} | said), flush=True)
