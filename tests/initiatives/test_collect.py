"""Setting aside: a recueil with or without an account, in one's own order, whole after two presses and two windows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from guide.models import Fiche
from initiatives import booklets, fate, retention
from initiatives.models import Booklet, Initiative
from initiatives.models.booklet import KEPT_FOR, MOST_ITEMS
from initiatives.workflow import Refused
from tests import factories

PAGE = "/recueil/"


@pytest.fixture
def soup(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def garden(ana, max):
    return factories.published(ana, max, title="Le jardin du jeudi")


def put(browser: Client, *things: Initiative | int) -> None:
    for thing in things:
        path = f"{PAGE}fiches/{thing}/" if isinstance(thing, int) else f"{thing.get_absolute_url()}recueil/"
        answer = browser.post(path)
        assert answer.status_code == 302, answer.text


def titles(browser: Client) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", browser.get(PAGE).text)


def button(browser: Client, gesture: str, number: int) -> str:
    """The value of a button of a line, the lines counted from 1."""
    rows = browser.get(PAGE).text.split('<li class="row"')[1:]
    found = re.search(rf'value="({gesture}:[0-9]+)"', rows[number - 1])
    return found[1] if found else ""


def press(browser: Client, gesture: str, number: int) -> str:
    answer = browser.post(PAGE, {"geste": button(browser, gesture, number)})
    assert answer.status_code == 302
    return str(answer.url)


# Putting in


def test_without_an_account_one_sets_aside_what_one_reads(soup):
    browser = Client()
    path = f"{soup.get_absolute_url()}recueil/"
    assert path in browser.get(soup.get_absolute_url()).text
    page = browser.get(path)
    assert "La soupe du mardi" in page.text
    assert "Ajouter à mon recueil" in page.text
    assert "90" in page.text
    assert not Booklet.objects.exists()
    answer = browser.post(path)
    assert answer.status_code == 302
    assert "est dans votre recueil, qui en contient 1" in browser.get(answer.url).text
    kept = browser.cookies[booklets.COOKIE]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["max-age"] == KEPT_FOR.total_seconds()
    put(browser, 10)
    page = browser.get(PAGE)
    assert "1 initiative et 1 fiche du guide" in page.text
    assert titles(browser)[0] == "La soupe du mardi"
    assert page["Cache-Control"] == "private, no-store"
    assert "Votre recueil est vide" in Client().get(PAGE).text


def test_the_token_of_a_browser_is_kept_nowhere(soup):
    browser = Client()
    put(browser, soup)
    token = browser.cookies[booklets.COOKIE].value
    assert token not in str(list(Booklet.objects.values()))
    assert Booklet.objects.of(None, token).exists()
    stranger = Client()
    stranger.cookies[booklets.COOKIE] = "un-autre-jeton"
    assert "Votre recueil est vide" in stranger.get(PAGE).text


def test_the_pages_one_reads_are_the_same_for_all(soup):
    """No token, no cookie, nothing of one's recueil: what is kept by a cache serves everyone."""
    browser = Client()
    put(browser, soup)
    for path in ("/", "/initiatives/", soup.get_absolute_url(), "/guide/fiches/10/"):
        mine, theirs = browser.get(path), Client().get(path)
        assert mine.text == theirs.text
        assert "csrfmiddlewaretoken" not in theirs.text
        assert not theirs.cookies


def test_two_presses_and_two_windows_make_one_line(soup, stan, as_):
    for browser in (Client(), as_(stan)):
        put(browser, soup)
        put(browser, soup, soup)
        assert titles(browser) == ["La soupe du mardi"]
    assert Booklet.objects.count() == 2


def test_one_goes_back_to_the_search_one_came_from(soup):
    browser, path = Client(), f"{soup.get_absolute_url()}recueil/"
    came = {"referer": "http://testserver/initiatives/?q=soupe&page=2"}
    assert 'href="/initiatives/?q=soupe&amp;page=2"' in browser.get(path, headers=came).text
    answer = browser.post(path, {"retour": "/initiatives/?q=soupe&page=2"})
    assert 'href="/initiatives/?q=soupe&amp;page=2"' in browser.get(answer.url).text


@pytest.mark.parametrize(
    "where", ["https://ailleurs.test/", "//ailleurs.test/", "javascript:alert(1)", "/\\ailleurs.test"]
)
def test_one_is_never_sent_elsewhere(soup, where):
    browser, path = Client(), f"{soup.get_absolute_url()}recueil/"
    for page in (
        browser.get(path, headers={"referer": where}),
        browser.get(path, {"retour": where}),
        browser.get(browser.post(path, {"retour": where}).url),
    ):
        assert "ailleurs" not in page.text
        assert "alert(1)" not in page.text


