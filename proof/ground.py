"""What a run stands on: its own copy of the base, its dice, its journal, and threads that start together."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from proof.cluster import BASE, Cluster
from proof.journal import Journal, Outcome
from proof.site import Site
from proof.stage import Stage


@dataclass
class Ground:
    run: str
    cluster: Cluster
    stage: Stage
    folder: Path
    instants: int
    seed: int
    is_weakened: bool

    @cached_property
    def dice(self) -> random.Random:
        return random.Random(f"{self.seed}:{self.run}")  # noqa: S311 - reproducible

    @cached_property
    def url(self) -> str:
        return self.cluster.make(self.run, BASE)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.folder / f"{self.run}{'-weakened' if self.is_weakened else ''}.jsonl")

    def outcome(self, instants: int) -> Outcome:
        return Outcome(self.run.upper(), self.is_weakened, instants)

    def site(self, **how: Any) -> Site:
        return Site(self.url, self.folder, weakness=self.run if self.is_weakened else "", **how)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read past the product, as the database says it."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def table(self, query: str, *values: object) -> dict[Any, tuple[Any, ...]]:
        """The rest of each row, by its first column."""
        return {row[0]: row[1:] for row in self.rows(query, *values)}

    def write(self, query: str, *values: object) -> int:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode(), values).rowcount

    def close(self) -> None:
        self.cluster.drop(self.run)


def together[T](acts: Sequence[Callable[[], T]], barrier: bool = True) -> list[T]:
    """What each returned, started at the same instant; the first error among them is raised."""
    gate = threading.Barrier(len(acts) if barrier else 1)
    done: list[Any] = [None] * len(acts)
    wrong: list[BaseException] = []

    def play(place: int) -> None:
        try:
            if barrier:
                gate.wait()
            done[place] = acts[place]()
        except BaseException as error:
            wrong.append(error)

    players = [threading.Thread(target=play, args=(place,), daemon=True) for place in range(len(acts))]
    for player in players:
        player.start()
    for player in players:
        player.join()
    if wrong:
        raise wrong[0]
    return done
