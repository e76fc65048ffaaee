"""« Je m’en inspire », « j’ai essayé », « j’ai adapté »: one's own page, what is shown of it, and what never is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from initiatives import lineage, reuses
from initiatives.models import Case, Initiative, Kinship, Reuse
from initiatives.views import reuse as views
from initiatives.workflow import SheetStatus
from tests import factories

LIST = "/initiatives/mes-reprises/"
WORDS = "Sans la cuisine, avec une bouilloire."
TODAY = timezone.localdate


@pytest.fixture
def sheet(ana, max) -> Initiative:
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def reuse(sheet, stan) -> Reuse:
    return Reuse.take_up(sheet, stan)[0]


def page(sheet: Initiative) -> str:
    return reverse("initiatives:inspire", args=[sheet.slug])


def url(reuse: Reuse, name: str = "") -> str:
    return reverse(f"initiatives:reuse_{name}" if name else "initiatives:reuse", args=[reuse.pk])


def now(reuse: Reuse) -> Reuse:
    return Reuse.objects.get(pk=reuse.pk)


def send(browser, reuse: Reuse, name: str = "", mark: str = "", **fields: object):
    return browser.post(url(reuse, name), {"mark": mark or now(reuse).mark, "note": "", **fields})


def tell(browser, reuse: Reuse, how: str = "raconter", **fields: object):
    return send(browser, reuse, "adapted", how=how, **fields)


def hide(sheet: Initiative, **fields: object) -> None:
    Initiative.objects.filter(pk=sheet.pk).update(**(fields or {"masked_at": timezone.now()}))


# Taking up


def test_a_visitor_reads_what_will_be_shown_and_signs_in(sheet, as_):
    nobody = as_(None)
    assert f'href="{page(sheet)}"' in nobody.get(sheet.get_absolute_url()).text
    answer = nobody.get(page(sheet))
    assert "Jamais votre nom" in answer.text
    assert f"?next={page(sheet)}" in answer.text
    assert not nobody.cookies
    assert nobody.post(page(sheet), {"note": WORDS}).url.startswith(f"{reverse('account_login')}?next={page(sheet)}")
    assert not Reuse.objects.exists()


def test_signing_in_brings_one_back(sheet, stan, as_):
    browser = as_(None)
    answer = browser.post(
        f"{reverse('account_login')}?next={page(sheet)}",
        {"login": stan.email, "password": factories.PASSWORD, "next": page(sheet)},
    )
    assert answer.url == page(sheet)
    assert "Je préfère ne pas le dire" in browser.get(page(sheet)).text


def test_taking_up(sheet, stan, as_):
    browser = as_(stan)
    answer = browser.post(page(sheet), {"departement": "42", "note": WORDS})
    assert answer.url == LIST
    made = Reuse.objects.get()
    assert (made.person, made.stage, made.departement.code, made.note) == (stan, "inspired", "42", WORDS)
    text = browser.get(LIST).text
    for said in ("La soupe du mardi", "je m’en inspire", "bouilloire", "Loire", "J’ai essayé"):
        assert said in text, said
    assert "Vous vous en inspirez" in browser.get(sheet.get_absolute_url()).text


def test_a_double_press_says_it_once(sheet, stan, as_):
    browser = as_(stan)
    for _ in range(2):
        assert browser.post(page(sheet), {"note": WORDS}).status_code == 302
    assert Reuse.objects.count() == 1
    assert "Vous l’avez déjà dit" in browser.get(page(sheet)).text


def test_the_departement_of_ones_organisation_is_offered(sheet, stan, as_):
    stan.organisation = factories.organisation(territory=factories.commune())
    stan.save()
    assert '<option value="62" selected>' in as_(stan).get(page(sheet)).text
    as_(stan).post(page(sheet), {"departement": ""})
    assert Reuse.objects.get().departement is None


def test_not_ones_own(sheet, ana, as_):
    assert "Je m’en inspire" not in as_(ana).get(sheet.get_absolute_url()).text
    for answer in (as_(ana).get(page(sheet)), as_(ana).post(page(sheet), {})):
        assert answer.url == sheet.get_absolute_url()
    assert not Reuse.objects.exists()


def test_a_public_source_may_be_taken_up(stan, as_, db):
    source = Initiative.objects.published().filter(origin="public_source").first()
    as_(stan).post(page(source), {})
    assert Reuse.objects.get().initiative == source


@pytest.mark.parametrize("fields", [{}, {"status": "withdrawn"}, {"status": "in_review"}, {"status": "merged"}])
def test_what_is_not_read_is_not_taken_up(sheet, stan, as_, fields):
    hide(sheet, **fields)
    for answer in (as_(stan).get(page(sheet)), as_(stan).post(page(sheet), {})):
        assert answer.status_code == 404
        assert "soupe" not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"departement": "1000"}, "Choisissez un département de la liste"),
        ({"departement": "\x00"}, "Choisissez un département de la liste"),
        ({"note": "x" * 1501}, "gardez-en 1500 au plus"),
        ({"note": "avec\x00zéro"}, "signe illisible"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_lost(sheet, stan, as_, fields, said):
    answer = as_(stan).post(page(sheet), {"departement": "", "note": WORDS, **fields})
    assert answer.status_code == 200
    assert said in answer.text
    assert "<title>Erreur" in " ".join(answer.text.split()).replace("<title> ", "<title>")
    if "note" not in fields:
        assert WORDS in answer.text
    assert not Reuse.objects.exists()


def test_a_text_sent_after_the_session_ended_comes_back(sheet, reuse, stan, as_):
    browser = as_(stan)
    mark = browser.get(url(reuse, "dropped")).text.split('name="writer" value="')[1].split('"')[0]
    browser.logout()
    answer = browser.post(url(reuse, "dropped"), {"note": WORDS, "mark": reuse.mark, "writer": mark})
    assert reverse("account_login") in answer.url
    browser.force_login(stan)
    assert WORDS in browser.get(url(reuse, "dropped")).text
    assert now(reuse).stage == "inspired"


def test_not_the_whole_catalogue_in_a_day(sheet, stan, as_, db):
    for other in Initiative.objects.published().exclude(pk=sheet.pk)[: views.MOST_A_DAY]:
        Reuse.take_up(other, stan)
    answer = as_(stan).post(page(sheet), {"note": WORDS})
    assert answer.status_code == 429
    assert WORDS in answer.text
    assert not sheet.reuses.exists()


# Saying what came of it


def test_two_presses_at_the_same_moment_are_one(reuse, stan, as_, monkeypatch):
    """The second has read the row before the first wrote it."""
    before = Reuse.objects.with_sheets().get(pk=reuse.pk)
    draft = tell(as_(stan), reuse).url
    stale = iter([before])
    really = views.get_object_or_404
    monkeypatch.setattr(views, "get_object_or_404", lambda *args, **by: next(stale, None) or really(*args, **by))
    assert tell(as_(stan), reuse, mark=before.mark).url == draft
    assert Initiative.objects.written_by(stan).count() == 1


def test_forgotten_in_another_window_it_is_not_found(reuse, stan, as_, monkeypatch):
    before, really = Reuse.objects.with_sheets().get(pk=reuse.pk), views.get_object_or_404
    reuse.delete()
    stale = iter([before])
    monkeypatch.setattr(views, "get_object_or_404", lambda *args, **by: next(stale, None) or really(*args, **by))
    assert as_(stan).post(url(before, "dropped"), {"mark": before.mark}).status_code == 404


def test_one_tried(reuse, stan, as_):
    on = TODAY() - timedelta(days=10)
    assert send(as_(stan), reuse, "tried", on=on.isoformat(), note=WORDS).url == LIST
    found = now(reuse)
    assert (found.stage, timezone.localdate(found.tried_at), found.note) == ("tried", on, WORDS)


@pytest.mark.parametrize("on", ["", "demain", "2999-01-01", "1789-07-14", "\x00", "2026-02-31"])
def test_a_day_that_is_none_is_refused(reuse, stan, as_, on):
    answer = send(as_(stan), reuse, "tried", on=on, note=WORDS)
    assert answer.status_code == 200
    assert WORDS in answer.text
    assert now(reuse).stage == "inspired"


def test_one_gave_up_and_takes_it_up_again(reuse, sheet, stan, as_):
    browser = as_(stan)
    send(browser, reuse, "tried", on=TODAY().isoformat())
    send(browser, reuse, "dropped", note="La salle n’est plus libre.")
    assert now(reuse).stage == "dropped"
    assert "s’en inspire" not in as_(None).get(sheet.get_absolute_url()).text.split("Sa lignée")[-1]
    browser.post(url(reuse, "back"), {"mark": now(reuse).mark})
    assert (now(reuse).stage, now(reuse).dropped_at) == ("tried", None)
    send(browser, reuse, "dropped")
    browser.post(page(sheet), {"note": "Autrement."})  # from the sheet again: from the start
    found = now(reuse)
    assert (found.stage, found.tried_at, found.note) == ("inspired", None, "Autrement.")


def test_a_stage_said_by_mistake(reuse, stan, as_):
    browser = as_(stan)
    send(browser, reuse, "tried", on=TODAY().isoformat())
    tell(browser, reuse, "sans")
    for stage in ("tried", "inspired", "inspired"):
        browser.post(url(reuse, "back"), {"mark": now(reuse).mark})
        assert now(reuse).stage == stage
    assert (now(reuse).tried_at, now(reuse).adapted_at) == (None, None)
    assert browser.get(url(reuse, "back")).status_code == 405


def test_the_date_of_a_try_is_corrected_without_losing_what_followed(reuse, stan, as_):
    browser = as_(stan)
    tell(browser, reuse, "sans")
    send(browser, reuse, "tried", on="2026-01-05")
    assert (now(reuse).stage, timezone.localdate(now(reuse).tried_at).month) == ("adapted", 1)


def test_two_windows_lose_nothing(reuse, stan, as_):
    browser = as_(stan)
    opened = reuse.mark
    send(browser, reuse, note="Écrit ici.", departement="62")
    answer = send(browser, reuse, "dropped", mark=opened, note="Écrit là.")
    assert answer.status_code == 409
    assert "Écrit ici." in answer.text
    assert "Écrit là.</textarea>" in answer.text
    assert f'name="mark" value="{now(reuse).mark}"' in answer.text
    assert (now(reuse).stage, now(reuse).note) == ("inspired", "Écrit ici.")
    send(browser, reuse, "dropped", note="Les deux.")
    assert (now(reuse).stage, now(reuse).departement.code) == ("dropped", "62")
    browser.post(url(reuse, "back"), {"mark": opened})
    assert now(reuse).stage == "dropped"


def test_a_double_press_of_a_stage_is_one(reuse, stan, as_):
    browser, mark = as_(stan), reuse.mark
    for _ in range(2):
        assert send(browser, reuse, "dropped", mark=mark, note=WORDS).url == LIST
    assert now(reuse).stage == "dropped"


def test_forgetting_asks_first(reuse, sheet, stan, as_):
    browser = as_(stan)
    assert "Oublier cette reprise" in browser.get(url(reuse, "forget")).text
    assert Reuse.objects.exists()
    assert browser.post(url(reuse, "forget")).url == LIST
    assert not Reuse.objects.exists()
    assert browser.post(url(reuse, "forget")).status_code == 404
    assert "Sa lignée" not in as_(None).get(sheet.get_absolute_url()).text


def test_it_leaves_with_the_account(reuse, stan):
    stan.delete()
    assert not Reuse.objects.exists()


# Telling one's own


def test_telling_ones_own_starts_a_draft_that_says_where_it_comes_from(reuse, sheet, stan, as_):
    answer = tell(as_(stan), reuse, note=WORDS)
    found = now(reuse)
    child = found.child
    assert (found.stage, answer.url) == ("adapted", reverse("initiatives:draft", args=[child.pk]))
    version = child.working_version()
    assert [(row.kind, row.other) for row in version.kinship_rows.all()] == [("inspiree", sheet)]
    assert (version.title, version.summary, version.story, version.place) == ("", "", "", None)
    assert child.slug.startswith("brouillon-")
    assert "Continuer ma fiche" in as_(stan).get(LIST).text


def test_a_double_press_starts_one_draft(reuse, stan, as_):
    browser, mark = as_(stan), reuse.mark
    first, second = (tell(browser, reuse, mark=mark) for _ in range(2))
    assert first.url == second.url
    assert Initiative.objects.written_by(stan).count() == 1


def test_published_it_stands_in_the_lineage(reuse, sheet, stan, max, as_):
    tell(as_(stan), reuse)
    version = factories.fill(now(reuse).child.working_version(), **factories.complete(title="La soupe du jeudi"))
    assert "La soupe du jeudi" not in as_(None).get(sheet.get_absolute_url()).text
    case = Case.submit(version, stan)
    case.claim(max)
    case.accept(max)
    text = as_(None).get(sheet.get_absolute_url()).text
    assert "1 personne s’en inspire, 1 fiche en est née." in text.replace("\xa0", " ")
    assert "La soupe du jeudi" in text
    assert "Voir ma fiche" in as_(stan).get(LIST).text


def test_a_draft_thrown_away_may_be_begun_again(reuse, stan, as_):
    browser = as_(stan)
    tell(browser, reuse)
    now(reuse).child.discard(stan)
    assert "Raconter la mienne" in browser.get(LIST).text
    tell(browser, reuse)
    assert now(reuse).child.status == SheetStatus.DRAFT
    assert Initiative.objects.written_by(stan).count() == 2


def test_too_many_drafts_are_refused_with_what_was_typed(reuse, stan, as_):
    for _ in range(reuses.MOST_DRAFTS):
        factories.draft(stan)
    answer = tell(as_(stan), reuse, note=WORDS)
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert now(reuse).stage == "inspired"


def test_a_sheet_of_ones_own_is_tied_by_its_next_version(reuse, sheet, stan, max, as_):
    mine = factories.published(stan, max, title="La bouilloire")
    answer = tell(as_(stan), reuse, "fiche", child=mine.pk)
    assert answer.url == reverse("initiatives:draft", args=[mine.pk])
    assert now(reuse).child == mine
    assert mine.working_version().kinship_rows.get().other == sheet
    assert not Kinship.objects.filter(version=mine.public_version).exists()
    assert lineage.of(sheet.pk).after == []


def test_a_draft_of_ones_own_is_tied_and_its_open_window_is_told(reuse, sheet, stan, as_):
    draft = factories.draft(stan, title="La bouilloire")
    tell(as_(stan), reuse, "fiche", child=draft.initiative_id)
    edition = draft.edition
    draft.refresh_from_db()
    assert draft.edition == edition + 1
    assert draft.kinship_rows.get().other == sheet


def test_a_sheet_being_read_waits(reuse, stan, as_):
    case = factories.sent(stan, title="La bouilloire")
    answer = tell(as_(stan), reuse, "fiche", child=case.initiative_id, note=WORDS)
    assert answer.status_code == 409
    assert "en relecture" in answer.text
    assert WORDS in answer.text
    assert now(reuse).stage == "inspired"


def test_others_sheets_are_no_choice(reuse, sheet, stan, ana, max, as_):
    other = factories.published(ana, max, title="Une autre d’Ana")
    factories.draft(stan, title="Un brouillon")
    browser = as_(stan)
    assert "Une autre d’Ana" not in browser.get(url(reuse, "adapted")).text
    for forged in (other.pk, sheet.pk, 999_999_999, "x", ""):
        answer = tell(browser, reuse, "fiche", child=forged)
        assert answer.status_code == 200
        assert "Erreur" in answer.text
    assert now(reuse).child is None


def test_no_ring_is_tied(reuse, sheet, stan, max, as_):
    mine = factories.published(stan, max, title="L’aînée")
    Kinship.objects.create(version=sheet.public_version, other=mine, kind="inspiree")
    answer = tell(as_(stan), reuse, "fiche", child=mine.pk)
    assert answer.status_code == 409
    assert "inspire déjà" in answer.text
    assert now(reuse).stage == "inspired"


# What becomes of the sheet meanwhile


@pytest.mark.parametrize("fields", [{}, {"status": "withdrawn", "withdrawn_reason": "author"}, {"status": "in_review"}])
def test_of_a_sheet_hidden_or_gone_no_word_comes_out(reuse, sheet, stan, as_, fields):
    hide(sheet, **fields)
    browser = as_(stan)
    names = ("", "tried", "adapted", "dropped", "forget")
    for text in (browser.get(LIST).text, *(browser.get(url(reuse, name)).text for name in names)):
        assert "soupe" not in text
        assert "n’est plus en ligne" in text
    tell(browser, reuse)
    version = now(reuse).child.working_version()
    assert not version.kinship_rows.exists()


def test_a_sheet_joined_to_another_leads_to_it(reuse, sheet, stan, ana, max, as_):
    into = factories.published(ana, max, title="La grande soupe")
    hide(sheet, status=SheetStatus.MERGED, merged_into=into)
    browser = as_(stan)
    text = browser.get(LIST).text
    assert "La grande soupe" in text
    assert "réunie à celle-ci" in text
    assert "soupe du mardi" not in text
    tell(browser, reuse)
    assert now(reuse).child.working_version().kinship_rows.get().other == into
    hide(into)
    assert "soupe" not in browser.get(LIST).text


# Whose


def test_ones_own_alone(reuse, ana, max, ada, as_):
    for person in (ana, max, ada):
        for name in ("", "tried", "adapted", "dropped", "forget"):
            assert as_(person).get(url(reuse, name)).status_code == 404
            assert as_(person).post(url(reuse, name), {"mark": reuse.mark}).status_code == 404
        assert as_(person).post(url(reuse, "back"), {"mark": reuse.mark}).status_code == 404
        assert "soupe" not in as_(person).get(LIST).text
    assert now(reuse).stage == "inspired"


def test_a_note_is_read_by_nobody_else(sheet, stan, ana, max, as_):
    as_(stan).post(page(sheet), {"note": WORDS})
    seen = [as_(person).get(sheet.get_absolute_url()).text for person in (None, ana, max)]
    seen += [letter.body for letter in Letter.objects.exclude(person=stan)]
    assert not [text for text in seen if "bouilloire" in text or stan.name in text]


def test_an_address_of_ours_is_no_sheets(ana, max):
    assert factories.published(ana, max, title="Mes reprises").slug != "mes-reprises"


def test_queries(stan, ana, max, as_, django_assert_max_num_queries):
    into = factories.published(ana, max)
    for n in range(12):
        sheet = factories.published(ana, max, title=f"Soupe {n}")
        made, _ = Reuse.take_up(sheet, stan, factories.departement("62"))
        if n % 3 == 0:
            hide(sheet, status=SheetStatus.MERGED, merged_into=into)
        if n % 4 == 0:
            made.adapt("", made.mark, factories.draft(stan).initiative)
    browser = as_(stan)
    for path in (LIST, url(made), url(made, "adapted"), url(made, "tried"), page(sheet)):
        with django_assert_max_num_queries(12):
            assert browser.get(path).status_code == 200
