"""Being told what is new in a search: asked, confirmed, told once and only of what is new, stopped by one click."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.management.commands.send_letters import message_of
from accounts.models import Letter
from initiatives import alerts, fate, retention
from initiatives.models import Alert, Initiative
from initiatives.models.alert import ASKED_A_DAY, LETTERS_A_DAY, MOST_ALERTS
from initiatives.retention import forget_senders
from tests import factories

NEW = "/initiatives/alertes/nouvelle/"
ZOE = "zoe@exemple.test"
# Wednesday, then the first day of the months around it.
WEDNESDAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 23)
FIRST = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def long_ago(db):
    """The real sheets of the catalogue were published a while ago."""
    Initiative.objects.update(published_at=timezone.now() - timedelta(days=500))


@pytest.fixture
def soup(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


def ask(query: str = "?theme=alimentation", *, browser: Client | None = None, address: str = "203.0.113.7", **said):
    data = {"email": ZOE, "rhythm": "weekly", **said}
    return (browser or Client()).post(f"{NEW}{query}", data, REMOTE_ADDR=address)


def letters(name: str) -> list[Letter]:
    return list(Letter.objects.filter(key__startswith=f"initiatives/{name}:").order_by("pk"))


def path_in(letter: Letter, ending: str = "") -> str:
    found = re.search(rf"https?://[^/]+(/alertes/[^/\s]+/{ending})\s", letter.body + "\n")
    assert found, letter.body
    return found[1]


def running(person=None, *, query="theme=alimentation", rhythm="weekly", since=WEDNESDAY, email=ZOE) -> Alert:
    said = {"query": query, "words": "Initiatives : alimentation", "rhythm": rhythm}
    if person:
        alert = Alert.start(person, **said)
    else:
        alert = Alert.ask(email, sender="x", **said)
        alert.confirm()
    Alert.objects.filter(pk=alert.pk).update(told_before=since)
    alert.refresh_from_db()
    return alert


def on(sheet: Initiative, day: date, *, verified: date | None = None) -> Initiative:
    """As if it had been published on that day, at noon."""
    at = timezone.make_aware(datetime.combine(day, time(12)))
    Initiative.objects.filter(pk=sheet.pk).update(published_at=at, verified_on=verified or day)
    return sheet


# Asking


def test_the_catalogue_leads_there_with_its_search_in_words(soup):
    page = Client().get("/initiatives/?theme=alimentation&departement=62&tri=titre").text
    link = re.search(rf'href="({NEW}[^"]*)"', page)
    assert link
    page = Client().get(link[1].replace("&amp;", "&")).text
    assert "Initiatives : Alimentation dans le Pas-de-Calais" in page.replace("\u00a0", " ")
    assert 'name="email"' in page
    assert not Alert.objects.exists()


def test_without_an_account_a_letter_asks_to_confirm(soup):
    answer = ask()
    page = Client().get(answer.url)
    assert "Une lettre est partie" in page.text
    assert ZOE not in answer.url + page.text
    (letter,) = letters("alert_confirm")
    assert letter.to == ZOE
    assert "alimentation" in letter.body.lower()
    alert = Alert.objects.get()
    assert not alert.is_running
    link = path_in(letter)
    for _ in range(2):  # scanners open links
        page = Client().get(link)
        assert "Oui, me prévenir" in page.text
        alert.refresh_from_db()
        assert not alert.is_running
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Cache-Control"] == "private, no-store"
    for _ in range(2):
        assert Client().post(link, {"geste": "confirmer"}).status_code == 302
        alert.refresh_from_db()
        assert alert.is_running
    assert "Elle vous écrit chaque semaine" in Client().get(link).text


def test_with_a_confirmed_address_it_runs_at_once(stan, as_):
    page = as_(stan).get(f"{NEW}?q=jardin").text
    assert stan.email in page
    assert 'name="email"' not in page
    answer = ask("?q=jardin", browser=as_(stan), rhythm="monthly")
    assert answer.url == "/alertes/"
    alert = Alert.objects.get()
    assert (alert.person, alert.email, alert.rhythm, alert.query) == (stan, "", "monthly", "q=jardin")
    assert alert.is_running
    assert not Letter.objects.exists()
    assert "« jardin »" in as_(stan).get("/alertes/").text.replace("\u00a0", " ")


def test_an_account_whose_address_is_not_confirmed_is_asked(stan, as_):
    stan.emailaddress_set.update(verified=False)
    assert f'value="{stan.email}"' in as_(stan).get(NEW).text
    ask(browser=as_(stan), email=stan.email)
    assert len(letters("alert_confirm")) == 1
    assert not Alert.objects.running().exists()


def test_the_answer_never_says_whether_an_address_is_known(stan, soup):
    answers = [(ask(email=email).url, ask(email=email).status_code) for email in (ZOE, stan.email)]
    assert answers[0] == answers[1]
    running(email="deja@exemple.test")
    assert (ask(email="deja@exemple.test").url, 302) == answers[0]
    (known,) = letters("alert_known")
    assert known.to == "deja@exemple.test"


def test_asking_again_makes_one_alert_and_one_letter_a_day(soup):
    for query in ("?theme=alimentation", "?theme=alimentation&tri=titre", "?theme=alimentation&page=3"):
        ask(query, email="Zoe@Exemple.test")
    assert Alert.objects.count() == 1
    assert len(letters("alert_confirm")) == 1


def test_a_stranger_changes_nothing_of_an_alert_that_runs(soup):
    alert = running(rhythm="weekly")
    ask("?theme=alimentation", rhythm="monthly")
    alert.refresh_from_db()
    assert (alert.rhythm, alert.is_running) == ("weekly", True)


def test_one_address_is_asked_a_few_times_a_day(soup):
    for theme in ("alimentation", "logement", "sante", "culture", "handicap"):
        answer = ask(f"?theme={theme}", address=f"203.0.113.{len(theme)}")
        assert answer.status_code == 302
    assert Letter.objects.filter(to=ZOE).count() == LETTERS_A_DAY


def test_one_place_asks_a_few_times_a_day(soup):
    for n in range(ASKED_A_DAY):
        assert ask(email=f"p{n}@exemple.test").status_code == 302
    answer = ask(email="encore@exemple.test")
    assert answer.status_code == 429
    assert "à demain" in answer.text
    assert ask(email="encore@exemple.test", address="198.51.100.4").status_code == 302


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", {"email": "pas une adresse"}),
        ("", {"email": ""}),
        ("", {"rhythm": "hourly"}),
        ("", {"rhythm": ""}),
        ("", {"email": "a\0@exemple.test"}),
        ("", {"site_web": "https://robot.test"}),
        ("?" + "&".join(f"etiquette=x{n}" for n in range(50)), {"email": "non"}),
        ("?theme=%00&levier=999&q=%F0%9F%8D%B2", {"email": "non"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(query, said, db):
    answer = ask(query, **said)
    assert answer.status_code == 200
    assert "<title>Erreur" in answer.text
    assert not Alert.objects.exists()
    assert not Letter.objects.exists()


def test_a_search_too_long_to_be_kept_is_refused(db):
    """Words beyond what is searched are cut when read; what is left may still be long."""
    answer = ask("?q=" + "%F0%9F%8D%B2" * 400)
    assert answer.status_code in (302, 409)


def test_a_person_has_a_bounded_number_of_alerts(stan, as_):
    for n in range(MOST_ALERTS):
        running(stan, query=f"q=mot{n}")
    answer = ask(browser=as_(stan))
    assert answer.status_code == 409
    assert "arrêtez-en une" in answer.text


# Telling


def test_monday_tells_what_was_published_since_and_once(soup, ana, max):
    alert = running()
    on(soup, WEDNESDAY)
    on(factories.published(ana, max, title="Une plus ancienne"), WEDNESDAY - timedelta(days=1))
    today = on(factories.published(ana, max, title="Celle de ce lundi"), MONDAY)
    assert alerts.run(MONDAY - timedelta(days=1)) == 0
    assert alerts.run(MONDAY) == 1
    (letter,) = letters("alert_news")
    assert letter.to == ZOE
    assert letter.subject == "1 nouveauté pour « Initiatives : alimentation »"
    assert "La soupe du mardi" in letter.body
    assert soup.get_absolute_url() in letter.body
    assert "theme=alimentation" in letter.body
    for other in ("Une plus ancienne", "Celle de ce lundi"):
        assert other not in letter.body
    assert alerts.run(MONDAY) == 0
    assert alerts.run(MONDAY + timedelta(days=1)) == 0
    assert alerts.run(MONDAY + timedelta(days=7)) == 1
    assert today.get_absolute_url() in letters("alert_news")[1].body
    assert "La soupe du mardi" not in letters("alert_news")[1].body
    alert.refresh_from_db()
    assert alert.last_sent_at


def test_a_day_late_is_not_a_day_lost(soup):
    running()
    on(soup, MONDAY)
    assert alerts.run(MONDAY + timedelta(days=1)) == 0
    on(soup, WEDNESDAY)
    assert alerts.run(MONDAY + timedelta(days=2)) == 0  # told before Monday: nothing was new then
    assert alerts.run(MONDAY + timedelta(days=7)) == 0


def test_each_month_on_its_first_day(soup):
    running(rhythm="monthly")
    on(soup, WEDNESDAY)
    assert alerts.run(MONDAY) == 0
    assert alerts.run(FIRST) == 1
    assert alerts.run(FIRST) == 0


def test_what_is_verified_again_is_told_as_such(soup):
    running()
    on(soup, WEDNESDAY - timedelta(days=400), verified=WEDNESDAY)
    assert alerts.run(MONDAY) == 1
    assert "Vérifiée de nouveau le 18 novembre 2026" in letters("alert_news")[0].body


def test_silence_when_nothing_is_new(soup, db):
    alert = running()
    on(soup, WEDNESDAY - timedelta(days=30))
    assert alerts.run(MONDAY) == 0
    assert not letters("alert_news")
    alert.refresh_from_db()
    assert alert.told_before == MONDAY


def test_only_what_the_search_finds_is_told(soup, ana, max):
    running(query="q=casserole")
    running(query="q=soupe")
    on(soup, WEDNESDAY)
    assert alerts.run(MONDAY) == 1


@pytest.mark.parametrize("how", ["masked", "withdrawn", "archived"])
def test_what_is_not_read_any_more_is_never_told(soup, how):
    running()
    on(soup, WEDNESDAY)
    if how == "masked":
        fate.mask(soup, None)
    elif how == "withdrawn":
        fate.withdraw(soup, None, fate.AUTHOR)
    else:
        Initiative.objects.filter(pk=soup.pk).update(status="archived")
    assert alerts.run(MONDAY) == 0


def test_a_letter_has_twenty_sheets_at_most(db):
    running(query="")
    sheets = Initiative.objects.published()[:25]
    for sheet in sheets:
        on(sheet, WEDNESDAY)
    alerts.run(MONDAY)
    (letter,) = letters("alert_news")
    assert letter.subject.startswith("25 nouveautés")
    assert len(set(re.findall(r"/initiatives/[a-z0-9-]+/", letter.body))) == 20
    assert "Et 5 autres." in letter.body
    assert "/initiatives/?tri=recentes" in letter.body or "/initiatives/\n" in letter.body


def test_neither_unconfirmed_nor_stopped_is_written_to(soup):
    on(soup, WEDNESDAY)
    ask()
    stopped = running(email="stop@exemple.test")
    stopped.stop()
    Alert.objects.update(told_before=WEDNESDAY)
    assert alerts.run(MONDAY) == 0


def test_a_closed_account_is_not_written_to(soup, stan):
    running(stan)
    on(soup, WEDNESDAY)
    type(stan).objects.filter(pk=stan.pk).update(is_active=False)
    assert alerts.run(MONDAY) == 0


def test_one_that_breaks_does_not_hold_the_others(soup, monkeypatch, caplog):
    broken, _ = running(email="a@exemple.test"), running(email="b@exemple.test")
    on(soup, WEDNESDAY)
    asked = alerts.question_of

    def breaks(alert):
        if alert.pk == broken.pk:
            raise ValueError("on purpose")
        return asked(alert)

    monkeypatch.setattr(alerts, "question_of", breaks)
    assert alerts.run(MONDAY) == 1
    assert [letter.to for letter in letters("alert_news")] == ["b@exemple.test"]
    monkeypatch.undo()
    assert alerts.run(MONDAY) == 1


def test_a_choice_that_is_no_more_is_said_in_the_letter(soup):
    running(query="theme=disparu")
    on(soup, WEDNESDAY)
    alerts.run(MONDAY)
    assert "« disparu » n’existe pas ici" in letters("alert_news")[0].body.replace("\u00a0", " ")


def test_the_day_s_works_tell_alerts(soup):
    running()
    on(soup, WEDNESDAY)
    call_command("daily", "--on", MONDAY.isoformat())
    assert len(letters("alert_news")) == 1


# Changing and stopping


@pytest.fixture
def letter(soup):
    running()
    on(soup, WEDNESDAY)
    alerts.run(MONDAY)
    return letters("alert_news")[0]


def test_one_click_stops_it_from_the_letter(letter):
    path = path_in(letter, "arreter/")
    page = Client().get(path)
    assert "Arrêter cette alerte" in page.text
    assert Alert.objects.running().exists()
    for _ in range(2):
        assert "C’est arrêté" in Client().post(path).text
        assert not Alert.objects.running().exists()
    assert "La reprendre" in Client().get(path_in(letter)).text
    Client().post(path_in(letter), {"geste": "confirmer"})
    assert Alert.objects.running().exists()


def test_a_mail_program_stops_it_without_a_cookie(letter):
    """RFC 8058: the header's address, posted by a machine."""
    headers = message_of(letter).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Alert.objects.running().exists()


