"""Writing together: who is invited signs in with the address invited; a sheet passes to a colleague; one leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from initiatives import adoption, together
from initiatives.emails import tell_moves
from initiatives.models import Agreement, Authorship, Case, Initiative, Version
from initiatives.workflow import Refused, Verb
from tests import factories
from tests.initiatives.test_agree_links import link_to

Role = Authorship.Role


@pytest.fixture
def draft(ana) -> Version:
    return factories.complete_draft(ana)


@pytest.fixture
def sheet(draft) -> Initiative:
    return draft.initiative


def gesture(name: str, sheet: Initiative) -> str:
    return reverse(f"initiatives:{name}", args=[sheet.pk])


def invite(browser, sheet, email, name="Stan"):
    return browser.post(gesture("invite", sheet), {"invite-name": name, "invite-email": email})


def offer(browser, sheet, email, after="reste"):
    typed = {"hand-over-name": "Stan", "hand-over-email": email, "hand-over-after": after}
    return browser.post(gesture("hand_over", sheet), typed)


def roles(sheet) -> dict[str, str]:
    return {each.person.name: each.role for each in sheet.authorships.select_related("person")}


def test_the_invited_signs_in_then_writes_too(sheet, ana, stan, as_):
    assert invite(as_(ana), sheet, stan.email.upper()).status_code == 302
    link = link_to(stan.email.upper())
    page = as_(None).get(link)
    assert page.status_code == 200
    assert stan.email.upper() in page.text
    assert f"?next={link}" in page.text
    assert factories.STORY[:40] not in page.text
    assert as_(None).post(link, {"answer": "yes"}).url == f"{reverse('account_login')}?next={link}"
    assert "J’accepte" in as_(stan).get(link).text
    assert as_(stan).post(link, {"answer": "yes"}).url == gesture("people", sheet)
    assert roles(sheet) == {"Ana": Role.OWNER, "Stan": Role.CO_AUTHOR}
    assert as_(stan).get(reverse("initiatives:check", args=[sheet.pk])).status_code == 200
    assert sheet.moves.get(verb=Verb.JOIN).by == stan
    tell_moves()
    assert "écrit avec vous" in Letter.objects.get(person=ana).subject
    assert as_(stan).get(link).status_code == 410


def test_another_account_may_not_accept(sheet, ana, stan, eve, as_):
    invite(as_(ana), sheet, "quelquun@exemple.test")
    link = link_to("quelquun@exemple.test")
    page = as_(eve).get(link)
    assert "quelquun@exemple.test" in page.text
    assert "J’accepte" not in page.text
    assert "autre adresse" in as_(eve).post(link, {"answer": "yes"}).text
    # An address one only says one has opens nothing.
    EmailAddress.objects.create(user=eve, email="quelquun@exemple.test", verified=False)
    assert "autre adresse" in as_(eve).post(link, {"answer": "yes"}).text
    assert roles(sheet) == {"Ana": Role.OWNER}
    EmailAddress.objects.filter(user=eve).update(verified=True)
    assert as_(eve).post(link, {"answer": "yes"}).status_code == 302


def test_a_look_alike_address_is_another():
    assert together.same_address("Zoe@Exemple.test", "zoe@exemple.test")
    assert not together.same_address("\u212aim@exemple.test", "kim@exemple.test")
    assert together.same_address("zoé@exemple.test", "zoé@exemple.test")


def test_nothing_says_whether_an_address_has_an_account(sheet, ana, stan, as_):
    pages = []
    for address in (stan.email, "personne@exemple.test"):
        invite(as_(ana), sheet, address)
        page = as_(None).get(link_to(address)).text
        pages.append(page.replace(address, "ADRESSE").replace(link_to(address), "LIEN"))
    from tests.test_matrix import TOKEN

    def bare(page: str) -> str:
        return TOKEN.sub("", page)

    assert bare(pages[0]) == bare(pages[1])


def test_one_declines_without_an_account(sheet, ana, as_):
    invite(as_(ana), sheet, "zoe@exemple.test")
    answer = as_(None).post(link_to("zoe@exemple.test"), {"answer": "no"})
    assert "recu=" in answer.url
    assert "a dit non" in Letter.objects.get(person=ana).subject
    assert roles(sheet) == {"Ana": Role.OWNER}


def test_an_invitation_lasts_three_days(sheet, ana, stan):
    asked, _ = together.ask(sheet, Agreement.Kind.CO_AUTHOR, ana, "Stan", stan.email)
    assert asked.expires_at - asked.asked_at <= timedelta(hours=72, seconds=5)
    Agreement.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(together.Closed):
        together.join(asked, stan)


def test_the_invitation_of_someone_who_left_is_dead(sheet, ana, stan, eve, as_):
    factories.co_author(sheet, stan)
    invite(as_(stan), sheet, eve.email, "Eve")
    link = link_to(eve.email)
    assert as_(eve).get(link).status_code == 200
    as_(stan).post(gesture("leave", sheet))
    assert as_(eve).get(link).status_code == 410
    assert as_(eve).post(link, {"answer": "yes"}).status_code == 410
    assert roles(sheet) == {"Ana": Role.OWNER}


def test_a_sheet_passes_to_a_colleague_and_one_stays(sheet, ana, stan, as_):
    assert offer(as_(ana), sheet, stan.email).status_code == 302
    link = link_to(stan.email)
    assert "continuera à l’écrire avec vous" in as_(stan).get(link).text
    as_(stan).post(link, {"answer": "yes"})
    assert roles(sheet) == {"Ana": Role.CO_AUTHOR, "Stan": Role.OWNER}
    assert sheet.moves.get(verb=Verb.HAND_OVER).by == stan
    tell_moves()
    assert "porte maintenant" in Letter.objects.get(person=ana).subject


def test_or_one_leaves(sheet, ana, stan, as_):
    offer(as_(ana), sheet, stan.email, after="part")
    link = link_to(stan.email)
    assert "ne l’écrira plus" in as_(stan).get(link).text
    as_(stan).post(link, {"answer": "yes"})
    assert roles(sheet) == {"Stan": Role.OWNER}
    assert as_(ana).get(gesture("people", sheet)).status_code == 404
    assert "Vous ne l’écrivez plus" in Letter.objects.get(person=ana).body


def test_only_one_colleague_takes_it(sheet, ana, stan, eve, as_):
    offer(as_(ana), sheet, stan.email)
    first = link_to(stan.email)
    offer(as_(ana), sheet, eve.email)
    assert as_(stan).get(first).status_code == 410
    as_(eve).post(link_to(eve.email), {"answer": "yes"})
    assert roles(sheet) == {"Ana": Role.CO_AUTHOR, "Eve": Role.OWNER}


def test_a_co_author_does_not_pass_on_what_is_not_theirs(sheet, ana, stan, eve, as_):
    factories.co_author(sheet, stan)
    assert "Passer la fiche" not in as_(stan).get(gesture("people", sheet)).text
    assert offer(as_(stan), sheet, eve.email).status_code == 409
    assert not Agreement.objects.exists()


def test_a_co_author_leaves_and_the_others_are_told(sheet, ana, stan, as_):
    factories.co_author(sheet, stan)
    browser = as_(stan)
    assert "Ne plus écrire" in browser.get(gesture("leave", sheet)).text
    assert roles(sheet) == {"Ana": Role.OWNER, "Stan": Role.CO_AUTHOR}
    assert browser.post(gesture("leave", sheet)).url == reverse("initiatives:mine")
    assert roles(sheet) == {"Ana": Role.OWNER}
    tell_moves()
    assert "n’écrit plus" in Letter.objects.get(person=ana).subject


def test_who_carries_it_passes_it_on_first(sheet, ana, as_):
    page = as_(ana).post(gesture("leave", sheet))
    assert page.status_code == 409
    assert "passez-la d’abord" in page.text


def test_who_wrote_and_left_does_not_decide(ana, max):
    """A coordinator who co-wrote, then left, is still tied to the sheet."""
    draft = factories.complete_draft(ana)
    factories.co_author(draft.initiative, max)
    together.leave(draft.initiative, max)
    case = Case.submit(draft, ana)
    assert max not in case.answering()[0]
    with pytest.raises(Refused, match="Vous avez écrit cette fiche"):
        case.claim(max)


def test_someone_who_only_takes_a_page_over_invites_nobody(ana, stan, as_):
    source = Initiative.objects.published().filter(origin="public_source").first()
    adoption.begin(source, stan)
    browser = as_(stan)
    page = browser.get(gesture("people", source)).text
    assert "Demander un accord" in page
    assert "Inviter quelqu’un" not in page
    assert invite(browser, source, ana.email).status_code == 404
    assert offer(browser, source, ana.email).status_code == 404
    assert browser.post(gesture("leave", source)).status_code == 404
    with pytest.raises(Refused):
        together.ask(source, Agreement.Kind.CO_AUTHOR, stan, "Ana", ana.email)


def test_the_page_of_people_is_bounded(sheet, ana, as_, django_assert_max_num_queries):
    factories.co_author(sheet, factories.person("Zoé"))
    for n in range(8):
        together.ask(sheet, Agreement.Kind.PEOPLE, ana, "Zoé", f"zoe{n}@exemple.test")
    browser = as_(ana)
    with django_assert_max_num_queries(12):
        page = browser.get(gesture("people", sheet))
    assert page.text.count("sans réponse encore") == 8
