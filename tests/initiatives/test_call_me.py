"""« On m’appelle »: someone tells, a coordinator types; the author reads it all and agrees before it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, Person
from initiatives import dictation
from initiatives.emails import tell_moves
from initiatives.models import Agreement, Authorship, Case, Initiative, Version
from initiatives.workflow import Refused, SheetStatus, Verb
from tests import factories
from tests.initiatives.test_agree_links import link_to

CALL = "/initiatives/proposer/par-telephone/"
FOR = "/initiatives/moderation/pour-quelquun/"
ROSE = "rose@exemple.test"
ASKED = {"name": "Rose", "phone": "03 21 00 00 00", "when": "le mardi après 14 h", "departement": "62"}


def at(name: str, version: Version, *args: object) -> str:
    return reverse(f"initiatives:{name}", args=[version.initiative_id, *args])


@pytest.fixture
def typed(max) -> Version:
    """A sheet that Max typed for Rose, and that lacks nothing."""
    version = dictation.start(max, "Rose", ROSE).working_version()
    return factories.fill(version, **factories.complete())


def ask(browser, version, email=ROSE):
    return browser.post(at("ask_author", version), {"link-name": "Rose", "link-email": email})


def paper(browser, version, **fields):
    good = {"name": "Rose", "email": ROSE, "signed_on": "2026-01-05", "held": "on"}
    good["signed_on"] = f"{timezone.localdate() - timedelta(days=3):%Y-%m-%d}"
    data = {f"paper-{name}": value for name, value in {**good, **fields}.items()}
    return browser.post(at("sign_on_paper", version), {**data, "edition": version.edition})


# Asking to be called


def test_the_request_is_a_letter_to_the_territory_and_nothing_else(max, nora, as_):
    browser = as_(None)
    assert "On vous appelle" in browser.get(CALL).text
    answer = browser.post(CALL, ASKED)
    assert answer.status_code == 302
    assert "Votre demande est partie" in browser.get(answer.url).text
    letter = Letter.objects.get()
    assert letter.person == max
    assert "03 21 00 00 00" in letter.body
    assert "le mardi après 14 h" in letter.body
    assert "Merci d’appeler avant le" in letter.body
    assert not Initiative.objects.filter(status=SheetStatus.DRAFT).exists()


def test_without_a_territory_it_goes_to_the_national_team(max, nora, as_):
    as_(None).post(CALL, {**ASKED, "departement": ""})
    assert Letter.objects.get().person == nora
    as_(None).post(CALL, {**ASKED, "departement": "42"})
    assert Letter.objects.filter(person=nora).count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "12"}, {"phone": "appelez-moi"}, {"phone": "0" * 29}, {"name": ""}, {"when": ""},
        {"departement": "999"}, {"name": "a\x00b"}, {"site_web": "http://spam"},
    ],
)  # fmt: skip
def test_a_bad_request_keeps_what_was_typed_and_sends_nothing(max, as_, typed):
    page = as_(None).post(CALL, {**ASKED, **typed})
    assert page.status_code == 200
    assert "Erreur" in page.text
    assert "le mardi après 14 h" in page.text or "when" in typed
    assert not Letter.objects.exists()


def test_a_name_of_several_lines_makes_no_header(max, as_):
    as_(None).post(CALL, {**ASKED, "name": "Rose\r\nBcc: a@b.fr"})
    assert "\n" not in Letter.objects.get().subject


def test_who_calls_too_often_waits(max, as_, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "call"}}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "call_me": "2/h/ip"}
    assert [as_(None).post(CALL, ASKED).status_code for _ in range(3)] == [302, 302, 429]
    assert Letter.objects.count() == 2


# Typing for someone


def test_a_coordinator_begins_a_sheet_for_someone(max, as_):
    browser = as_(max)
    assert "Écrire pour quelqu’un" in browser.get(reverse("initiatives:propose")).text
    browser.get(FOR)
    answer = browser.post(FOR, {"name": "Rose", "email": ROSE, "key": "0" * 16})
    again = browser.post(FOR, {"name": "Rose", "email": ROSE, "key": "0" * 16})
    assert answer.url == again.url
    assert browser.get(answer.url).status_code == 200
    written = max.authorships.get()
    assert written.role == Authorship.Role.TYPIST
    assert not Letter.objects.exists()
    assert not Person.objects.filter(email=ROSE).exists()
    assert "Sans titre" in browser.get(reverse("initiatives:mine")).text


def test_one_types_for_others_only(max, as_):
    page = as_(max).post(FOR, {"name": "Max", "email": max.email})
    assert "Cette adresse est la vôtre" in page.text
    assert not max.authorships.exists()


def test_the_check_page_asks_for_the_authors_agreement_instead_of_sending(typed, max, as_):
    browser = as_(max)
    page = browser.get(at("check", typed)).text
    assert "Demander l’accord de Rose" in page
    assert at("submit", typed) not in page
    sent = browser.post(at("submit", typed), {"edition": typed.edition})
    assert sent.status_code == 409
    assert "demandez-lui son accord" in sent.text
    assert not Case.objects.filter(initiative=typed.initiative).exists()


def test_two_taps_and_the_sheet_leaves_in_her_name(typed, max, as_, django_assert_max_num_queries):
    assert ask(as_(max), typed).status_code == 302
    assert "Le lien est parti" in as_(max).get(at("check", typed)).text
    link, phone = link_to(ROSE), as_(None)
    with django_assert_max_num_queries(12):
        page = phone.get(link)
    assert factories.STORY[:60] in page.text
    assert page.text.count("Oui, envoyez-la") == 1
    answer = phone.post(link, {"answer": "yes", "edition": typed.edition})
    assert "Votre fiche est partie" in phone.get(answer.url).text
    rose = Person.objects.get(email=ROSE)
    case = Case.objects.get(initiative=typed.initiative)
    assert (case.opened_by, rose.name, rose.has_usable_password()) == (rose, "Rose", False)
    assert {each.person: each.role for each in typed.initiative.authorships.all()} == {
        max: Authorship.Role.TYPIST, rose: Authorship.Role.OWNER,
    }  # fmt: skip
    assert typed.initiative.moves.get(verb=Verb.SUBMIT).by == rose
    assert typed.initiative.moves.get(verb=Verb.AGREE).by == rose
    tell_moves()
    subjects = {(letter.to, letter.subject.split(" : ")[0]) for letter in Letter.objects.all()}
    assert (ROSE, "Bien reçu") in subjects
    assert (ROSE, "Votre fiche est partie à la relecture") in subjects
    assert (max.email, "La fiche que vous avez écrite est partie") in subjects
    assert (max.email, "Bien reçu") not in subjects


def test_she_signs_in_by_a_link_and_follows_it(typed, max, as_):
    ask(as_(max), typed)
    as_(None).post(link_to(ROSE), {"answer": "yes", "edition": typed.edition})
    browser = as_(None)
    browser.post(reverse("accounts:request_link"), {"email": ROSE})
    body = Letter.objects.filter(to=ROSE).latest("pk").body
    path = next(line for line in body.splitlines() if "/compte/" in line).partition("//")[2].partition("/")[2]
    browser.post(f"/{path}")
    assert browser.get(at("follow", typed)).status_code == 200


def test_who_typed_writes_no_more_and_never_decides(typed, max, nora, as_):
    ask(as_(max), typed)
    as_(None).post(link_to(ROSE), {"answer": "yes", "edition": typed.edition})
    case = Case.objects.get(initiative=typed.initiative)
    browser = as_(max)
    for name in ("draft", "check", "follow", "people", "ask_author"):
        assert browser.get(at(name, typed)).status_code == 404, name
    assert browser.get(at("step", typed, "quoi")).status_code == 404
    assert browser.post(at("cancel", typed)).status_code == 404
    assert typed.initiative not in Initiative.objects.editable_by(max)
    assert typed.initiative not in Initiative.objects.written_by(max)
    with pytest.raises(Refused, match="Vous avez écrit cette fiche"):
        case.claim(max)
    assert case.answering()[0] == [nora]
    case.claim(nora)
    case.accept(nora)


def test_what_to_change_is_told_corrected_and_asked_again(typed, max, as_):
    ask(as_(max), typed)
    link, phone = link_to(ROSE), as_(None)
    empty = phone.post(link, {"answer": "edit", "word": " "})
    assert "Dites en quelques mots" in empty.text
    phone.post(link, {"answer": "edit", "word": "C’était le jeudi."})
    told = Letter.objects.get(person=max)
    assert "demande une correction" in told.subject
    assert "C’était le jeudi." in told.body
    assert "C’était le jeudi." in as_(max).get(at("check", typed)).text
    assert typed.initiative.status == SheetStatus.DRAFT
    assert ask(as_(max), typed).status_code == 302
    again = link_to(ROSE)
    assert again != link
    assert phone.get(link).status_code == 410
    assert phone.post(again, {"answer": "yes", "edition": typed.edition}).status_code == 302


def test_a_text_corrected_while_she_reads_is_read_again(typed, max, as_):
    ask(as_(max), typed)
    with typed.saving(typed.edition):
        Version.objects.filter(pk=typed.pk).update(beginning="Un autre début.")
    page = as_(None).post(link_to(ROSE), {"answer": "yes", "edition": typed.edition - 1})
    assert page.status_code == 200
    assert "Un autre début." in page.text
    assert not Person.objects.filter(email=ROSE).exists()


def test_what_can_not_be_sent_changes_nothing(typed, max, as_):
    ask(as_(max), typed)
    factories.fill(typed, title="")
    page = as_(None).post(link_to(ROSE), {"answer": "yes", "edition": typed.edition})
    assert "Donnez un titre" in page.text
    assert Agreement.objects.get(version=typed).answered_at is None
    assert not Person.objects.filter(email=ROSE).exists()
    assert ask(as_(max), typed).status_code == 409


def test_her_account_is_found_when_she_has_one(typed, max, stan, as_):
    ask(as_(max), typed, email=stan.email.upper())
    as_(None).post(link_to(stan.email.upper()), {"answer": "yes", "edition": typed.edition})
    stan.refresh_from_db()
    assert stan.check_password(factories.PASSWORD)
    assert Case.objects.get(initiative=typed.initiative).opened_by == stan


def test_an_account_opened_on_her_address_by_another_is_hers_now(typed, max, as_):
    """Signed up by someone who never showed that the address was theirs: their password opens nothing."""
    person = Person.objects.create_user(ROSE, "le-mot-de-passe-d-un-autre", name="Un autre")
    EmailAddress.objects.create(user=person, email=ROSE, verified=False, primary=True)
    other = factories.person("Malin")
    EmailAddress.objects.create(user=other, email=ROSE, verified=False)
    ask(as_(max), typed)
    as_(None).post(link_to(ROSE), {"answer": "yes", "edition": typed.edition})
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    assert Case.objects.get(initiative=typed.initiative).opened_by == person


def test_a_closed_account_is_not_opened_again(typed, max, stan, as_):
    ask(as_(max), typed, email=stan.email)
    Person.objects.filter(pk=stan.pk).update(is_active=False)
    page = as_(None).post(link_to(stan.email), {"answer": "yes", "edition": typed.edition})
    assert "ne peut pas recevoir la fiche" in page.text
    assert not Case.objects.filter(initiative=typed.initiative).exists()


def test_a_signed_paper_sends_it_too(typed, max, nora, as_):
    ask(as_(max), typed)
    link = link_to(ROSE)
    answer = paper(as_(max), typed)
    assert answer.url == reverse("initiatives:queue")
    rose = Person.objects.get(email=ROSE)
    case = Case.objects.get(initiative=typed.initiative)
    assert case.opened_by == rose
    signed = Agreement.objects.get(on_paper=True)
    assert timezone.localdate(signed.answered_at) == timezone.localdate() - timedelta(days=3)
    line = typed.initiative.moves.get(verb=Verb.AGREE)
    assert line.by == max
    assert "papier" in line.text
    # The address was not shown to be hers: she proves it by signing in.
    assert not EmailAddress.objects.get(user=rose).verified
    assert "signé sur papier" in Letter.objects.filter(person=rose, subject__contains="partie").get().body
    assert as_(None).get(link).status_code == 410


@pytest.mark.parametrize(
    "wrong", [{"signed_on": ""}, {"signed_on": "2999-01-01"}, {"signed_on": "1812-01-01"}, {"held": ""}, {"email": "x"}]
)
def test_without_its_date_or_the_paper_nothing_leaves(typed, max, as_, wrong):
    assert paper(as_(max), typed, **wrong).status_code == 200
    assert not Case.objects.filter(initiative=typed.initiative).exists()


def test_a_paper_signed_for_another_text_sends_nothing(typed, max, as_):
    with typed.saving(typed.edition):
        Version.objects.filter(pk=typed.pk).update(title="Un autre titre")
    typed.edition -= 1
    assert paper(as_(max), typed).status_code == 409


def test_who_types_has_no_other_right(typed, max, ana, as_):
    browser = as_(max)
    page = browser.get(at("people", typed)).text
    assert "Demander un accord" in page
    assert "Inviter quelqu’un" not in page
    assert "Passer la fiche" not in page
    assert browser.post(at("invite", typed), {"invite-name": "A", "invite-email": ana.email}).status_code == 404
    assert browser.post(at("leave", typed)).status_code == 404
    assert browser.get(reverse("initiatives:withdraw", args=[typed.initiative_id])).status_code == 404
    assert not Initiative.objects.signed_by(max).filter(pk=typed.initiative_id).exists()
    assert not typed.initiative.signed_by_someone()


def test_an_ordinary_author_is_asked_nothing_of_the_kind(ana, as_):
    version = factories.complete_draft(ana)
    assert as_(ana).get(at("ask_author", version)).status_code == 404
    assert paper(as_(ana), version).status_code == 404
    assert at("submit", version) in as_(ana).get(at("check", version)).text
    assert as_(ana).get(FOR).status_code == 404
