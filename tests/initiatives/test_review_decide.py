"""Claim, ask, refuse, publish: each decision is one line that stays, and one at a time."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case, Entry, Initiative, Move
from initiatives.workflow import CaseStatus, Overtaken, Refused, SheetStatus
from tests import factories
from tests.initiatives.telling import shown

NAMES = {"accept": "accept", "request_changes": "changes", "refuse": "refuse"}


def url(name, case):
    return reverse(f"initiatives:{name}", args=[case.pk])


def test_opening_is_not_claiming(ana, max, as_):
    case = factories.sent(ana)
    assert as_(max).get(url("case", case)).status_code == 200
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED


def test_publish(ana, max, network, as_):
    case = factories.sent(ana)
    as_(max).post(url("claim", case))
    answer = as_(max).post(url("accept", case), {"accept-text": "Merci pour ce récit."}, follow=True)
    assert "La fiche est publiée" in answer.text
    initiative = Initiative.objects.get(pk=case.initiative_id)
    assert initiative.status == SheetStatus.PUBLISHED
    assert initiative.public_version == case.version
    assert initiative.verified_by == network
    assert initiative.slug == "la-cuisine-partagee-qui-ouvre-les-boites-aux-lettres"
    assert Entry.objects.filter(initiative=initiative).exists()
    assert as_(None).get(initiative.get_absolute_url()).status_code == 200


def test_ask_for_changes_tied_to_a_field(ana, max, as_):
    case = factories.claimed(ana, max)
    as_(max).post(url("request_changes", case), {"changes-text": "", "changes-remark_story": "Qui a eu l’idée ?"})
    case.refresh_from_db()
    assert case.status == CaseStatus.CHANGES_REQUESTED
    assert case.claimed_by is None
    remark = case.moves.get(verb="request_changes").remarks.get()
    assert (remark.field, remark.text) == ("story", "Qui a eu l’idée ?")


def test_an_empty_request_is_refused_with_a_sentence(ana, max, as_):
    case = factories.claimed(ana, max)
    answer = as_(max).post(url("request_changes", case), {"changes-text": "  "})
    assert "Dites au moins une chose à compléter" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_refuse_says_what_would_make_it_acceptable(ana, max, as_):
    case = factories.claimed(ana, max)
    short = as_(max).post(url("refuse", case), {"refuse-motive": "anonymat", "refuse-text": "Non."})
    assert "Un refus s’explique" in short.text
    assert "Non." in short.text
    text = "Remplacez les prénoms, puis renvoyez la fiche : elle a toute sa place."
    as_(max).post(url("refuse", case), {"refuse-motive": "anonymat", "refuse-text": text})
    case.refresh_from_db()
    assert case.status == CaseStatus.REFUSED
    assert case.initiative.status == SheetStatus.DRAFT
    forged = as_(max).post(url("refuse", case), {"refuse-motive": "parce-que", "refuse-text": text})
    assert forged.status_code == 200


def test_one_does_not_decide_on_ones_own_sheet(max, as_):
    case = factories.sent(max)
    page = as_(max).get(url("case", case))
    assert "Vous avez écrit cette fiche" in page.text
    answer = as_(max).post(url("claim", case))
    assert answer.status_code == 409
    with pytest.raises(Refused):
        case.claim(max)


def test_nor_on_a_co_written_one_nor_on_ones_employers(ana, max, nora):
    case = factories.sent(ana)
    factories.co_author(case.initiative, max)
    assert case.conflict_for(max)
    employer = factories.organisation("CCAS", siret="21620498200017")
    other = factories.sent(ana, organisation_siret=employer.siret)
    nora.organisation = employer
    nora.save()
    assert "votre organisation" in other.conflict_for(nora)


def test_the_second_to_decide_is_told_and_loses_nothing(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    stale = Case.objects.get(pk=case.pk)
    case.request_changes(max, "Encore un effort.", {})
    with pytest.raises(Overtaken, match="Max a demandé des compléments"):
        stale.accept(max)
    answer = as_(max).post(url("refuse", case), {"refuse-motive": "anonymat", "refuse-text": "x" * 40})
    assert answer.status_code == 409
    assert "Max a demandé des compléments" in answer.text
    assert Move.objects.filter(case=case, verb__in=["accept", "refuse"]).count() == 0


def test_someone_elses_claim_is_theirs(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    answer = as_(nora).post(url("accept", case), {"accept-text": ""})
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_a_released_case_is_for_everyone_again(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    as_(max).post(url("release", case))
    as_(nora).post(url("claim", case))
    case.refresh_from_db()
    assert case.claimed_by == nora


def test_the_public_page_waits_for_the_decision(ana, max, as_):
    initiative = factories.published(ana, max)
    version = initiative.version_to_edit(ana)
    factories.fill(version, title="Un titre tout neuf", story=version.story + " Et puis on a planté des poireaux.")
    case = Case.submit(version, ana)
    assert case.kind == "revision"
    page = as_(None).get(initiative.get_absolute_url())
    assert "Un titre tout neuf" not in page.text
    case.claim(max)
    review = as_(max).get(url("case", case))
    assert "Ce qui change" in review.text
    assert "<ins>Et puis on a planté des poireaux.</ins>" in review.text
    case.accept(max)
    page = as_(None).get(initiative.get_absolute_url())
    assert "Un titre tout neuf" in page.text
    assert initiative.versions.count() == 2


def test_the_journal_is_never_edited(ana, max):
    factories.published(ana, max)
    move = Move.objects.latest("pk")
    with pytest.raises(IntegrityError, match="ne se modifie pas"), transaction.atomic():
        Move.objects.filter(pk=move.pk).update(text="autre chose")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM initiatives_move WHERE id = %s", [move.pk])


def test_letters_follow_each_move_once(ana, max, network):
    case = factories.sent(ana)
    assert emails.tell_moves() > 0
    assert emails.tell_moves() == 0
    receipt = Letter.objects.get(person=ana)
    assert case.number in receipt.body
    assert network.name in receipt.body
    assert Letter.objects.filter(person=max, subject__startswith="À relire").count() == 1
    case.claim(max)
    case.request_changes(max, "Presque.", {"story": "Combien étiez-vous ?"})
    emails.tell_moves()
    asked = Letter.objects.get(subject__startswith="Quelques compléments")
    assert "Combien étiez-vous" in asked.body
    assert Letter.objects.filter(person=ana).count() == 3


def test_a_claim_lapses_after_three_working_days(ana, max):
    from initiatives import deadlines

    case = factories.claimed(ana, max)
    assert deadlines.lapse_claims() == 0
    Case.objects.filter(pk=case.pk).update(claim_expires_at=case.claimed_at)
    assert deadlines.lapse_claims() == 1
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED
    emails.tell_moves()
    assert Letter.objects.filter(person=max, subject__startswith="Un dossier est revenu").exists()


def test_a_role_that_ends_gives_its_cases_back(ana, max, nora):
    """At once when it is ended today, and by itself when it ends by its date."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts import rights
    from initiatives import deadlines

    case, today = factories.claimed(ana, max), timezone.localdate()
    role = max.roles.get()
    rights.end_role(role, today - timedelta(days=1))
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED
    case.claim(nora)
    assert deadlines.lapse_claims() == 0
    nora.roles.update(from_on=today - timedelta(days=9), until_on=today - timedelta(days=1))
    assert deadlines.lapse_claims() == 1


