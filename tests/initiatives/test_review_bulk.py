"""A long queue: few queries, several reminders at once, a search; and never a publication by the dozen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case, Initiative, Version
from tests import factories

QUEUE = "initiatives:queue"


def titles(answer):
    return [case.version.title for case in answer.context["page"]]


# The crowd but the first, each with its number.
SHEETS = """(
  SELECT id, substr(slug, 7)::int AS n FROM initiatives_initiative WHERE slug LIKE 'foule-%' AND slug <> 'foule-0'
)"""
VERSIONS = f"""(
  SELECT version.id, initiative_id, n
  FROM initiatives_version version JOIN {SHEETS} sheet ON sheet.id = initiative_id
)"""  # noqa: S608


def copies(row, source, **said):
    """As many rows like this one as `source` has, with something else said in some columns, in one statement."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = ", ".join(said.get(column, f'model."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" model, {source} AS other'  # noqa: S608
            f" WHERE model.id = {row.pk}"
        )


def five_thousand():
    """Numbered from 1, one of the first and 4 999 like it."""
    now, place = timezone.now(), factories.commune()
    sheet = Initiative.objects.create(slug="foule-0", status="in_review")
    version = Version.objects.create(initiative=sheet, number=1, title="Fiche 0", place=place, frozen_at=now)
    case = Case.objects.create(
        initiative=sheet,
        version=version,
        territory=factories.departement("62"),
        status="received",
        received_at=now,
        first_sign_due_at=now,
        decision_due_at=now - timedelta(days=15),
    )
    copies(sheet, "generate_series(1, 4999)", slug="'foule-' || other")
    copies(version, SHEETS, initiative_id="other.id", title="'Fiche ' || other.n")
    copies(
        case,
        VERSIONS,
        initiative_id="other.initiative_id",
        version_id="other.id",
        status="('{received,received,changes_requested,waiting_third_party,refused}'::text[])[other.n % 5 + 1]",
        received_at="model.received_at - other.n % 40 * interval '1 day'",
        decision_due_at="model.decision_due_at + other.n % 30 * interval '1 day'",
    )


@pytest.fixture
def crowd(db):
    five_thousand()


def test_the_queue_of_five_thousand(crowd, max, as_, django_assert_max_num_queries):
    browser = as_(max)
    for view in ("a-traiter", "en-retard", "chez-l-auteur", "decides", "a-actualiser"):
        with django_assert_max_num_queries(12):
            answer = browser.get(reverse(QUEUE), {"vue": view, "page": "3"})
        assert answer.status_code == 200
    with django_assert_max_num_queries(12):
        assert titles(browser.get(reverse(QUEUE), {"q": "fiche 4321"})) == ["Fiche 4321"]
    counts = {slug: count for slug, _, count in answer.context["tabs"]}
    assert (counts["a-traiter"], counts["chez-l-auteur"], counts["decides"]) == (2000, 1000, 1000)


def test_find_by_number_or_by_words(ana, max, stan, as_):
    case = factories.sent(ana, title="Épluchures et démarches")
    factories.sent(stan, title="Un autre atelier")
    browser = as_(max)
    for typed in (case.number, f"n° {case.pk}", f"dossier {case.pk}", "epluchures", "DÉMARCHES éplu"):
        assert titles(browser.get(reverse(QUEUE), {"q": typed})) == ["Épluchures et démarches"], typed
    for typed in ("9" * 40, "%", "\x00", "' OR 1=1", "introuvable"):
        answer = browser.get(reverse(QUEUE), {"q": typed})
        assert answer.status_code == 200
    assert "Aucun dossier de votre territoire" in answer.text


def test_search_stays_in_ones_territory(ana, max, as_):
    case = factories.sent(ana, place=factories.commune("35238"))
    assert titles(as_(max).get(reverse(QUEUE), {"q": case.number})) == []


