"""The calendar of a case: reminders, lateness said as it is, closing. For any day, and never twice."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from initiatives import deadlines, emails
from initiatives.models import Case
from initiatives.workflow import CaseStatus, SheetStatus
from tests import factories


@pytest.fixture
def lou(db):
    """Stands in for the coordination of Pas-de-Calais."""
    person = factories.person("Lou")
    factories.role(person, "coordinator", territory=factories.departement("62"), deputy=True)
    return person


def after(days):
    return timezone.now() + timedelta(days=days, hours=1)


def letters(person, start):
    return Letter.objects.filter(person=person, subject__startswith=start).count()


def told(now):
    done = deadlines.run(now)
    emails.tell_moves()
    return done


def test_five_then_twelve_days_and_never_twice(ana, max):
    factories.sent(ana)
    told(after(4))
    assert letters(max, "Dans") == 0
    for _ in range(2):
        told(after(5))
    assert letters(max, "Dans dix jours") == 1
    for _ in range(2):
        told(after(12))
    assert letters(max, "Dans trois jours") == 1
    assert letters(max, "Dans") == 2


def test_a_late_look_says_the_last_reminder_only(ana, max):
    factories.sent(ana)
    told(after(13))
    assert letters(max, "Dans") == 1


def test_who_holds_the_case_is_reminded_alone(ana, max, nora):
    case = factories.claimed(ana, nora)
    Case.objects.filter(pk=case.pk).update(claim_expires_at=after(9))
    told(after(5))
    assert letters(nora, "Dans dix jours") == 1
    assert letters(max, "Dans") == 0


def test_what_waits_for_its_author_reminds_nobody(ana, max):
    case = factories.claimed(ana, max)
    case.request_changes(max, "Presque.", {})
    told(after(13))
    assert letters(max, "Dans") == 0


def test_late_the_deputy_then_the_national_team_and_the_author_knows(ana, max, nora, lou, as_):
    case = factories.sent(ana)
    emails.tell_moves()
    assert letters(lou, "À relire") == 0
    told(after(15))
    assert letters(lou, "En retard") == 1
    assert letters(nora, "En retard") == 0
    told(after(16))
    told(after(18))
    told(after(30))
    assert letters(lou, "En retard") == 1
    assert letters(nora, "En retard") == 1
    assert letters(ana, "Nous sommes en retard") == 1
    Case.objects.filter(pk=case.pk).update(decision_due_at=timezone.now() - timedelta(days=4))
    page = as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text
    assert "nous vous devons des excuses" in page
    assert "L’équipe nationale est prévenue" in page


def test_without_a_deputy_the_national_team_at_once(ana, max, nora):
    factories.sent(ana)
    told(after(15))
    assert letters(nora, "En retard") == 1


def test_sent_again_the_days_begin_again(ana, max):
    case = factories.claimed(ana, max)
    told(after(13))
    case.refresh_from_db()
    case.claim(max) if case.status == CaseStatus.RECEIVED else None
    case.request_changes(max, "Presque.", {})
    again = Case.submit(case.initiative.version_to_edit(ana), ana)
    again.refresh_from_db()
    assert (again.reminded, again.escalated, again.waits_until) == (0, 0, None)
    assert again.decision_due_at > after(14)


def test_the_author_is_reminded_then_the_case_closes_and_nothing_is_lost(ana, max, as_):
    case = factories.claimed(ana, max)
    case.request_changes(max, "Presque.", {"story": "Combien étiez-vous ?"})
    working = case.initiative.version_to_edit(ana)
    told(after(44))
    assert letters(ana, "Votre fiche vous attend") == 0
    told(after(45))
    told(after(46))
    assert letters(ana, "Votre fiche vous attend") == 1
    assert "Combien étiez-vous" in Letter.objects.get(subject__startswith="Votre fiche vous attend").body
    assert told(after(60))["clos sans réponse"] == 1
    case.refresh_from_db()
    assert case.status == CaseStatus.EXPIRED
    assert case.initiative.status == SheetStatus.DRAFT
    assert letters(ana, "Le dossier s’est clos") == 1
    working.refresh_from_db()
    assert working.frozen_at is None
    assert Case.submit(working, ana).pk != case.pk


def test_a_claim_of_a_person_has_its_own_days(ana, max, nora):
    """Three days, not fifteen: no reminder at five, the national team once it is late."""
    from initiatives.models import Report

    initiative = factories.published(ana, max)
    Report.send(initiative, kind=Report.Kind.PERSONAL, sender="x" * 64)
    emails.tell_moves()
    assert told(after(1))["rappels"] == 0
    assert told(after(3))["retards signalés"] == 1
    assert letters(nora, "En retard") == 1
    assert letters(ana, "Nous sommes en retard") == 0


def test_for_any_day(ana, max, capsys):
    factories.sent(ana)
    day = timezone.localdate() + timedelta(days=16)
    call_command("deadlines", on=day)
    assert "1 retards signalés" in capsys.readouterr().out
    call_command("deadlines", on=day)
    assert "0 retards signalés" in capsys.readouterr().out


def test_by_itself_once_a_minute(monkeypatch, db):
    done = []
    monkeypatch.setattr(deadlines, "run", lambda now=None: done.append(now) or {})
    monkeypatch.setattr(deadlines, "_looked_at", -deadlines.EVERY)
    monkeypatch.setattr(deadlines.time, "monotonic", lambda: 1000.0)
    deadlines.each_minute()
    deadlines.each_minute()
    assert len(done) == 1