def test_the_case_asks_few_queries(ana, max, as_, django_assert_max_num_queries):
    case = factories.claimed(ana, max)
    browser = as_(max)
    with django_assert_max_num_queries(12):
        browser.get(url("case", case))


def test_the_number_on_the_receipt_never_changes(ana, max):
    """Not when the year turns between two sendings, nor when New Year is already here and not yet in London."""
    from datetime import UTC, datetime

    case = factories.claimed(ana, max)
    number = case.number
    case.request_changes(max, "Presque.", {})
    Case.objects.filter(pk=case.pk).update(received_at=datetime(2031, 12, 31, 23, 30, tzinfo=UTC))
    case.refresh_from_db()
    assert case.number == number


def test_a_second_request_without_remarks_leaves_none_of_the_first(ana, max, as_):
    case = factories.claimed(ana, max)
    case.request_changes(max, "", {"title": "Un titre plus court."})
    case = Case.submit(case.initiative.version_to_edit(ana), ana)
    case.claim(max)
    case.request_changes(max, "Merci, il manque encore une phrase de fin.", {})
    version = case.initiative.version_to_edit(ana)
    page = as_(ana).get(reverse("initiatives:step", args=[version.initiative_id, "quoi"]))
    assert "Un titre plus court." not in page.text


def test_a_revision_is_compared_with_what_the_public_reads(ana, max, as_):
    """What an earlier, refused change had altered is part of what this one would publish."""
    initiative = factories.published(ana, max)
    first = initiative.version_to_edit(ana)
    factories.fill(first, title="Un titre refusé")
    refused = Case.submit(first, ana)
    refused.claim(max)
    refused.refuse(max, "promotion", "Gardez le titre d’avant, il dit mieux ce qui se passe.")
    second = initiative.version_to_edit(ana)
    factories.fill(second, beginning="Un autre départ.")
    case = Case.submit(second, ana)
    page = as_(max).get(url("case", case))
    assert "celle que le public lit" in page.text
    assert {"Titre", "Au départ…"} <= {change.label for change in page.context["changes"]}


