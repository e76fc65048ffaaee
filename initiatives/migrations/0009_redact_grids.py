"""The notes of a reading grid are words too: who protects data empties them, in the case and in the journal.

`initiatives_redact_grid` empties all the notes of one grid; its answers stay. The journal's guard lets through nothing
but that, and a text emptied by `initiatives_redact`.
"""

from importlib import import_module

from django.db import migrations

before = import_module("initiatives.migrations.0004_redact")

WITHOUT_NOTES = """
CREATE FUNCTION initiatives_without_notes(grid jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_typeof(grid -> 'answers') = 'object' THEN
    jsonb_set(grid, '{answers}', coalesce(
      (SELECT jsonb_object_agg(slug, said || '{"note": ""}') FROM jsonb_each(grid -> 'answers') AS a(slug, said)), '{}'
    ))
  ELSE grid END
$$;
"""

EMPTIED = """IF TG_OP = 'UPDATE' AND current_setting('essaim.redacting', true) = 'on'
     AND (NEW.text = '' OR NEW.text = OLD.text)
     AND (NEW.grid = initiatives_without_notes(OLD.grid) OR NEW.grid = OLD.grid)
     AND to_jsonb(NEW) - 'text' - 'grid' = to_jsonb(OLD) - 'text' - 'grid' THEN
    RETURN NEW;
  END IF;"""

REDACT_GRID = """
CREATE FUNCTION initiatives_redact_grid(kind text, row_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  emptied integer;
BEGIN
  IF NOT kind = ANY (ARRAY['case', 'move']) THEN
    RAISE EXCEPTION 'Il n’y a pas de grille ici : %', kind USING ERRCODE = 'check_violation';
  END IF;
  PERFORM set_config('essaim.redacting', 'on', true);
  EXECUTE format('UPDATE %I SET grid = initiatives_without_notes(grid) WHERE id = $1', 'initiatives_' || kind)
    USING row_id;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  PERFORM set_config('essaim.redacting', 'off', true);
  RETURN emptied = 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0008_postings")]
    operations = [
        migrations.RunSQL(WITHOUT_NOTES, "DROP FUNCTION initiatives_without_notes(jsonb)"),
        migrations.RunSQL(before.GUARD % EMPTIED, before.GUARD % before.EMPTIED),
        migrations.RunSQL(REDACT_GRID, "DROP FUNCTION initiatives_redact_grid(text, bigint)"),
    ]
