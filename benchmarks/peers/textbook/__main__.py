"""python -m benchmarks.peers.textbook: its data layer, a question a line."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.textbook.settings"
django.setup()

from benchmarks.peers.serving import serve  # noqa: E402
from benchmarks.peers.textbook.make import make  # noqa: E402
from benchmarks.peers.textbook.search import search  # noqa: E402

make()


def answer(asked: dict) -> dict:
    total, counts, sheets = search(asked["text"], asked["choices"], asked["since"])
    return {"total": total, "found": len(sheets), "values": sum(len(values) for values in counts.values())}


serve(answer)