def test_an_error_in_the_supports_is_said_at_the_head_of_the_page(ana, max, as_):
    case = factories.claimed(ana, max)
    page = as_(max).post(
        url("accept", case), {"accept-version": case.version_id, "levers-new_sentence": "Elles votent."}
    )
    assert "Erreur : " in page.text[: page.text.index("</title>")]
    assert 'href="#id_levers-new_proposal"' in page.text


def test_the_network_that_verifies_is_the_one_of_the_territory(ana, max):
    """Max also coordinates elsewhere, for somebody else: this sheet is from here."""
    elsewhere = factories.organisation("Réseau d’Ille-et-Vilaine")
    max.roles.update(from_on="2020-01-01")
    factories.role(max, "coordinator", territory=factories.departement("35"), organisation=elsewhere)
    initiative = factories.published(ana, max)
    assert initiative.verified_by.name == "Réseau du travail social collectif du Pas-de-Calais"


def test_where_all_who_answer_have_a_hand_in_it_the_national_team_is_told(max, nora, as_):
    """Max wrote it and is alone on his territory: the receipt names who will really answer, and they are written to."""
    case = factories.sent(max)
    emails.tell_moves()
    assert Letter.objects.filter(person=nora, subject__startswith="À relire").exists()
    assert "Équipe nationale" in Letter.objects.get(person=max, subject__startswith="Bien reçu").body
    page = as_(max).get(reverse("initiatives:follow", args=[case.initiative_id]))
    assert "Équipe nationale" in page.text


def test_who_was_reading_is_told_when_it_is_taken_back(ana, max):
    case = factories.claimed(ana, max)
    case.cancel(ana)
    emails.tell_moves()
    assert Letter.objects.filter(person=max, subject__startswith="Plus rien à relire").count() == 1
    again = factories.sent(ana)
    again.cancel(ana)
    emails.tell_moves()
    assert Letter.objects.filter(subject__startswith="Plus rien à relire").count() == 1


@pytest.mark.parametrize("act", ["accept", "request_changes", "refuse"])
def test_what_was_written_when_the_session_ended_comes_back(act, ana, max, as_):
    case = factories.claimed(ana, max)
    browser = as_(max)
    form = shown(browser.get(url("case", case)), having=f"{NAMES[act]}-version")
    browser.logout()
    kept = browser.post(url(act, case), {**form, f"{NAMES[act]}-text": "Une longue réponse, écrite avec soin."})
    assert kept.status_code == 302
    browser.force_login(max)
    back = browser.get(url(act, case))
    assert back.status_code == 200
    assert "Une longue réponse, écrite avec soin." in back.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_the_address_of_an_act_leads_to_its_case(ana, max, as_):
    case = factories.sent(ana)
    assert as_(max).get(url("refuse", case))["Location"] == url("case", case)
