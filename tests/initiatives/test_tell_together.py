"""Tell, in two windows, twice in one click, or after the session ended: nothing typed is lost or written over."""

import pytest
from django.urls import reverse

from accounts import kept
from initiatives.models import Case, Version
from initiatives.workflow import SavedElsewhere
from tests import factories
from tests.initiatives.telling import address, shown, tree, write


def send_on(browser, version, page, **typed):
    """Press the button of a page that shows a form of the first screen."""
    return browser.post(address("quoi", version), {**shown(page), **typed})


def test_two_windows_on_one_screen_show_both_texts_and_the_person_chooses(ana, as_):
    version = factories.draft(ana, title="Le titre du début")
    one, two = as_(ana), as_(ana)
    first, second = one.get(address("quoi", version)), two.get(address("quoi", version))
    assert send_on(one, version, first, title="Le titre de la première").status_code == 302
    conflict = send_on(two, version, second, title="Le titre de la seconde", state="ended")
    assert conflict.status_code == 409
    assert "Le titre de la première" in conflict.text
    assert "Le titre de la seconde" in conflict.text
    version.refresh_from_db()
    assert version.title == "Le titre de la première"

    kept = send_on(two, version, conflict, **{"garder-title": "autre"})
    assert kept.status_code == 302
    version.refresh_from_db()
    assert (version.title, version.state) == ("Le titre de la première", "ended")

    third = two.get(address("quoi", version))
    send_on(one, version, one.get(address("quoi", version)), title="Encore un autre")
    conflict = send_on(two, version, third, title="Le mien, pour finir")
    assert send_on(two, version, conflict).status_code == 302
    version.refresh_from_db()
    assert version.title == "Le mien, pour finir"


def test_a_conflict_keeps_ticks_and_lists(ana, as_):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    old = shown(browser.get(address("recit", version)))
    write(browser, "recit", version, publics=["jeunes"], words="soupe")
    conflict = browser.post(address("recit", version), {**old, "publics": ["seniors", "femmes"], "words": "pain, sel"})
    assert "Jeunes" in conflict.text
    assert "Personnes âgées" in conflict.text
    browser.post(address("recit", version), {**shown(conflict), "garder-publics": "autre"})
    assert {public.code for public in version.publics.all()} == {"jeunes"}
    assert {tag.name for tag in version.tags.all()} == {"pain", "sel"}


def test_a_conflict_on_the_commune(ana, as_):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    old = shown(browser.get(address("ou", version)))
    write(browser, "ou", version, place="Arras")
    conflict = browser.post(address("ou", version), {**old, "place": "Saint-Denis", "place_code": "97411"})
    assert "Arras (62)" in conflict.text
    browser.post(address("ou", version), {**shown(conflict), "garder-place": "autre"})
    version.refresh_from_db()
    assert version.place.code == "62041"


def test_two_screens_saved_in_two_windows_do_not_disturb_each_other(ana, as_):
    version = factories.draft(ana)
    one, two = as_(ana), as_(ana)
    old = shown(two.get(address("droits", version)))
    write(one, "quoi", version, title="Le jardin")
    assert two.post(address("droits", version), {**old, "employer_agrees": "on"}).status_code == 302
    version.refresh_from_db()
    assert (version.title, version.employer_agrees) == ("Le jardin", True)


def test_saving_what_is_already_saved_is_no_conflict(ana, as_):
    version = factories.draft(ana)
    old = shown(as_(ana).get(address("quoi", version)))
    for _ in range(2):
        assert as_(ana).post(address("quoi", version), {**old, "title": "Le jardin"}).status_code == 302
    version.refresh_from_db()
    assert (version.title, version.edition) == ("Le jardin", 1)


@pytest.mark.parametrize("edition", ["", "-1", "9" * 40, "un", "999", "\x00"])
def test_a_forged_edition_writes_over_nothing(edition, ana, as_):
    version = factories.draft(ana, title="Mon titre")
    answer = as_(ana).post(address("quoi", version), {"edition": edition, "seen": "x", "title": "Pirate"})
    assert answer.status_code == 409
    version.refresh_from_db()
    assert version.title == "Mon titre"


def test_the_lock_is_one_update(ana):
    version = factories.draft(ana)
    same = Version.objects.get(pk=version.pk)
    with version.saving(0):
        Version.objects.filter(pk=version.pk).update(title="Le premier")
    with pytest.raises(SavedElsewhere), same.saving(0):
        Version.objects.filter(pk=version.pk).update(title="Le second")
    version.refresh_from_db()
    assert (version.title, version.edition) == ("Le premier", 1)


def test_a_correction_after_an_error_does_not_hide_a_conflict(ana, as_):
    version = factories.draft(ana)
    page = as_(ana).get(address("quoi", version))
    write(as_(ana), "quoi", version, title="Le titre d’une collègue")
    wrong = send_on(as_(ana), version, page, title="Le mien", start_year="douze")
    assert wrong.status_code == 200
    assert send_on(as_(ana), version, wrong, start_year="2012").status_code == 409
    version.refresh_from_db()
    assert version.title == "Le titre d’une collègue"


def test_what_one_types_while_someone_sends_is_shown_to_be_copied(ana, as_):
    version = factories.complete_draft(ana)
    old = shown(as_(ana).get(address("recit", version)))
    Case.submit(Version.objects.get(pk=version.pk), ana)
    answer = as_(ana).post(address("recit", version), {**old, "story": "Tout ce que j’ai ajouté ce soir."})
    assert answer.status_code == 409
    assert "Tout ce que j’ai ajouté ce soir." in answer.text
    version.refresh_from_db()
    assert version.story == factories.STORY
    assert "en relecture" in as_(ana).get(address("quoi", version)).text


