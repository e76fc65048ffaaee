"""A third party is awaited: the days don't count, and the case comes back by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from initiatives import deadlines, emails
from initiatives.models import Case
from initiatives.workflow import CaseStatus, Refused
from tests import factories

QUESTION = "Votre service est-il d’accord pour que cette action soit racontée ?"


def asked(case, browser, **more):
    data = {"third-who": "La direction du CCAS", "third-text": QUESTION, "third-version": case.version_id, **more}
    return browser.post(reverse("initiatives:ask_third_party", args=[case.pk]), data, follow=True)


def test_the_question_leaves_and_the_author_knows_whom_we_wait_for(ana, max, as_):
    case = factories.claimed(ana, max)
    answer = asked(case, as_(max), **{"third-email": "direction@ccas.test", "third-share_address": "on"})
    assert "Ce temps ne compte pas" in answer.text
    emails.tell_moves()
    letter = Letter.objects.get(to="direction@ccas.test")
    assert QUESTION in letter.body
    assert max.email in letter.body
    assert case.version.story[:60] not in letter.body
    told = Letter.objects.get(person=ana, subject__startswith="Une réponse est attendue")
    assert "La direction du CCAS" in told.body
    assert QUESTION not in told.body
    assert "direction@ccas.test" not in told.body
    follow = as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text
    assert "en attente d’un tiers" in follow
    assert QUESTION not in follow


def test_without_an_address_nobody_is_written_to(ana, max, as_):
    case = factories.claimed(ana, max)
    asked(case, as_(max))
    assert not Letter.objects.filter(subject__startswith="Une question").exists()
    case.refresh_from_db()
    assert case.status == CaseStatus.WAITING_THIRD_PARTY
    assert case.claimed_by == max


def test_the_time_waited_is_not_counted(ana, max, as_):
    case = factories.claimed(ana, max)
    due = case.decision_due_at
    case.ask_third_party(max, "La direction", QUESTION)
    Case.objects.filter(pk=case.pk).update(waiting_since=timezone.now() - timedelta(days=4))
    as_(max).post(reverse("initiatives:resume", args=[case.pk]), {"resume-text": "Elle est d’accord."})
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED
    assert timedelta(days=4) <= case.decision_due_at - due < timedelta(days=4, minutes=1)
    assert case.waiting_since is None
    emails.tell_moves()
    assert Letter.objects.filter(person=ana, subject__startswith="La lecture de votre fiche reprend").count() == 1


def test_a_case_that_waits_is_never_late_nor_reminded(ana, max):
    case = factories.claimed(ana, max)
    case.ask_third_party(max, "La direction", QUESTION)
    Case.objects.filter(pk=case.pk).update(decision_due_at=timezone.now() - timedelta(days=1))
    assert deadlines.remind(timezone.now()) == 0
    assert deadlines.escalate(timezone.now()) == 0
    case.refresh_from_db()
    assert not case.is_overdue


def test_after_fifteen_days_it_goes_on_by_itself(ana, max):
    case = factories.claimed(ana, max)
    due = case.decision_due_at
    case.ask_third_party(max, "La direction", QUESTION)
    later = timezone.now() + timedelta(days=15, minutes=1)
    assert deadlines.resume_waiting(later - timedelta(days=1)) == 0
    assert deadlines.resume_waiting(later) == 1
    assert deadlines.resume_waiting(later) == 0
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED
    assert case.decision_due_at >= due + timedelta(days=15)
    assert case.claim_expires_at > later
    emails.tell_moves()
    assert "La direction" in Letter.objects.get(person=max, subject__startswith="À vous de reprendre").body


def test_only_who_holds_it_resumes(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    case.ask_third_party(max, "La direction", QUESTION)
    with pytest.raises(Refused):
        Case.objects.get(pk=case.pk).resume(nora)
    assert as_(nora).post(reverse("initiatives:resume", args=[case.pk])).status_code == 409
    assert case.moves.filter(verb="attempt", motive="resume", by=nora).exists()


def test_a_role_that_ends_gives_back_even_what_waits(ana, max):
    case = factories.claimed(ana, max)
    due = case.decision_due_at
    case.ask_third_party(max, "La direction", QUESTION)
    Case.objects.filter(pk=case.pk).update(waiting_since=timezone.now() - timedelta(days=2))
    max.roles.update(from_on="2020-01-01", until_on="2020-12-31")
    assert deadlines.lapse_claims() == 1
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == (CaseStatus.RECEIVED, None)
    assert case.decision_due_at >= due + timedelta(days=2)


def test_its_author_may_still_take_it_back(ana, max, as_):
    case = factories.claimed(ana, max)
    case.ask_third_party(max, "La direction", QUESTION)
    as_(ana).post(reverse("initiatives:cancel", args=[case.initiative_id]))
    case.refresh_from_db()
    assert case.status == CaseStatus.CANCELLED
