"""Tell, then follow: the receipt, what is asked, cancelling, and changing a published sheet."""

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Case, Initiative, Version
from initiatives.workflow import CaseKind, CaseStatus, SheetStatus
from tests import factories
from tests.initiatives.telling import address, shown, write


def page(browser, name, initiative):
    return browser.get(reverse(f"initiatives:{name}", args=[initiative]))


def press(browser, name, initiative, follow=True, **typed):
    return browser.post(reverse(f"initiatives:{name}", args=[initiative]), typed, follow=follow)


def test_where_nobody_coordinates_the_national_team_answers(ana, as_):
    version = factories.complete_draft(ana)
    assert "L’équipe nationale" in page(as_(ana), "check", version.initiative_id).text
    case = Case.submit(version, ana)
    assert "L’équipe nationale" in page(as_(ana), "follow", case.initiative_id).text


def test_the_author_is_told_what_happens_and_not_the_housekeeping(ana, max, as_, django_assert_max_num_queries):
    case = factories.claimed(ana, max)
    case.release(max)
    case.claim(max)
    browser = as_(ana)
    with django_assert_max_num_queries(12):
        told = page(browser, "follow", case.initiative_id).text
    assert "en cours de relecture" in told
    assert "La coordination a commencé à la lire." in told
    assert "rendu le dossier" not in told
    assert "Max" not in told


def test_a_late_answer_is_said(ana, max, as_):
    case = factories.sent(ana)
    Case.objects.filter(pk=case.pk).update(decision_due_at=timezone.now() - timezone.timedelta(days=1))
    assert "Nous sommes en retard" in page(as_(ana), "follow", case.initiative_id).text


def test_changes_asked_lead_to_their_fields_and_the_sheet_goes_again(ana, max, as_, django_assert_max_num_queries):
    case = factories.claimed(ana, max)
    case.request_changes(
        max, "Beau récit, il manque une chose.", {"story": "Qui a eu l’idée ?", "place": "Quel quartier ?"}
    )
    browser = as_(ana)
    told = page(browser, "follow", case.initiative_id)
    assert "Qui a eu l’idée" in told.text
    assert "Beau récit" in told.text
    answer = press(browser, "draft", case.initiative_id, follow=False, field="story")
    version = Version.objects.working().get(initiative=case.initiative_id)
    assert answer.headers["Location"] == f"{address('recit', version)}#id_story_field"
    with django_assert_max_num_queries(12):
        screen = browser.get(address("recit", version))
    assert "Qui a eu l’idée" in screen.text
    assert "Quel quartier" not in screen.text
    write(browser, "recit", version, story=factories.STORY + " L’idée vient d’une habitante.")
    sent = press(browser, "submit", case.initiative_id, edition=1)
    assert "La fiche complétée est envoyée de nouveau." in sent.text
    case.refresh_from_db()
    assert (case.status, case.version) == (CaseStatus.RECEIVED, version)
    assert Case.objects.count() == 1


def test_a_refusal_is_read_and_the_sheet_taken_up_again(ana, max, as_):
    case = factories.claimed(ana, max)
    case.refuse(max, "trop-peu", "Racontez la première rencontre, et nous publierons avec joie.")
    told = page(as_(ana), "follow", case.initiative_id)
    assert "Racontez la première rencontre" in told.text
    assert "Le récit ne permet pas de comprendre" in told.text
    assert "refusée, à reprendre" in told.text
    press(as_(ana), "draft", case.initiative_id)
    assert Version.objects.working().get(initiative=case.initiative_id).story == factories.STORY


def test_cancelling_asks_first_and_keeps_the_text(ana, max, as_):
    case = factories.sent(ana)
    assert "Annuler l’envoi" in page(as_(ana), "cancel", case.initiative_id).text
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED
    answer = press(as_(ana), "cancel", case.initiative_id)
    assert "L’envoi est annulé" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CANCELLED
    assert Initiative.objects.get(pk=case.initiative_id).status == SheetStatus.DRAFT
    press(as_(ana), "draft", case.initiative_id)
    assert Version.objects.working().get(initiative=case.initiative_id).title == case.version.title
    assert press(as_(ana), "cancel", case.initiative_id, follow=False).status_code == 302


def test_while_it_is_read_nothing_is_written(ana, max, as_):
    case = factories.claimed(ana, max)
    answer = press(as_(ana), "draft", case.initiative_id)
    assert "Cette fiche est en relecture" in answer.text
    assert not Version.objects.working().filter(initiative=case.initiative_id).exists()


