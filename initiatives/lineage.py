"""Which sheets a sheet comes from, and which came from it, as the public may read it at this moment.

A tie is what a public version says (« inspirée de »), never what a draft says. A sheet that is hidden or withdrawn is
nowhere; one joined to another is that other. Rings are cut, and only the near generations are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from initiatives import fate
from initiatives.models import Reuse
from initiatives.models.choices import Kin
from initiatives.models.sheet import Authorship
from initiatives.workflow import IN_CATALOGUE, SheetStatus

UP, DOWN = 3, 2  # generations read before and after a sheet
MOST = 8  # sheets of one generation under one sheet; how many more there are is said
ENOUGH = 3  # people of one département before it is named

# Sheets joined to another, with the one at the end of the chain.
_INTO = """
step(was, now, n) AS (
  SELECT id, merged_into_id, 1 FROM initiatives_initiative WHERE status = %(merged)s
  UNION ALL
  SELECT step.was, next.id, n + 1
  FROM step
  CROSS JOIN LATERAL (
    SELECT i.merged_into_id AS id, i.status FROM initiatives_initiative i WHERE i.id = step.now OFFSET 0
  ) next
  WHERE next.status = %(merged)s AND n < %(merges)s
),
joined(was, now) AS (
  SELECT was, now FROM step WHERE now NOT IN (SELECT was FROM step)
)
"""
_FOLLOWED = "SELECT was, now FROM joined WHERE was = ANY(%(ids)s)"
FOLLOWED = "WITH RECURSIVE" + _INTO + _FOLLOWED

# OFFSET 0 keeps a look by key from being planned as a reading of the whole table, whose statistics may be late.
# `way` is the path that led there, so that a ring stops; `rest` how many sheets were left out beside it.
_LINEAGE = """,
before(id, below, n, way) AS (
  SELECT %(id)s::bigint, NULL::bigint, 0, ARRAY[%(id)s::bigint]
  UNION ALL
  SELECT near.id, before.id, n + 1, way || near.id
  FROM before
  CROSS JOIN LATERAL (
    SELECT DISTINCT p.id
    FROM initiatives_initiative c
    JOIN initiatives_kinship k ON k.version_id = c.public_version_id AND k.kind = %(kind)s
    LEFT JOIN joined ON joined.was = k.other_id
    JOIN initiatives_initiative p ON p.id = coalesce(joined.now, k.other_id)
    WHERE c.id = before.id AND p.status = ANY(%(listed)s) AND p.masked_at IS NULL AND p.public_version_id IS NOT NULL
      AND p.id <> ALL(way)
    ORDER BY p.id LIMIT %(most)s
  ) near
  WHERE n < %(up)s
),
after(id, above, n, way, rest) AS (
  SELECT %(id)s::bigint, NULL::bigint, 0, ARRAY[%(id)s::bigint], 0::bigint
  UNION ALL
  SELECT near.id, after.id, n + 1, way || near.id, greatest(near.every - %(most)s, 0)
  FROM after
  CROSS JOIN LATERAL (
    SELECT c.id, count(*) OVER () AS every
    FROM initiatives_initiative c
    WHERE c.id IN (
      SELECT s.id
      FROM (SELECT after.id AS id UNION ALL SELECT was FROM joined WHERE now = after.id) here
      CROSS JOIN LATERAL (
        SELECT k.version_id FROM initiatives_kinship k WHERE k.other_id = here.id AND k.kind = %(kind)s OFFSET 0
      ) said
      JOIN initiatives_initiative s ON s.public_version_id = said.version_id
    )
      AND c.status = ANY(%(listed)s) AND c.masked_at IS NULL AND c.id <> ALL(way)
    ORDER BY c.published_at, c.id LIMIT %(most)s
  ) near
  WHERE n < %(down)s
),
drawn AS (
  SELECT 'before' AS side, id, below AS tied, n, 0::bigint AS rest FROM before WHERE n > 0
  UNION ALL
  SELECT 'after', id, above, n, rest FROM after WHERE n > 0
),
taken AS (
  SELECT DISTINCT ON (r.person_id) r.person_id, r.tried_at, r.departement_id
  FROM initiatives_reuse r
  WHERE r.initiative_id = ANY(%(id)s::bigint || ARRAY(SELECT was FROM joined WHERE now = %(id)s))
    AND r.stage <> %(dropped)s
    AND NOT EXISTS (
      SELECT FROM initiatives_authorship a
      WHERE a.initiative_id = %(id)s AND a.person_id = r.person_id AND a.role = ANY(%(signing)s)
    )
  ORDER BY r.person_id, r.tried_at NULLS LAST
)
SELECT side, drawn.id, tied, n, rest, i.slug, v.title
FROM drawn JOIN initiatives_initiative i ON i.id = drawn.id JOIN initiatives_version v ON v.id = i.public_version_id
UNION ALL
SELECT 'people', count(*), NULL, 0, count(tried_at), '', '' FROM taken
UNION ALL
SELECT 'place', count(*), NULL, 0, 0, t.code, t.name
FROM taken JOIN accounts_territory t ON t.id = taken.departement_id
GROUP BY t.id, t.code, t.name HAVING count(*) >= %(enough)s
ORDER BY 1, 4, 2, 3
"""
LINEAGE = "WITH RECURSIVE" + _INTO + _LINEAGE


@dataclass
class Node:
    """A sheet of a lineage. `of` are, before: those it inspired one generation nearer; after: those it inspired."""

    pk: int
    slug: str
    title: str
    of: list[Node] = field(default_factory=list)
    more: int = 0


@dataclass
class Lineage:
    """`before`: generations, the oldest first, each sheet in the nearest where it stands. `after`: the first children,

    each with its own.
    """

    before: list[list[Node]]
    after: list[Node]
    people: int
    tried: int
    places: list[tuple[str, int]]
    """Départements named by at least three people, with how many."""
    more: int = 0

    @property
    def born(self) -> int:
        return len(self.after) + self.more

    @property
    def is_drawn(self) -> bool:
        return bool(self.before or self.after)

    @property
    def is_branched(self) -> bool:
        """Whether its order alone doesn't say which sheet inspired which."""
        return any(len(generation) > 1 for generation in self.before)

    @property
    def sentence(self) -> str:
        """« 4 personnes s’en inspirent, 2 l’ont essayée, 1 fiche en est née. »; nothing where there is nothing."""
        parts = []
        if self.people:
            parts.append(f"{self.people} personnes s’en inspirent" if self.people > 1 else "1 personne s’en inspire")
        if self.tried:
            parts.append(f"{self.tried} l’ont essayée" if self.tried > 1 else "1 l’a essayée")
        if self.born:
            parts.append(f"{self.born} fiches en sont nées" if self.born > 1 else "1 fiche en est née")
        return ", ".join(parts) + "." if parts else ""

    def ancestors(self) -> set[int]:
        return {node.pk for generation in self.before for node in generation}


