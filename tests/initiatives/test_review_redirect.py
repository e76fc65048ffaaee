"""Not for this catalogue: where to propose it, said with respect."""

from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.workflow import CaseStatus, SheetStatus
from tests import factories

WHY = "Vous racontez un accompagnement, et il mérite d’être lu par des pairs."


def test_the_author_knows_where_to_go(ana, max, as_):
    case = factories.claimed(ana, max)
    data = {"redirect-where": "La revue du réseau", "redirect-text": WHY, "redirect-version": case.version_id}
    answer = as_(max).post(reverse("initiatives:redirect", args=[case.pk]), data, follow=True)
    assert "L’auteur saura où proposer sa fiche" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.REDIRECTED
    assert case.initiative.status == SheetStatus.DRAFT
    emails.tell_moves()
    letter = Letter.objects.get(person=ana, subject__startswith="Votre fiche a sa place ailleurs")
    assert "La revue du réseau" in letter.body
    assert WHY in letter.body
    page = as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id]))
    assert "La revue du réseau" in page.text
    assert "Demander une seconde lecture" not in page.text


def test_where_and_why_are_asked(ana, max, as_):
    case = factories.claimed(ana, max)
    answer = as_(max).post(reverse("initiatives:redirect", args=[case.pk]), {"redirect-text": "Non"})
    assert "Dites où cette fiche trouverait ses lecteurs" in answer.text
    assert "Quelques mots de plus" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_words_typed_in_another_part_are_not_lost(ana, max, as_):
    case = factories.claimed(ana, max)
    data = {
        "redirect-text": "Non",
        "changes-text": "Un long message commencé",
        "grid-note_place": "Qui décide ?",
        "grid-seen": "x",
    }
    page = as_(max).post(reverse("initiatives:redirect", args=[case.pk]), data)
    assert "Un long message commencé" in page.text
    assert "Qui décide ?" in page.text
    assert "Dites au moins une chose" not in page.text
