"""Anyone says what is wrong with a page, without an account; who recognises themselves gets it hidden at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Letter
from initiatives import emails, retention
from initiatives.models import Case, Initiative, Inquiry, Move, Report
from initiatives.models.reader import CLAIMS_AN_HOUR, REPORTS_A_DAY
from initiatives.retention import forget_senders
from initiatives.workflow import CaseKind, CaseStatus, Verb
from tests import factories


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


def send(sheet, browser=None, *, address="203.0.113.7", **said):
    data = {"kind": "personal", "field": "", "text": "", "email": "", **said}
    browser = browser or Client()
    return browser.post(f"{sheet.get_absolute_url()}signaler/", data, REMOTE_ADDR=address)


def claim(sheet, address="203.0.113.7", **said) -> Report:
    return Report.send(sheet, kind="personal", sender=address, field="", text="", email="", **said)


def letters(name: str) -> list[Letter]:
    emails.tell_moves()
    return list(Letter.objects.filter(key__startswith=f"initiatives/{name}:"))


def test_looking_at_the_form_hides_nothing(sheet, as_):
    """Prefetches and mail scanners open links."""
    page = as_(None).get(f"{sheet.get_absolute_url()}signaler/")
    assert page.status_code == 200
    assert "72&nbsp;heures" in page.text
    assert not Report.objects.exists()
    assert as_(None).get(sheet.get_absolute_url()).status_code == 200


def test_one_form_hides_the_page_and_says_so(sheet, ana, max, nora):
    answer = send(sheet, email="voisine@exemple.test")
    assert answer.status_code == 302
    receipt = Client().get(answer.url)
    assert receipt.status_code == 200
    case = Case.objects.get(kind=CaseKind.REPORT)
    assert "La page est masquée" in receipt.text
    assert case.number in receipt.text
    assert Client().get(sheet.get_absolute_url()).status_code == 404
    assert case.territory == factories.departement("62")
    assert not case.urgent
    assert case.decision_due_at - case.received_at == timedelta(hours=72)
    assert [letter.person for letter in letters("reported")] == [max]
    (told,) = letters("hidden")
    assert told.person == ana
    assert "voisine" not in told.body
    assert letters("report_received")[0].to == "voisine@exemple.test"


def test_the_receipt_is_nobody_elses(sheet):
    send(sheet)
    assert Client().get(f"{sheet.get_absolute_url()}signaler/?recu=1").status_code == 404
    assert Client().get(f"{sheet.get_absolute_url()}signaler/?recu=abc:def").status_code == 404


def test_a_second_press_says_it_once(sheet):
    first, second = send(sheet, text="C’est moi."), send(sheet, text="C’est moi.")
    assert first.status_code == second.status_code == 302
    assert Report.objects.count() == Case.objects.filter(kind=CaseKind.REPORT).count() == 1
    assert Move.objects.filter(verb__in=[Verb.REPORT, Verb.MASK]).count() == 2


def test_a_correction_hides_nothing(sheet, ana, max):
    send(sheet, kind="correction", field="effects", text="Ils étaient douze, pas vingt.", email="a@exemple.test")
    case = Case.objects.get(kind=CaseKind.CORRECTION)
    assert Client().get(sheet.get_absolute_url()).status_code == 200
    assert case.decision_due_at - case.received_at == timedelta(days=15)
    assert [letter.person for letter in letters("reported")] == [max]
    assert letters("hidden") == []


def test_a_correction_says_what(sheet):
    page = send(sheet, kind="correction", email="a@exemple.test")
    assert page.status_code == 200
    assert "Dites en une phrase" in page.text
    assert 'value="a@exemple.test"' in page.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("said", [{"kind": "autre"}, {"kind": ""}, {"field": "slug"}, {"text": "\0"}, {"email": "x"}])
def test_what_makes_no_sense_is_said(sheet, said):
    assert send(sheet, **said).status_code == 200
    assert not Report.objects.exists()


def test_a_machine_that_fills_everything_is_stopped(sheet):
    assert send(sheet, site_web="http://exemple.test").status_code == 200
    assert not Report.objects.exists()


def test_three_claims_a_day_hide_from_one_address(ana, max, nora):
    sheets = [factories.published(ana, max, title=f"Fiche {n}") for n in range(4)]
    reports = [claim(sheet) for sheet in sheets]
    assert [report.masked for report in reports] == [True, True, True, False]
    assert reports[3].case.urgent
    assert Initiative.objects.get(pk=sheets[3].pk).masked_at is None
    assert claim(sheets[3], "198.51.100.2").masked
    urgent = {letter.person for letter in letters("reported") if letter.subject.startswith("Urgent")}
    assert urgent == {max, nora}


def test_after_a_baseless_claim_the_next_one_waits_and_is_told_so(sheet, max):
    first = claim(sheet)
    first.case.claim(max)
    first.dismiss(max, "Personne n’est reconnaissable ici.")
    answer = send(sheet, address="198.51.100.2")
    page = Client().get(answer.url)
    assert "notée comme urgente" in page.text
    assert "n’est pas masquée d’avance" in page.text
    assert Client().get(sheet.get_absolute_url()).status_code == 200
    assert Report.objects.latest("pk").case.urgent


def test_a_flood_stops_hiding_the_whole_site(ana, max):
    sheets = [factories.published(ana, max, title=f"Fiche {n}") for n in range(CLAIMS_AN_HOUR + 1)]
    reports = [claim(sheet, f"198.51.100.{n}") for n, sheet in enumerate(sheets)]
    assert [report.masked for report in reports] == [True] * CLAIMS_AN_HOUR + [False]
    Report.objects.update(at=timezone.now() - timedelta(hours=2))
    assert claim(sheets[-1], "198.51.100.99").masked


def test_too_many_messages_from_one_place_are_refused_and_kept(sheet):
    for n in range(REPORTS_A_DAY):
        Report.send(sheet, kind="other", sender="x", field="", text=f"Un mot {n}.", email="")
    Report.objects.update(sender=_hash("203.0.113.7"))
    page = send(sheet, kind="other", text="Encore un mot.")
    assert page.status_code == 429
    assert "Encore un mot." in page.text
    assert "mailto:" in page.text


def _hash(address: str) -> str:
    from django.test import RequestFactory

    from accounts.senders import sender_of

    return sender_of(RequestFactory().get("/", REMOTE_ADDR=address))


def test_the_address_itself_is_kept_nowhere(sheet):
    send(sheet, address="203.0.113.7")
    report = Report.objects.get()
    assert len(report.sender) == 64
    assert "203.0.113" not in report.sender
    assert _hash("2001:db8::1") == _hash("2001:db8::ffff") != _hash("2001:db8:0:1::1")


def test_its_trace_goes_after_seven_days(sheet, ana):
    send(sheet)
    Inquiry.objects.create(initiative=sheet, name="A", email="a@b.test", text="Bonjour", sender="abc")
    assert forget_senders(timezone.now() + timedelta(days=6)) == 0
    assert forget_senders(timezone.now() + timedelta(days=8)) == 2
    assert not Report.objects.exclude(sender="").exists()
    Report.objects.update(sender="abc", at=timezone.now() - timedelta(days=8))
    retention.each_day(timezone.localdate())
    assert not Report.objects.exclude(sender="").exists()


def test_a_page_hidden_meanwhile_still_takes_what_was_written(sheet):
    claim(sheet, "198.51.100.2")
    answer = send(sheet, text="Moi aussi.")
    assert answer.status_code == 302
    assert Report.objects.filter(text="Moi aussi.", masked=True, case__status=CaseStatus.RECEIVED).exists()
    assert Client().get(f"{sheet.get_absolute_url()}signaler/").status_code == 404


def test_nothing_to_report_on_what_is_not_read(ana, max):
    draft = factories.draft(ana, title="Un brouillon").initiative
    assert send(draft).status_code == 404
    gone = factories.published(ana, max)
    Initiative.objects.filter(pk=gone.pk).update(status="withdrawn")
    assert send(gone).status_code == 404


def test_few_queries(sheet, as_, ana, django_assert_max_num_queries):
    browser = as_(ana)
    for path in ("", "signaler/", "ecrire/"):
        with django_assert_max_num_queries(12):
            browser.get(f"{sheet.get_absolute_url()}{path}")