def of(pk: int) -> Lineage:
    """The lineage of a sheet, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LINEAGE, {**_known(), "id": pk})
        rows = cursor.fetchall()
    people, tried = next((number, tried) for side, number, _, _, tried, _, _ in rows if side == "people")
    after, more = _after(pk, [row[1:] for row in rows if row[0] == "after"])
    return Lineage(
        before=_before(pk, [row[1:] for row in rows if row[0] == "before"]),
        after=after,
        more=more,
        people=people,
        tried=tried,
        places=sorted((name, number) for side, number, _, _, _, _, name in rows if side == "place"),
    )


def followed(ids: Iterable[int]) -> dict[int, int]:
    """Of these sheets, those joined to another → the one where the chain ends."""
    asked = list(ids)
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWED, {**_known(), "ids": asked})
        return dict(cursor.fetchall())


type Row = tuple[int, int, int, int, str, str]


def _before(pk: int, rows: list[Row]) -> list[list[Node]]:
    """A sheet that two paths lead to stands once, in the nearest generation; it says whom it inspired."""
    nodes: dict[int, Node] = {}
    depths: dict[int, int] = {}
    for number, tied, depth, _, slug, title in rows:
        node = nodes.setdefault(number, Node(number, slug, title))
        depths.setdefault(number, depth)
        nearer = nodes.get(tied)
        if nearer is not None and nearer not in node.of:
            node.of.append(nearer)
    deepest = max(depths.values(), default=0)
    return [[nodes[n] for n, depth in depths.items() if depth == level] for level in range(deepest, 0, -1)]


def _after(pk: int, rows: list[Row]) -> tuple[list[Node], int]:
    """A sheet born of two stands under the nearest."""
    nodes = {pk: Node(pk, "", "")}
    for number, tied, _, rest, slug, title in rows:
        if number not in nodes and tied in nodes:
            nodes[number] = Node(number, slug, title)
            nodes[tied].of.append(nodes[number])
        nodes[tied].more = max(nodes[tied].more, rest)
    return nodes[pk].of, nodes[pk].more


def each(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from each(node.of)


def _known() -> dict[str, Any]:
    return {
        "merged": SheetStatus.MERGED,
        "merges": fate.MOST_MERGES,
        "kind": Kin.INSPIRED,
        "listed": list(IN_CATALOGUE),
        "dropped": Reuse.Stage.DROPPED,
        "signing": [Authorship.Role.OWNER, Authorship.Role.CO_AUTHOR],
        "most": MOST,
        "up": UP,
        "down": DOWN,
        "enough": ENOUGH,
    }
