"""The search on sets of sheets (decision 0010). What it keeps is made again from the sheets, after the migration."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# Bitmaps are compressed already, and read whole.
STORAGE = "ALTER TABLE initiatives_posting ALTER COLUMN docs SET STORAGE EXTERNAL"

# Whatever hides a sheet, a page, a command or a hand in the database, its entry goes with it, and an entry that goes
# leaves a tombstone: the answers that follow are without it.
TOMBSTONES = """
CREATE FUNCTION initiatives_leave_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM initiatives_entry WHERE initiative_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER leaves_catalogue AFTER UPDATE OF status, masked_at, public_version_id ON initiatives_initiative
FOR EACH ROW WHEN (
  NEW.masked_at IS NOT NULL OR NEW.public_version_id IS NULL OR NEW.status NOT IN ('published', 'stale')
) EXECUTE FUNCTION initiatives_leave_catalogue();

CREATE FUNCTION initiatives_entomb() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
BEGIN
  IF EXISTS (SELECT FROM gone) THEN
    INSERT INTO initiatives_catalogue AS catalogue (one, version, merged, last_doc, synonyms)
    VALUES (true, 1, 0, 0, 0) ON CONFLICT (one) DO UPDATE SET version = catalogue.version + 1
    RETURNING version INTO number;
    INSERT INTO initiatives_postingchange (version, term, doc, added, facet)
    SELECT number, 'all', doc, false, true FROM gone;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entomb AFTER DELETE ON initiatives_entry REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION initiatives_entomb();
"""
# The planner takes « && » for cheap and reads every word; the index answers in a thousandth of the time.
NEAR = """
CREATE FUNCTION initiatives_words_near(wanted int[]) RETURNS TABLE (key varchar, text varchar)
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT key, text FROM initiatives_word WHERE deletions && wanted
$$;
"""
UNDO = """
DROP TRIGGER leaves_catalogue ON initiatives_initiative;
DROP FUNCTION initiatives_leave_catalogue;
DROP TRIGGER entomb ON initiatives_entry;
DROP FUNCTION initiatives_entomb;
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0007_reuse")]

    operations = [
        migrations.DeleteModel("Entry"),
        migrations.DeleteModel("Word"),
        migrations.CreateModel(
            "Catalogue",
            fields=[
                ("one", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=0)),
                ("merged", models.BigIntegerField(default=0)),
                ("last_doc", models.PositiveIntegerField(default=0)),
                ("synonyms", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "état du catalogue",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("one", True)), name="catalogue_one_row"),
                ],
            },
        ),
        migrations.CreateModel(
            "Entry",
            fields=[
                (
                    "initiative",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="initiatives.initiative",
                    ),
                ),
                ("doc", models.PositiveIntegerField(unique=True)),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), size=None),
                ),
                ("said", models.TextField()),
                ("card", models.JSONField()),
                ("verified_on", models.DateField(null=True)),
                ("title_key", models.CharField(max_length=160)),
            ],
            options={"verbose_name": "entrée du catalogue"},
        ),
        migrations.CreateModel(
            "Posting",
            fields=[
                ("term", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("facet", models.BooleanField()),
                ("docs", models.BinaryField()),
            ],
            options={
                "verbose_name": "liste d’un terme",
                "indexes": [
                    models.Index(condition=models.Q(("facet", True)), fields=["term"], name="posting_facets"),
                ],
            },
        ),
        migrations.CreateModel(
            "PostingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("version", models.BigIntegerField()),
                ("term", models.CharField(max_length=200)),
                ("doc", models.PositiveIntegerField()),
                ("added", models.BooleanField()),
                ("facet", models.BooleanField()),
            ],
            options={
                "verbose_name": "changement à réunir",
                "indexes": [
                    models.Index(fields=["term"], name="change_term"),
                    models.Index(condition=models.Q(("facet", True)), fields=["version"], name="change_facets"),
                ],
            },
        ),
        migrations.CreateModel(
            "Word",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=40)),
                (
                    "deletions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
            ],
            options={
                "verbose_name": "mot du catalogue",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["deletions"], name="word_deletions")],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(TOMBSTONES, UNDO),
        migrations.RunSQL(NEAR, "DROP FUNCTION initiatives_words_near"),
    ]