def test_a_double_click_begins_one_sheet(ana, as_):
    browser = as_(ana)
    pressed = shown(browser.get(reverse("initiatives:propose")), "key")
    first = browser.post(reverse("initiatives:propose"), pressed)
    second = browser.post(reverse("initiatives:propose"), pressed)
    assert first.headers["Location"] == second.headers["Location"]
    assert ana.initiatives.count() == 1
    # Coming back by the history once something is written begins another one.
    write(browser, "quoi", ana.initiatives.get().working_version(), title="Le jardin")
    browser.post(reverse("initiatives:propose"), pressed)
    assert ana.initiatives.count() == 2


def test_a_key_is_nobody_else_s(ana, stan, as_):
    pressed = {"key": "0123456789abcdef"}
    as_(ana).post(reverse("initiatives:propose"), pressed)
    as_(stan).post(reverse("initiatives:propose"), pressed)
    assert (ana.initiatives.count(), stan.initiatives.count()) == (1, 1)
    for key in ("../", "x" * 5000, "\x00", ""):
        assert as_(stan).post(reverse("initiatives:propose"), {"key": key}).status_code == 302
    assert stan.initiatives.count() == 5


def test_twenty_drafts_are_enough(ana, as_):
    for _ in range(20):
        factories.draft(ana)
    answer = as_(ana).post(reverse("initiatives:propose"), {"key": "0123456789abcdef"}, follow=True)
    assert "Vous avez déjà 20 brouillons" in answer.text
    assert ana.initiatives.count() == 20


def test_sending_twice_makes_one_case(ana, max, as_):
    version = factories.complete_draft(ana)
    url = reverse("initiatives:submit", args=[version.initiative_id])
    pressed = shown(as_(ana).get(reverse("initiatives:check", args=[version.initiative_id])))
    receipts = [as_(ana).post(url, pressed).headers["Location"] for _ in range(2)]
    assert len(set(receipts)) == 1
    assert Case.objects.filter(initiative=version.initiative_id).count() == 1
    assert as_(ana).get(url).status_code == 302


def test_what_was_not_read_again_is_not_sent(ana, as_):
    version = factories.complete_draft(ana)
    pressed = shown(as_(ana).get(reverse("initiatives:check", args=[version.initiative_id])))
    write(as_(ana), "quoi", version, title="Un titre changé dans l’autre fenêtre")
    answer = as_(ana).post(reverse("initiatives:submit", args=[version.initiative_id]), pressed)
    assert answer.status_code == 409
    assert "La fiche a changé depuis" in answer.text
    assert "Un titre changé" in answer.text
    assert not Case.objects.exists()


def test_a_session_that_ends_while_writing_loses_nothing(ana, stan, as_):
    version = factories.draft(ana, title="Le titre enregistré")
    browser = as_(ana)
    typed = {
        **shown(browser.get(address("quoi", version))),
        "title": "Le titre d’avant",
        "summary": "a\x00b",
        "go": "next",
    }
    browser.cookies.pop("sessionid")
    gone = browser.post(address("quoi", version), typed)
    assert gone.headers["Location"] == f"{reverse('account_login')}?next={address('quoi', version)}"
    version.refresh_from_db()
    assert version.title == "Le titre enregistré"

    browser.force_login(ana)
    back = browser.get(address("quoi", version))
    assert "Voici ce que vous écriviez" in back.text
    assert shown(back)["title"] == ["Le titre d’avant"]
    assert browser.post(address("quoi", version), {**shown(back), "summary": ""}).status_code == 302
    version.refresh_from_db()
    assert version.title == "Le titre d’avant"
    assert "Voici ce que vous écriviez" not in browser.get(address("quoi", version)).text


def test_signing_in_by_the_page_keeps_the_text(ana, as_):
    version = factories.draft(ana)
    browser = as_(None)
    typed = {"title": "Écrit sans session", "edition": "0", "seen": "", "writer": kept.mark_of(ana.pk)}
    gone = browser.post(address("quoi", version), typed)
    answer = browser.post(gone.headers["Location"], {"login": ana.email, "password": factories.PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == address("quoi", version)
    assert shown(answer)["title"] == ["Écrit sans session"]
    assert browser.post(address("quoi", version), {"forget": "1"}).status_code == 302
    assert shown(browser.get(address("quoi", version)))["title"] == [""]


def test_a_kept_text_goes_to_its_writer_only(ana, stan, as_):
    version = factories.draft(ana)
    browser = as_(None)
    browser.post(address("quoi", version), {"title": "Écrit par Ana"})
    browser.force_login(stan)
    assert browser.get(address("quoi", version)).status_code == 404


def test_a_kept_text_has_a_size(ana, as_):
    version = factories.draft(ana)
    browser = as_(None)
    assert browser.post(address("recit", version), {"story": "x" * 300_000}).status_code == 302
    assert "kept_texts" not in browser.session
    for number in range(kept.MAX_TEXTS + 3):
        browser.post(address("quoi", factories.draft(ana, title=f"Brouillon {number}")), {"title": "x"})
    assert len(browser.session["kept_texts"]) == kept.MAX_TEXTS
    for step in ("quoi", "ou", "recit", "droits"):
        browser.post(address(step, version), {"story": "x" * 200_000})
    assert len(browser.session["kept_texts"]) == 3  # the last ones, as many as go together


def test_a_form_without_its_token_is_refused(ana, as_):
    browser = as_(ana)
    browser.handler.enforce_csrf_checks = True
    version = factories.draft(ana)
    assert browser.post(address("quoi", version), {"title": "x"}).status_code == 403
    assert tree(browser.get(address("quoi", version))).findall(".//main//input[@name='csrfmiddlewaretoken']")
