"""The journal of moves is written once: the database refuses to change or delete a line, `told_at` set once apart."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION initiatives_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.told_at IS NULL AND NEW.told_at IS NOT NULL
     AND to_jsonb(NEW) - 'told_at' = to_jsonb(OLD) - 'told_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Le journal des mouvements ne se modifie pas.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER initiatives_move_guard BEFORE UPDATE OR DELETE ON initiatives_move
  FOR EACH ROW EXECUTE FUNCTION initiatives_move_guard();
"""

BACKWARDS = """
DROP TRIGGER initiatives_move_guard ON initiatives_move;
DROP FUNCTION initiatives_move_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
