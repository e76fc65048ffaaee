"""Where the law asks for it, a text is emptied and its row, author and date stay (product P6).

`initiatives_redact` is the only way: it knows which columns hold a person's words, and the journal's guard lets through
nothing but a text emptied by it.
"""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION initiatives_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.told_at IS NULL AND NEW.told_at IS NOT NULL
     AND to_jsonb(NEW) - 'told_at' = to_jsonb(OLD) - 'told_at' THEN
    RETURN NEW;
  END IF;
  %s
  RAISE EXCEPTION 'Le journal des mouvements ne se modifie pas.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

EMPTIED = """IF TG_OP = 'UPDATE' AND current_setting('essaim.redacting', true) = 'on' AND NEW.text = ''
     AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' THEN
    RETURN NEW;
  END IF;"""

REDACT = """
CREATE FUNCTION initiatives_redact(kind text, row_id bigint, field text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  allowed CONSTANT text[] := ARRAY[
    'move.text', 'remark.text', 'opinion.question', 'opinion.text', 'report.text', 'inquiry.text', 'agreement.word',
    'version.title', 'version.summary', 'version.period_note', 'version.organisation_name', 'version.place_note',
    'version.beginning', 'version.story', 'version.contact_address', 'version.objectives', 'version.participation',
    'version.decisions', 'version.trades', 'version.time_granted_by', 'version.means', 'version.funding',
    'version.effects', 'version.effects_people', 'version.effects_professionals', 'version.effects_territory',
    'version.if_again', 'version.conditions', 'version.variants', 'version.ethics', 'version.plain_summary',
    'obstaclemet.text', 'obstaclemet.lifted', 'partner.name', 'partner.role', 'timeshare.role', 'milestone.text',
    'voice.text', 'voice.speaker', 'weblink.title', 'weblink.transcript', 'namekept.text', 'namekept.reason',
    'picture.caption', 'picture.credit', 'attachment.title', 'attachment.description', 'attachment.credit'
  ];
  emptied integer;
BEGIN
  IF NOT (kind || '.' || field) = ANY (allowed) THEN
    RAISE EXCEPTION 'Ce texte ne se vide pas : %.%', kind, field USING ERRCODE = 'check_violation';
  END IF;
  PERFORM set_config('essaim.redacting', 'on', true);
  EXECUTE format('UPDATE %I SET %I = '''' WHERE id = $1', 'initiatives_' || kind, field) USING row_id;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  PERFORM set_config('essaim.redacting', 'off', true);
  RETURN emptied = 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_depths_and_people")]
    operations = [
        migrations.RunSQL(GUARD % EMPTIED, GUARD % ""),
        migrations.RunSQL(REDACT, "DROP FUNCTION initiatives_redact(text, bigint, text)"),
    ]
