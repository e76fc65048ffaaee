"""A decision is undone by another person, and by a new line: what was decided stays in the journal."""

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case, Entry
from initiatives.workflow import CaseStatus, Refused, SheetStatus
from tests import factories

WHY = "Une personne du quartier s’est reconnue dans le récit."


def reopen(case, browser, text=WHY):
    return browser.post(reverse("initiatives:reopen", args=[case.pk]), {"text": text}, follow=True)


def test_a_first_publication_leaves_the_catalogue_and_keeps_its_address(ana, max, nora, as_):
    initiative = factories.published(ana, max)
    case, address = initiative.cases.get(), initiative.get_absolute_url()
    assert "Reprendre cette décision" in as_(nora).get(reverse("initiatives:case", args=[case.pk])).text
    assert "revenu dans la file" in reopen(case, as_(nora)).text
    initiative.refresh_from_db()
    assert initiative.status == SheetStatus.IN_REVIEW
    assert not Entry.objects.filter(initiative=initiative).exists()
    assert as_(None).get(address).status_code == 404
    case.refresh_from_db()
    case.claim(nora)
    case.accept(nora)
    initiative.refresh_from_db()
    assert initiative.get_absolute_url() == address
    assert as_(None).get(address).status_code == 200
    assert [move.verb for move in case.moves.order_by("pk")] == [
        "submit",
        "claim",
        "accept",
        "reopen",
        "claim",
        "accept",
    ]


def test_an_accepted_change_gives_back_the_page_of_before(ana, max, nora, as_):
    initiative = factories.published(ana, max, title="Le titre d’avant")
    case = Case.submit(factories.fill(initiative.version_to_edit(ana), title="Le titre d’après"), ana)
    case.claim(max)
    case.accept(max)
    assert case.replaced.title == "Le titre d’avant"
    assert "Le titre d’après" in as_(None).get(initiative.get_absolute_url()).text
    reopen(case, as_(nora))
    page = as_(None).get(initiative.get_absolute_url()).text
    assert "Le titre d’avant" in page
    assert "Le titre d’après" not in page
    review = as_(nora).get(reverse("initiatives:case", args=[case.pk]))
    assert "celle que le public lit" in review.text


def test_only_the_last_publication_is_undone(ana, max, nora, as_):
    initiative = factories.published(ana, max)
    first = initiative.cases.get()
    case = Case.submit(factories.fill(initiative.version_to_edit(ana), title="Plus tard"), ana)
    case.claim(max)
    case.accept(max)
    answer = reopen(first, as_(nora))
    assert answer.status_code == 409
    assert WHY in answer.text
    first.refresh_from_db()
    assert first.status == CaseStatus.ACCEPTED
    assert "Plus tard" in as_(None).get(initiative.get_absolute_url()).text


@pytest.mark.parametrize("decide", ["refuse", "redirect"])
def test_what_was_refused_or_sent_elsewhere_is_read_again(decide, ana, max, nora):
    case = factories.claimed(ana, max)
    getattr(case, decide)(max, "hors-champ", "Racontez plutôt une séance entière.")
    case.reopen(nora, WHY)
    case.initiative.refresh_from_db()
    assert (case.status, case.initiative.status) == (CaseStatus.RECEIVED, SheetStatus.IN_REVIEW)
    with pytest.raises(Refused, match="déjà décidé"):
        case.claim(max)


def test_never_by_who_decided_nor_by_who_wrote(ana, max, nora, as_):
    initiative = factories.published(ana, max)
    case = initiative.cases.get()
    answer = reopen(case, as_(max))
    assert answer.status_code == 409
    assert "Vous avez pris cette décision" in answer.text
    assert case.moves.filter(verb="attempt", motive="reopen", by=max).exists()
    factories.co_author(initiative, nora)
    with pytest.raises(Refused, match="Vous avez écrit"):
        Case.objects.get(pk=case.pk).reopen(nora, WHY)


def test_an_open_case_has_nothing_to_undo(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    assert reopen(case, as_(nora)).status_code == 409
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_those_concerned_read_why(ana, max, nora):
    case = factories.published(ana, max).cases.get()
    emails.tell_moves()
    case.reopen(nora, WHY)
    emails.tell_moves()
    assert WHY in Letter.objects.get(person=ana, subject__startswith="Votre fiche est relue").body
    assert WHY in Letter.objects.get(person=max, subject__startswith="Une décision est reprise").body
    assert (
        not Letter.objects.filter(person=max, subject__startswith="À relire")
        .exclude(subject__contains="x")
        .filter(key__contains=f"move-{case.moves.last().pk}")
        .exists()
    )


def test_a_withdrawn_sheet_stays_withdrawn(ana, max, nora):
    initiative = factories.published(ana, max)
    type(initiative).objects.filter(pk=initiative.pk).update(status="withdrawn", withdrawn_reason="author")
    with pytest.raises(Refused):
        Case.objects.get(initiative=initiative).reopen(nora, WHY)
    assert Case.objects.get(initiative=initiative).status == CaseStatus.ACCEPTED