def test_urgent_first_then_the_oldest(ana, stan, max, as_):
    factories.sent(ana, title="Ancienne")
    urgent = factories.sent(stan, title="Urgente")
    Case.objects.filter(pk=urgent.pk).update(urgent=True)
    answer = as_(max).get(reverse(QUEUE))
    assert titles(answer) == ["Urgente", "Ancienne"]
    assert "urgent</span>" in answer.text


def test_reports_and_second_readings_have_their_views(ana, stan, max, nora, as_):
    from initiatives.models import Report

    initiative = factories.published(ana, nora, title="Signalée")
    Report.send(initiative, kind=Report.Kind.CORRECTION, sender="x" * 64, text="Une date est fausse.")
    case = factories.claimed(stan, nora, title="Refusée")
    case.refuse(nora, "trop-peu", "Racontez une séance entière, du début à la fin.")
    case.appeal(stan, "La fiche raconte bien un groupe.")
    browser = as_(max)
    assert titles(browser.get(reverse(QUEUE), {"vue": "signalements"})) == ["Signalée"]
    assert titles(browser.get(reverse(QUEUE), {"vue": "secondes-lectures"})) == ["Refusée"]


def test_sheets_to_refresh_on_ones_territory(ana, max, as_):
    fresh, old = factories.published(ana, max, title="Fraîche"), factories.published(ana, max, title="Ancienne")
    Initiative.objects.filter(pk=old.pk).update(verified_on=timezone.localdate() - timedelta(days=400))
    page = as_(max).get(reverse(QUEUE), {"vue": "a-actualiser"})
    assert "Ancienne" in page.text
    assert fresh.public_version.title not in page.text


def test_remind_several_authors_once_a_week(ana, stan, max, as_):
    waiting = [factories.claimed(person, max, title=f"À compléter {person}") for person in (ana, stan)]
    for case in waiting:
        case.request_changes(max, "Presque.", {})
    received = factories.sent(ana, title="Reçue")
    browser, url = as_(max), reverse("initiatives:bulk")
    asked = {"geste": "rappeler", "dossier": [case.pk for case in (*waiting, received)]}
    assert "Rappeler à 2 équipes" in browser.get(url, asked).text
    assert "2 rappels envoyés." in browser.post(url, asked, follow=True).text
    assert "un rappel est déjà parti" in browser.post(url, asked, follow=True).text
    emails.tell_moves()
    assert Letter.objects.filter(subject__startswith="Votre fiche vous attend").count() == 2


def test_a_forged_move_is_refused_in_words_and_journalled_once(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    before = Case.objects.filter(pk=case.pk).values().get()
    for act in ("claim", "release", "resume", "accept", "refuse", "redirect", "request_changes", "ask_third_party"):
        data = {
            "refuse-motive": "trop-peu", "refuse-text": "x" * 40, "redirect-where": "Là", "redirect-text": "x" * 40,
            "changes-text": "Un mot", "third-who": "Elle", "third-text": "Une question posée",
        }  # fmt: skip
        for _ in range(2):
            answer = as_(nora).post(reverse(f"initiatives:{act}", args=[case.pk]), data)
            assert answer.status_code == 409, act
            assert "Cela n’a pas pu se faire" in answer.text
    assert Case.objects.filter(pk=case.pk).values().get() == before
    tried = case.moves.filter(verb="attempt", by=nora)
    assert tried.count() == 8
    assert set(tried.values_list("motive", flat=True)) >= {"accept", "refuse", "claim"}
    page = as_(max).get(reverse("initiatives:case", args=[case.pk])).text
    assert "Nora a essayé, sans effet" in page
    assert "a essayé" not in as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text


def test_a_stranger_finds_nothing_and_leaves_no_line(ana, max, stan, as_):
    case = factories.claimed(ana, max)
    assert as_(stan).post(reverse("initiatives:accept", args=[case.pk])).status_code == 404
    assert not case.moves.filter(verb="attempt").exists()
