"""PostgreSQL's French: accents, stop words, and one key to sort by; before any table.

The stop filter stands before `unaccent`: otherwise « à », « été » and « même » would become searchable words.
Production servers sort differently from one another: lists are ordered by `fr_key`, never by the server's collation.
"""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH DICTIONARY public.fr_stop (TEMPLATE = pg_catalog.simple, STOPWORDS = french, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION public.fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.fr
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, hword, hword_part, word
  WITH public.fr_stop, public.unaccent, pg_catalog.french_stem;
"""

SORT_KEY = """
CREATE FUNCTION public.fr_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(
            CONFIGURATION,
            "DROP TEXT SEARCH CONFIGURATION public.fr; DROP TEXT SEARCH DICTIONARY public.fr_stop;",
        ),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION public.fr_key(text);"),
    ]
