"""python -m benchmarks.peers.wagtail_site: its tables filled from ours, and its index by its own command."""

import os
import time
from itertools import batched

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.wagtail_site.settings"

SHEETS = """
SELECT e.doc + 100, i.slug, v.title, v.summary, concat_ws(E'\\n', v.beginning, v.story, v.participation),
  v.organisation_name, coalesce(e.card->>'place', ''), v.start_year, coalesce(d.code, ''), coalesce(r.code, '')
FROM public.initiatives_entry e JOIN public.initiatives_initiative i ON i.id = e.initiative_id
JOIN public.initiatives_version v ON v.id = i.public_version_id
LEFT JOIN public.accounts_territory p ON p.id = v.place_id
LEFT JOIN public.accounts_territory d ON d.id = p.departement_id
LEFT JOIN public.accounts_territory r ON r.id = p.region_id ORDER BY e.doc
"""
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def step(place: int) -> str:
    digits = ""
    for _ in range(4):
        place, digit = divmod(place, 36)
        digits = DIGITS[digit] + digits
    return digits


def main() -> None:
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('wagtail'))")
        if cursor.fetchone()[0] == "whole":
            return
        cursor.execute("DROP SCHEMA IF EXISTS wagtail CASCADE")
        cursor.execute("CREATE SCHEMA wagtail")
    call_command("migrate", interactive=False, verbosity=0)
    fill()
    call_command("update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("COMMENT ON SCHEMA wagtail IS 'whole'")


def fill() -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from wagtail.models import Locale, Page

    from benchmarks.peers.wagtail_site.models import Lever, Method, Public, SheetPage, Theme

    home = Page.objects.get(depth=2)
    home.get_children().delete()
    kind, locale = ContentType.objects.get_for_model(SheetPage), Locale.objects.get_or_create(language_code="fr")[0]
    fields = ("page_ptr_id", "summary", "body", "filed", "place", "year", "departement", "region")
    table = SheetPage._meta.db_table
    many = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHEETS)
        for some in batched(cursor.fetchall(), 2_000):
            Page.objects.bulk_create(
                Page(
                    pk=doc, title=title, draft_title=title, slug=slug[:255], path=home.path + step(many + rank),
                    depth=3, live=True, content_type=kind, locale=locale, url_path=f"{home.url_path}{slug}/",
                )
                for rank, (doc, slug, title, *_) in enumerate(some, 1)
            )  # fmt: skip
            many += len(some)
            with connection.cursor() as raw, raw.copy(f"COPY {table} ({', '.join(fields)}) FROM STDIN") as to:
                for doc, _, _, summary, body, filed, place, year, departement, region in some:
                    to.write_row((doc, summary, body, filed, place, year, departement, region))
        Page.objects.filter(pk=home.pk).update(numchild=many)
        for name, model in (("methode", Method), ("theme", Theme), ("public", Public), ("levier", Lever)):
            link = SheetPage._meta.get_field(name).m2m_db_table()
            table, one = model._meta.db_table, model._meta.model_name
            terms = "public.initiatives_entry e, unnest(e.terms) t"
            which = "t LIKE %s AND t NOT LIKE '%%:non-%%'"
            cursor.execute(
                f"INSERT INTO {table} (code) SELECT DISTINCT split_part(t, ':', 2) FROM {terms} WHERE {which}",  # noqa: S608
                [f"{name}:%"],
            )
            cursor.execute(
                f"INSERT INTO {link} (sheetpage_id, {one}_id) SELECT e.doc + 100, m.id"  # noqa: S608
                f" FROM {terms}, {table} m WHERE {which} AND m.code = split_part(t, ':', 2)",
                [f"{name}:%"],
            )


if __name__ == "__main__":
    django.setup()
    begun = time.perf_counter()
    main()
    print(f'{{"made_in": {time.perf_counter() - begun:.1f}}}')
