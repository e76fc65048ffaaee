"""Tell: what one types is kept on the server before any button is pressed, and comes back to its writer alone."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import kept
from initiatives import steps
from initiatives.models import Authorship, Case, TypedText, Version
from initiatives.views.conflict import imprint
from tests import factories
from tests.initiatives.telling import address, shown, tree, write

HOSTILE = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
ONE, TWO, THREE = "1" * 24, "2" * 24, "3" * 24


def place(step, version):
    return reverse("initiatives:typing", args=[version.initiative_id, step])


def types(browser, version, page, step="quoi", window=ONE, count=2, **typed):
    """What the page sends by itself while one types."""
    return browser.post(place(step, version), {**shown(page), "window": window, "count": count, **typed})


def saves(browser, version, page, step="quoi", **typed):
    return browser.post(address(step, version), {**shown(page), **typed})


@pytest.fixture
def ben(db):
    return factories.person("Ben")


@pytest.fixture
def draft(ana):
    return factories.draft(ana, title="Le titre enregistré")


def test_what_is_typed_comes_back_on_another_machine(draft, ana, as_):
    here, there = as_(ana), as_(ana)
    page = here.get(address("quoi", draft))
    answer = types(here, draft, page, title="Le titre que je tape", start_year="douze", state="jamais")
    assert answer.status_code == 200
    assert answer.json()["elsewhere"] == ""
    draft.refresh_from_db()
    assert (draft.title, draft.edition) == ("Le titre enregistré", 0)

    back = there.get(address("quoi", draft))
    assert "Voici ce que vous écriviez à" in back.text
    assert shown(back)["title"] == ["Le titre que je tape"]
    assert shown(back)["start_year"] == ["douze"]
    # Nothing has been sent: nothing is wrong yet.
    assert "<title>Erreur" not in back.text
    assert "error-summary" not in back.text
    assert "Voici ce que vous écriviez" not in there.get(address("droits", draft)).text

    assert saves(there, draft, back, start_year="2012", window=TWO, count=2).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Le titre que je tape"
    assert "Voici ce que vous écriviez" not in there.get(address("quoi", draft)).text
    assert not TypedText.objects.texts().exists()


def test_the_last_typed_wins_not_the_last_arrived(draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    for count, title in ((2, "un"), (6, "trois"), (4, "deux")):
        assert types(browser, draft, page, count=count, title=title).status_code == 200
    assert TypedText.objects.get().data["title"] == ["trois"]
    saves(browser, draft, page, title="quatre", window=ONE, count=8)
    types(browser, draft, page, count=6, title="trois, arrivé après l’enregistrement")
    assert not TypedText.objects.texts().exists()
    assert shown(browser.get(address("quoi", draft)))["title"] == ["quatre"]
    # Coming back by the history to the same page, one types again.
    types(browser, draft, page, count=10, title="cinq")
    assert "cinq" in browser.get(address("quoi", draft)).text


def test_six_queries_at_most(ana, as_):
    version = factories.complete_draft(ana)
    for each in steps.all_steps():
        browser = as_(ana)
        page = browser.get(address(each.slug, version))
        for window, count in ((ONE, 2), (ONE, 4), (TWO, 2)):
            with CaptureQueriesContext(connection) as asked:
                assert types(browser, version, page, each.slug, window, count, carried=f"{THREE}:4").status_code == 200
            assert len(asked) <= 6, [query["sql"] for query in asked]


def test_no_page_costs_more_for_what_was_typed(ana, as_, django_assert_max_num_queries):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    for each in steps.all_steps():
        page = browser.get(address(each.slug, version))
        types(browser, version, page, each.slug, beginning="x", title="y", place="Arras", employer_agrees="")
        with django_assert_max_num_queries(12):
            assert browser.get(address(each.slug, version)).status_code == 200
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("initiatives:check", args=[version.initiative_id])).status_code == 200


def test_a_screen_says_the_same_whatever_is_typed_in_it(ana):
    """The imprint of a screen that is shown with a typed text is that of what is saved."""
    version = factories.complete_draft(ana)
    for each in steps.all_steps():
        stored = each.form(Version.objects.get(pk=version.pk), None)
        posted = TypedText(
            data={"title": ["x"], "place": ["Arras"], "themes": ["a", "b"], "voice-0-text": ["x"]}
        ).posted()
        assert imprint(each.form(Version.objects.get(pk=version.pk), posted)) == imprint(stored)


def test_typed_over_words_that_changed_since_shows_both(draft, ana, ben, as_):
    Authorship.objects.create(initiative=draft.initiative, person=ben, role=Authorship.Role.CO_AUTHOR)
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    types(browser, draft, page, title="Le titre d’Ana", summary="Un résumé d’Ana")
    write(as_(ben), "quoi", draft, title="Le titre de Ben")

    both = browser.get(address("quoi", draft))
    assert "Deux textes pour le même écran" in both.text
    assert "Le titre d’Ana" in both.text
    assert "Le titre de Ben" in both.text
    assert saves(browser, draft, both, **{"garder-title": "autre"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("Le titre de Ben", "Un résumé d’Ana")
    assert not TypedText.objects.texts().exists()

    types(browser, draft, page, count=4, title="Encore Ana")
    both = browser.get(address("quoi", draft))
    mark = tree(both).find(".//button[@name='forget']").get("value")
    assert browser.post(address("quoi", draft), {"forget": mark}).status_code == 302
    assert shown(browser.get(address("quoi", draft)))["title"] == ["Le titre de Ben"]


def test_a_text_that_could_not_be_saved_is_kept_too(draft, ana, as_):
    """Without JavaScript: wrong, or written over, it is still there when one comes back."""
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    wrong = saves(browser, draft, page, title="Mon titre", start_year="douze")
    assert wrong.status_code == 200
    back = as_(ana).get(address("quoi", draft))
    assert shown(back)["title"] == ["Mon titre"]
    assert saves(browser, draft, wrong, start_year="2012").status_code == 302
    assert not TypedText.objects.texts().exists()

    assert saves(browser, draft, page, title="Un autre titre").status_code == 409
    assert "Un autre titre" in as_(ana).get(address("quoi", draft)).text


def test_two_windows_the_last_is_shown_and_the_other_offered(draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    types(browser, draft, page, window=ONE, title="Tapé dans la première")
    second = types(browser, draft, page, window=TWO, title="Tapé dans la seconde")
    assert "aussi ouvert dans une autre fenêtre" in second.json()["elsewhere"]
    back = browser.get(address("quoi", draft))
    assert shown(back)["title"] == ["Tapé dans la seconde"]
    other = next(link.get("href") for link in tree(back).findall(".//main//a") if "?texte=" in link.get("href", ""))
    assert shown(browser.get(address("quoi", draft) + other))["title"] == ["Tapé dans la première"]
    # Saved from one of them: the other still offers its words, and takes nobody by surprise.
    saves(browser, draft, back, window=THREE, count=2)
    after = browser.get(address("quoi", draft))
    assert shown(after)["title"] == ["Tapé dans la seconde"]
    assert "resté dans une autre fenêtre" in after.text
    assert "Tapé dans la première" in browser.get(address("quoi", draft) + other).text


def test_a_new_page_takes_over_from_the_one_before(draft, ana, as_):
    browser = as_(ana)
    types(browser, draft, browser.get(address("quoi", draft)), title="Le début")
    again = browser.get(address("quoi", draft))
    told = types(browser, draft, again, window=TWO, title="Le début, et la suite")
    assert told.json()["elsewhere"] == ""
    assert [row.data["title"] for row in TypedText.objects.texts()] == [["Le début, et la suite"]]


def test_a_page_hears_at_once_that_somebody_else_is_there(draft, ana, ben, as_):
    Authorship.objects.create(initiative=draft.initiative, person=ben, role=Authorship.Role.CO_AUTHOR)
    pages = {who: as_(who).get(address("quoi", draft)) for who in (ana, ben)}
    types(as_(ben), draft, pages[ben], window=TWO, title="Secret de Ben")
    heard = types(as_(ana), draft, pages[ana], title="Ana").json()["elsewhere"]
    assert "Ben écrit aussi sur cet écran" in heard
    assert "Secret" not in heard
    saves(as_(ben), draft, pages[ben], title="Ben", window=TWO, count=4)
    assert "Ben a enregistré cet écran" in types(as_(ana), draft, pages[ana], count=4, title="Ana").json()["elsewhere"]
    # Opened after: there is nothing to hear.
    later = as_(ana).get(address("droits", draft))
    assert types(as_(ana), draft, later, "droits", employer_agrees="on").json()["elsewhere"] == ""


def test_nobody_else_ever_reads_what_is_typed(draft, ana, ben, stan, max, as_):
    Authorship.objects.create(initiative=draft.initiative, person=ben, role=Authorship.Role.CO_AUTHOR)
    types(as_(ana), draft, as_(ana).get(address("quoi", draft)), title="Phrase que moi seule ai vue")
    number = TypedText.objects.get().pk
    for who in (ben, stan, max):
        for path in (
            address("quoi", draft),
            f"{address('quoi', draft)}?texte={number}",
            reverse("initiatives:check", args=[draft.initiative_id]),
            reverse("initiatives:follow", args=[draft.initiative_id]),
        ):
            assert "Phrase que moi seule" not in as_(who).get(path, follow=True).text
        as_(who).post(address("quoi", draft), {"forget": f"{ONE}:99"})
    assert TypedText.objects.texts().count() == 1
    # Somebody else signed in meanwhile in the browser where the page stayed open: it isn't theirs either.
    page = as_(ana).get(address("quoi", draft))
    assert types(as_(ben), draft, page, title="Phrase que moi seule ai vue").status_code == 403
    assert not TypedText.objects.filter(person=ben).exists()


def test_the_session_that_ends_keeps_the_text(draft, ana, stan, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    browser.cookies.pop("sessionid")
    gone = types(browser, draft, page, count=4, title="Tapé après la fin")
    assert gone.status_code == 401
    assert gone.json()["sign_in"] == f"{reverse('account_login')}?next={address('quoi', draft)}"
    browser.force_login(ana)
    assert shown(browser.get(address("quoi", draft)))["title"] == ["Tapé après la fin"]
    # The page that stayed open goes on from there.
    assert types(browser, draft, page, count=6, title="Tapé après la fin, et continué").status_code == 200
    assert shown(browser.get(address("quoi", draft)))["title"] == ["Tapé après la fin, et continué"]

    other = as_(None)
    types(other, draft, page, title="Tapé par Ana")
    other.force_login(stan)
    assert other.get(address("quoi", draft)).status_code == 404


def test_a_sheet_that_closes_meanwhile(ana, as_):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    page = browser.get(address("recit", version))
    types(browser, version, page, "recit", story="Tapé juste avant l’envoi")
    Case.submit(Version.objects.get(pk=version.pk), ana)
    closed = types(browser, version, page, "recit", count=4, story="Tapé juste après")
    assert closed.status_code == 409
    assert "Copiez" in closed.json()["says"]
    assert "Tapé juste avant l’envoi" in browser.get(address("recit", version)).text


def test_who_is_about_to_send_hears_of_what_is_not_saved(ana, as_):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    check = reverse("initiatives:check", args=[version.initiative_id])
    assert "pas enregistré" not in browser.get(check).text
    page = browser.get(address("recit", version))
    types(browser, version, page, "recit", story=factories.STORY + " Et ceci.")
    said = browser.get(check).text
    assert "Un texte tapé n’est pas enregistré" in said
    saves(browser, version, browser.get(address("recit", version)), "recit", window=TWO, count=2)
    assert "Un texte tapé" not in browser.get(check).text


@pytest.mark.parametrize("each", HOSTILE, ids=lambda each: each["id"])
def test_hostile_texts_are_kept_as_they_are_typed(each, draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    text = each["entree"]
    assert types(browser, draft, page, title=text, summary=f"\x00{text}\\u0000").status_code == 200
    row = TypedText.objects.get()
    assert row.data["title"] == [text.replace("\x00", "\ufffd")]
    assert row.data["summary"][0].endswith("\\u0000")
    assert browser.get(address("quoi", draft)).status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"window": ""}, {"window": "../../etc"}, {"window": "\x00" * 24}, {"window": "A" * 24}, {"count": ""},
        {"count": "-3"}, {"count": "1e9"}, {"window": "1" * 64},
    ],
)  # fmt: skip
def test_a_page_that_does_not_say_who_it_is(forged, draft, ana, as_):
    page = as_(ana).get(address("quoi", draft))
    answer = types(as_(ana), draft, page, **{"title": "x", **forged})
    assert answer.status_code == 400
    assert not TypedText.objects.exists()


def test_forged_marks_do_nothing(draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    for number, forged in enumerate(
        [
            {"opened": "9" * 13}, {"opened": "x"}, {"carried": f"{TWO}:{'9' * 30}"}, {"carried": ":::"},
            {"count": "9" * 10}, {"seen": "\x00"}, {"left": "'"}, {"edition": "9" * 50},
        ]
    ):  # fmt: skip
        answer = types(browser, draft, page, window=f"{number:024x}", **{"title": f"{number}", **forged})
        assert answer.status_code == 200, forged
    assert TypedText.objects.texts().count() == 8
    for forget in ("1", ":", "x:y", f"{ONE}:{'9' * 40}", "\x00"):
        assert browser.post(address("quoi", draft), {"forget": forget}).status_code == 302
    assert browser.get(address("quoi", draft) + "?texte=\x00").status_code == 200
    assert browser.get(address("quoi", draft) + "?texte=" + "9" * 40).status_code == 200


def test_a_text_has_a_size_and_a_person_so_many_windows(draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("recit", draft))
    long = types(browser, draft, page, "recit", story="mot " * 100_000)
    assert long.status_code == 413
    assert "400000 au plus" in long.json()["says"]
    assert types(browser, draft, page, "recit", story="mot " * 95_000).status_code == 200
    for number in range(30):
        types(browser, draft, page, "recit", f"{number:024x}", story=f"{number}")
    assert TypedText.objects.count() <= 21


def test_it_is_a_form_of_ours_and_a_post(draft, ana, as_):
    browser = as_(ana)
    assert browser.get(place("quoi", draft)).status_code == 405
    assert browser.post(place("inconnu", draft), {}).status_code == 404
    browser.handler.enforce_csrf_checks = True
    assert browser.post(place("quoi", draft), {"title": "x", "window": ONE, "count": 2}).status_code == 403
    assert not TypedText.objects.exists()


def test_the_browser_is_told_what_it_no_longer_has_to_keep(draft, ana, as_):
    browser = as_(ana)
    page = browser.get(address("quoi", draft))
    answer = saves(browser, draft, page, title="Un titre", window=ONE, count=2)
    assert answer.cookies["ended"].value == ONE
    page = browser.get(address("quoi", draft))
    assert "ended" not in saves(browser, draft, page, title="Encore un").cookies
    zoe = factories.person("Zoé")
    names = {
        tree(as_(who).get(address("quoi", version))).find(".//script[@data-user]").get("data-user")
        for who, version in ((ana, draft), (zoe, factories.draft(zoe)))
    }
    assert len(names) == 2
    assert all(len(name) == 24 for name in names)


def test_signing_out_clears_the_browser(ana, as_):
    answer = as_(ana).post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in as_(ana).get(reverse("account_logout"))


def test_a_shared_computer_is_said_once(ana, as_):
    browser = as_(None)
    login = reverse("account_login")
    assert "checked" not in browser.get(login).text
    browser.post(login, {"login": ana.email, "password": factories.PASSWORD, "shared": "on"})
    assert browser.cookies["shared_computer"].value == "1"
    browser.post(reverse("account_logout"))
    assert "checked" in browser.get(login).text
    browser.post(login, {"login": ana.email, "password": factories.PASSWORD})
    assert browser.cookies["shared_computer"].value == "0"


def test_what_is_too_old_goes_by_itself(draft, ana, as_):
    sent = factories.complete_draft(ana)
    for version, step in ((draft, "quoi"), (sent, "recit")):
        types(as_(ana), version, as_(ana).get(address(step, version)), step, title="x", story="x")
    call_command("forget_typed")
    assert TypedText.objects.count() == 2
    Version.objects.filter(pk=sent.pk).update(frozen_at=timezone.now() - timedelta(days=8))
    call_command("forget_typed")
    assert [row.version for row in TypedText.objects.all()] == [draft]
    call_command("forget_typed", f"--date={timezone.localdate() + timedelta(days=364)}")
    assert TypedText.objects.count() == 1
    call_command("forget_typed", f"--date={timezone.localdate() + timedelta(days=367)}")
    assert not TypedText.objects.exists()


def test_a_kept_text_names_its_writer_by_a_mark():
    assert kept.is_by({"writer": [kept.mark_of(7)]}, 7)
    assert not kept.is_by({"writer": [kept.mark_of(7)]}, 8)