def test_changing_a_published_sheet_leaves_the_public_page_alone(ana, max, as_):
    initiative = factories.published(ana, max)
    url = reverse("initiatives:edit", args=[initiative.slug])
    public = initiative.public_version_id
    assert "La page publique ne change pas" in as_(ana).get(url).text
    assert not Version.objects.working().filter(initiative=initiative).exists()
    as_(ana).post(url)
    working = Version.objects.working().get(initiative=initiative)
    write(as_(ana), "quoi", working, title="Un tout autre titre")
    press(as_(ana), "submit", initiative.pk, edition=1)
    initiative.refresh_from_db()
    assert (initiative.public_version_id, initiative.status) == (public, SheetStatus.PUBLISHED)
    assert Case.objects.get(initiative=initiative, status="received").kind == CaseKind.REVISION
    assert "Un tout autre titre" not in as_(None).get(initiative.get_absolute_url()).text
    # A second change waits for the first.
    assert "en relecture" in as_(ana).post(url, follow=True).text
    assert Version.objects.working().filter(initiative=initiative).count() == 0


def test_only_authors_change_a_published_sheet(ana, max, stan, as_):
    initiative = factories.published(ana, max)
    url = reverse("initiatives:edit", args=[initiative.slug])
    for person in (stan, max):
        assert as_(person).get(url).status_code == 404
        assert as_(person).post(url).status_code == 404
    assert as_(None).get(url).status_code == 302
    factories.co_author(initiative, stan)
    assert as_(stan).get(url).status_code == 200


def test_a_draft_is_thrown_away_after_a_question(ana, as_):
    version = factories.draft(ana, title="À jeter")
    assert "Supprimer ce brouillon" in page(as_(ana), "discard", version.initiative_id).text
    assert Version.objects.filter(pk=version.pk).exists()
    answer = press(as_(ana), "discard", version.initiative_id)
    assert "Le brouillon est supprimé" in answer.text
    assert "À jeter" not in answer.text
    assert not Version.objects.filter(initiative=version.initiative_id).exists()
    assert page(as_(ana), "draft", version.initiative_id).status_code == 404


def test_a_change_thrown_away_leaves_the_published_sheet(ana, max, as_):
    initiative = factories.published(ana, max)
    initiative.version_to_edit(ana)
    answer = press(as_(ana), "discard", initiative.pk)
    assert "La modification est abandonnée" in answer.text
    initiative.refresh_from_db()
    assert initiative.status == SheetStatus.PUBLISHED
    assert not Version.objects.working().filter(initiative=initiative).exists()


def test_my_initiatives_say_where_each_one_stands(ana, max, as_, django_assert_max_num_queries):
    assert "Vous n’avez encore rien raconté" in as_(ana).get(reverse("initiatives:mine")).text
    factories.draft(ana, title="Celle que j’écris")
    factories.sent(ana)
    case = factories.claimed(ana, max)
    case.request_changes(max, "Un mot.", {})
    factories.published(ana, max).version_to_edit(ana)
    browser = as_(ana)
    with django_assert_max_num_queries(12):
        answer = browser.get(reverse("initiatives:mine"))
    for words in ("brouillon", "envoyée", "à compléter", "publiée, modification en cours", "Celle que j’écris"):
        assert words in answer.text
    assert as_(ana).get(reverse("initiatives:mine"), {"page": "-1"}).status_code == 200
    assert "Celle que j’écris" not in as_(max).get(reverse("initiatives:mine")).text


@pytest.mark.parametrize("state", ["draft", "sent", "claimed", "published", "refused"])
def test_every_page_of_an_author_answers_in_every_state(state, ana, max, as_):
    made = {
        "draft": lambda: factories.draft(ana).initiative,
        "sent": lambda: factories.sent(ana).initiative,
        "claimed": lambda: factories.claimed(ana, max).initiative,
        "published": lambda: factories.published(ana, max),
        "refused": lambda: (
            (case := factories.claimed(ana, max)).refuse(max, "accord", "Demandez l’accord.") and case.initiative
        ),
    }
    initiative = made[state]()
    initiative = initiative if isinstance(initiative, Initiative) else initiative[1]
    browser = as_(ana)
    for name in ("draft", "check", "submit", "discard", "follow", "cancel"):
        assert page(browser, name, initiative.pk).status_code in (200, 302), name
    for step in ("quoi", "ou", "recit", "droits"):
        assert browser.get(reverse("initiatives:step", args=[initiative.pk, step])).status_code == 200
    slug = Initiative.objects.get(pk=initiative.pk).slug
    assert browser.get(reverse("initiatives:edit", args=[slug])).status_code in (200, 302)
    if state == "draft":
        assert "edition" in shown(browser.get(reverse("initiatives:step", args=[initiative.pk, "quoi"])))