def test_its_rhythm_is_changed_by_the_link(letter):
    path = path_in(letter)
    assert Client().post(path, {"geste": "rythme", "rhythm": "monthly"}).status_code == 302
    assert Alert.objects.get().rhythm == "monthly"
    answer = Client().post(path, {"geste": "rythme", "rhythm": "hourly"})
    assert "<title>Erreur" in answer.text
    assert Alert.objects.get().rhythm == "monthly"


def test_a_forged_link_leads_nowhere(letter):
    alert = Alert.objects.get()
    for token in (alert.key, f"{alert.key}.x", "é", "x" * 2000):
        for path in (f"/alertes/{token}/", f"/alertes/{token}/arreter/"):
            assert Client().get(path).status_code == 404
            assert Client().post(path, {"geste": "confirmer"}).status_code == 404
    assert alert.token not in str(list(Alert.objects.values()))


def test_one_sees_one_s_own_and_those_of_one_s_addresses(stan, ana, as_):
    running(stan, query="q=un")
    running(query="q=deux", email=stan.email.lower())
    running(ana, query="q=trois")
    page = as_(stan).get("/alertes/")
    assert page.text.count('<li class="row"') == 2
    assert Client().get("/alertes/").status_code == 302
    assert "/alertes/" in as_(stan).get("/compte/").text


