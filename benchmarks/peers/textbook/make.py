"""Its tables, beside ours, filled from ours."""

from __future__ import annotations

from django.db import connection, transaction

from benchmarks.peers.textbook.models import Lever, Method, Public, Sheet, Tag, Theme
from benchmarks.peers.textbook.search import CONFIG

FILL = """
INSERT INTO textbook_sheet (id, slug, title, summary, place, year, departement, region, vector)
SELECT e.doc, i.slug, v.title, v.summary, coalesce(e.card->>'place', ''), v.start_year, coalesce(d.code, ''),
  coalesce(r.code, ''),
  setweight(to_tsvector('textbook', v.title), 'A')
  || setweight(to_tsvector('textbook', concat_ws(' ', v.organisation_name, p.name, d.name, r.name)), 'B')
  || setweight(to_tsvector('textbook', concat_ws(' ', v.summary, v.beginning, v.story, v.participation)), 'D')
FROM initiatives_entry e JOIN initiatives_initiative i ON i.id = e.initiative_id
JOIN initiatives_version v ON v.id = i.public_version_id LEFT JOIN accounts_territory p ON p.id = v.place_id
LEFT JOIN accounts_territory d ON d.id = p.departement_id LEFT JOIN accounts_territory r ON r.id = p.region_id
"""
LINKS = {"methode": Method, "theme": Theme, "public": Public, "levier": Lever, "etiquette": Tag}
UNACCENT = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    f"ALTER TEXT SEARCH CONFIGURATION {CONFIG} ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem",
)


def make() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('textbook_sheet')")
        if cursor.fetchone()[0]:
            return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # a hundred thousand vectors in one statement
        cursor.execute(f"CREATE TEXT SEARCH CONFIGURATION {CONFIG} (COPY = french)")
        for statement in UNACCENT:
            cursor.execute(statement)
        with connection.schema_editor() as schema:
            for model in (*LINKS.values(), Sheet):
                schema.create_model(model)
        cursor.execute(FILL)
        for name, model in LINKS.items():
            table, link = model._meta.db_table, Sheet._meta.get_field(name).m2m_db_table()
            column = model._meta.model_name
            terms = "FROM initiatives_entry e, unnest(e.terms) term WHERE term LIKE %s AND term NOT LIKE '%%:non-%%'"
            cursor.execute(f"INSERT INTO {table} SELECT DISTINCT split_part(term, ':', 2) {terms}", [f"{name}:%"])
            cursor.execute(
                f"INSERT INTO {link} (sheet_id, {column}_id) SELECT e.doc, split_part(term, ':', 2) {terms}",
                [f"{name}:%"],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("VACUUM textbook_sheet")