def test_what_is_not_read_is_not_set_aside(soup, ana):
    browser = Client()
    draft = factories.draft(ana, title="Un brouillon").initiative
    fate.mask(soup, None)
    for path in (f"{soup.get_absolute_url()}recueil/", f"/initiatives/{draft.slug}/recueil/", f"{PAGE}fiches/99/"):
        assert browser.post(path).status_code == 404
        assert browser.get(path).status_code == 404
    assert not Booklet.objects.exists()


def test_a_recueil_has_room_for_so_many(soup, garden, stan, as_, monkeypatch):
    monkeypatch.setattr("initiatives.models.booklet.MOST_ITEMS", 2)
    put(as_(stan), soup, 10)
    answer = as_(stan).post(f"{garden.get_absolute_url()}recueil/")
    assert answer.status_code == 409
    assert "2 fiches au plus" in answer.text
    assert len(titles(as_(stan))) == 2
    assert MOST_ITEMS == 60


def test_many_recueils_from_one_place_are_too_many(soup, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "booklet": "2/h/ip"}
    path = f"{soup.get_absolute_url()}recueil/"
    assert [Client().post(path).status_code for _ in range(3)] == [302, 302, 429]
    assert Booklet.objects.count() == 2
    cache.clear()


# Arranging


def test_lines_move_with_buttons(soup, garden):
    browser = Client()
    put(browser, soup, garden, 10)
    fiche = Fiche.objects.get(number=10).title
    assert not button(browser, "monter", 1)
    assert not button(browser, "descendre", 3)
    where = press(browser, "monter", 3)
    assert re.fullmatch(r"/recueil/#ligne-[0-9]+", where)
    assert titles(browser) == ["La soupe du mardi", fiche, "Le jardin du jeudi"]
    press(browser, "descendre", 1)
    assert titles(browser) == [fiche, "La soupe du mardi", "Le jardin du jeudi"]
    last = button(browser, "monter", 3).partition(":")[2]
    browser.post(PAGE, {"geste": f"descendre:{last}"})  # another window still shows it above
    assert titles(browser) == [fiche, "La soupe du mardi", "Le jardin du jeudi"]


def test_what_is_taken_out_can_come_back_where_it_was(soup, garden):
    browser = Client()
    put(browser, soup, garden, 10)
    twice = button(browser, "retirer", 2)
    after = browser.post(PAGE, {"geste": twice}).url
    page = browser.get(after)
    assert "Le jardin du jeudi" in page.text
    assert len(titles(browser)) == 2
    back = re.search(r'value="(remettre:[^"]+)"', page.text)
    assert back
    assert browser.post(PAGE, {"geste": twice}).status_code == 302
    for _ in range(2):
        assert browser.post(PAGE, {"geste": back[1]}).status_code == 302
    assert titles(browser)[:2] == ["La soupe du mardi", "Le jardin du jeudi"]
    assert len(titles(browser)) == 3
    assert "n’est plus dans votre recueil" not in browser.get(after).text


def test_a_title_is_one_line_and_has_an_end(soup):
    browser = Client()
    put(browser, soup)
    browser.post(PAGE, {"geste": "renommer:", "title": "  Pour  la réunion <b>de</b> mars "})
    assert "<h1>Pour la réunion &lt;b&gt;de&lt;/b&gt; mars</h1>" in browser.get(PAGE).text
    answer = browser.post(PAGE, {"geste": "renommer:", "title": "x" * 121})
    assert answer.status_code == 200
    assert "<title>Erreur" in answer.text
    assert "x" * 121 in answer.text
    assert browser.post(PAGE, {"geste": "renommer:", "title": "a\0b"}).status_code == 200


def test_all_of_it_can_be_erased(soup):
    browser = Client()
    put(browser, soup)
    browser.post(PAGE, {"geste": "effacer:"})
    assert not Booklet.objects.exists()
    assert "Votre recueil est vide" in browser.get(PAGE).text
    assert browser.post(PAGE, {"geste": "monter:1"}).status_code == 302


@pytest.mark.parametrize(
    "gesture", ["", "voler:1", "monter:", "retirer:x", "remettre:i-1", "remettre:i-999999999-1", "x\0"]
)
def test_forged_gestures_do_nothing(soup, gesture):
    browser = Client()
    put(browser, soup)
    assert browser.post(PAGE, {"geste": gesture}).status_code in (302, 404)
    assert browser.get(PAGE, {"retiree": gesture}).status_code == 200
    assert titles(browser) == ["La soupe du mardi"]