def test_asked_again_with_the_account_it_is_one_alert(stan, as_):
    running(query="theme=alimentation", email=stan.email.lower())
    ask(browser=as_(stan))
    assert [alert.person for alert in Alert.objects.all()] == [stan]


# Forgetting


def test_what_was_never_confirmed_is_erased_after_seven_days(soup):
    ask()
    now = timezone.now()
    assert retention.forget_alerts(now + timedelta(days=6)) == 0
    assert retention.forget_alerts(now + timedelta(days=8)) == 1


def test_what_is_stopped_is_erased_after_a_month(soup):
    running().stop()
    kept = running(email="autre@exemple.test")
    assert retention.forget_alerts(timezone.now() + timedelta(days=31)) == 1
    assert Alert.objects.get() == kept


def test_where_it_was_asked_from_is_forgotten_after_a_week(soup):
    ask()
    assert Alert.objects.get().sender
    assert Alert.objects.get().sender != "203.0.113.7"
    forget_senders(timezone.now() + timedelta(days=8))
    assert not Alert.objects.get().sender


def test_an_account_that_goes_takes_its_alerts(soup):
    person = factories.person("Zoé")
    running(person)
    person.delete()
    assert not Alert.objects.exists()


# The same search, for a feed reader


def test_a_hidden_sheet_leaves_the_feed_whose_addresses_are_whole(soup, settings):
    settings.SITE_URL = "https://essaim.example"
    feed = "/initiatives/flux.atom?theme=alimentation"
    assert feed in Client().get("/initiatives/?theme=alimentation").text
    atom = Client().get(feed).text
    assert f"https://essaim.example{soup.get_absolute_url()}" in atom
    assert set(re.findall(r'href="(https?://[^/"]+)', atom)) == {"https://essaim.example"}
    assert not re.search(r'href="/', atom)
    fate.mask(soup, None)
    assert "La soupe du mardi" not in Client().get(feed).text