def test_nobody_moves_another_one_s_lines(soup, garden, stan, ana, as_):
    put(as_(ana), soup, garden)
    line = button(as_(ana), "monter", 2)
    put(as_(stan), garden)
    assert as_(stan).post(PAGE, {"geste": line}).status_code == 404
    as_(stan).post(PAGE, {"geste": line.replace("monter", "retirer")})
    assert titles(as_(ana)) == ["La soupe du mardi", "Le jardin du jeudi"]


# Reading


@pytest.mark.parametrize("how", ["masked", "withdrawn"])
def test_a_sheet_no_longer_read_leaves_a_line_without_its_words(soup, garden, how):
    browser = Client()
    put(browser, soup, garden)
    if how == "masked":
        fate.mask(soup, None)
    else:
        fate.withdraw(soup, None, fate.AUTHOR)
    page = browser.get(PAGE)
    assert "Fiche retirée de la consultation" in page.text
    assert "La soupe du mardi" not in page.text
    assert soup.slug not in page.text
    after = browser.post(PAGE, {"geste": button(browser, "retirer", 1)}).url
    assert "soupe du mardi" not in browser.get(after).text
    assert titles(browser) == ["Le jardin du jeudi"]


def test_a_sheet_joined_to_another_leads_there(soup, garden, nora):
    browser = Client()
    put(browser, soup)
    fate.merge(soup, garden, nora)
    assert titles(browser) == ["Le jardin du jeudi"]


def test_an_archived_sheet_is_still_read(soup):
    browser = Client()
    put(browser, soup)
    Initiative.objects.filter(pk=soup.pk).update(status="archived")
    assert titles(browser) == ["La soupe du mardi"]


def test_the_page_asks_few_questions_of_the_database(stan, as_, django_assert_max_num_queries):
    mine = Booklet.start(stan)[0]
    for sheet in Initiative.objects.published()[:20]:
        mine.add(sheet)
    for fiche in Fiche.objects.readable()[:20]:
        mine.add(fiche)
    browser = as_(stan)
    with django_assert_max_num_queries(12):
        assert browser.get(PAGE).status_code == 200


# Joining an account, and ending


def sign_in(browser: Client, person: Person) -> Client:
    browser.post("/compte/connexion/", {"login": person.email, "password": factories.PASSWORD})
    return browser


def test_who_signs_in_finds_what_the_browser_had(soup, garden, stan, as_):
    put(as_(stan), garden)
    browser = Client()
    put(browser, soup, garden, 10)
    page = sign_in(browser, stan).get(PAGE)
    assert "Les 2 fiches mises de côté dans ce navigateur sont maintenant dans votre recueil." in page.text
    assert titles(browser) == ["Le jardin du jeudi", "La soupe du mardi", Fiche.objects.get(number=10).title]
    assert Booklet.objects.count() == 1
    assert "dans ce navigateur" not in browser.get(PAGE).text


def test_signing_out_leaves_nothing_of_it(soup, stan):
    browser = Client()
    put(browser, soup)
    sign_in(browser, stan).post("/compte/deconnexion/")
    assert "Votre recueil est vide" in browser.get(PAGE).text


def test_who_signs_in_with_nothing_set_aside_starts_none(stan):
    sign_in(Client(), stan)
    assert not Booklet.objects.exists()


def test_a_recueil_is_never_more_than_full_after_joining(stan, soup):
    mine, other = Booklet.start(stan)[0], Booklet.start(None)[0]
    for sheet in Initiative.objects.published()[: MOST_ITEMS - 1]:
        mine.add(sheet)
    for fiche in Fiche.objects.readable():
        other.add(fiche)
    mine.join(other)
    assert mine.items.count() <= MOST_ITEMS


def test_an_untouched_recueil_is_erased_after_ninety_days_unless_it_is_someone_s(soup, stan, as_):
    browser = Client()
    put(browser, soup)
    put(as_(stan), soup)
    before = timezone.now() - KEPT_FOR
    Booklet.objects.update(touched_at=before + timedelta(hours=1))
    assert retention.forget_booklets(timezone.now()) == 0
    Booklet.objects.update(touched_at=before - timedelta(hours=1))
    assert retention.forget_booklets(timezone.now()) == 1
    assert titles(as_(stan)) == ["La soupe du mardi"]
    assert "Votre recueil est vide" in browser.get(PAGE).text


def test_an_account_that_goes_takes_its_recueil(soup, as_):
    person = factories.person("Zoé")
    put(as_(person), soup)
    person.delete()
    assert not Booklet.objects.exists()


def test_a_recueil_erased_in_another_window_refuses_the_gesture(soup, stan):
    mine = Booklet.start(stan)[0]
    Booklet.objects.all().delete()
    with pytest.raises(Refused):
        mine.add(soup)
