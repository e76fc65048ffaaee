"""A coordinator decides what a reader said: the page comes back, waits for its correction, is corrected, or goes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case, Initiative, Move, Report
from initiatives.workflow import CaseStatus, Refused, Verb
from tests import factories

WORDS = "Merci de nous l’avoir écrit."


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def source(db):
    """A sheet nobody signs, in Pas-de-Calais."""
    places = {"public_version__place__departement": factories.departement("62")}
    return Initiative.objects.published().filter(origin="public_source", **places).first()


def report(sheet, by=None, kind="personal", **said) -> Report:
    about = {"field": "", "text": "", "email": "voisine@exemple.test", "sender": f"s{Report.objects.count()}", **said}
    made = Report.send(sheet, kind=kind, **about)
    if by:
        made.case.claim(by)
    return made


def act(browser, name, made, **data):
    return browser.post(reverse(f"initiatives:{name}", args=[made.case_id]), data)


def uphold(browser, made, outcome, **data):
    typed = {"outcome": outcome, "text": WORDS, **data}
    return act(browser, "uphold", made, **{f"uphold-{name}": value for name, value in typed.items()})


def is_read(sheet, as_) -> bool:
    return as_(None).get(sheet.get_absolute_url()).status_code == 200


def letter(name: str) -> Letter:
    emails.tell_moves()
    return Letter.objects.get(key__startswith=f"initiatives/{name}:")


def test_a_coordinator_reads_what_was_said_and_the_hidden_page(sheet, max, as_, django_assert_max_num_queries):
    made = report(sheet, text="On me reconnaît au troisième paragraphe.")
    browser = as_(max)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("initiatives:case", args=[made.case_id]))
    assert "troisième paragraphe" in page.text
    assert "une cuisine prêtée par le centre social" in page.text
    assert "voisine@exemple.test" not in page.text
    assert "Prendre ce dossier" in page.text
    assert "Donner suite" not in page.text


def test_unfounded_brings_the_page_back_at_once(sheet, max, as_):
    made = report(sheet, max)
    assert act(as_(max), "dismiss", made, **{"dismiss-text": "Personne n’est reconnaissable."}).status_code == 302
    assert is_read(sheet, as_)
    assert Case.objects.get(pk=made.case_id).status == CaseStatus.REFUSED
    assert list(made.case.moves.values_list("verb", flat=True)) == [
        Verb.REPORT, Verb.MASK, Verb.CLAIM, Verb.DISMISS, Verb.UNMASK,
    ]  # fmt: skip
    answer = letter("report_answered")
    assert answer.to == "voisine@exemple.test"
    assert "Personne n’est reconnaissable." in answer.body
    assert letter("shown_again").person == sheet.authors.get()
    taken = made.case.moves.get(verb=Verb.CLAIM)
    assert not Letter.objects.filter(key__contains=f":move-{taken.pk}:").exists()


def test_founded_waits_for_the_correction_that_brings_it_back(sheet, ana, max, as_):
    made = report(sheet, max, field="story")
    assert uphold(as_(max), made, "to_correct").status_code == 302
    assert not is_read(sheet, as_)
    asked = letter("asked_to_correct")
    assert asked.person == ana
    assert WORDS in asked.body
    version = Initiative.objects.get(pk=sheet.pk).version_to_edit(ana)
    case = Case.submit(factories.fill(version, title="La soupe, autrement"), ana)
    assert not is_read(sheet, as_)
    case.claim(max)
    case.accept(max)
    assert is_read(sheet, as_)
    assert "La soupe, autrement" in as_(None).get(sheet.get_absolute_url()).text


def test_a_version_sent_before_the_claim_brings_nothing_back(sheet, ana, max, nora, as_):
    version = sheet.version_to_edit(ana)
    case = Case.submit(factories.fill(version, title="Envoyée avant"), ana)
    made = report(sheet, max)
    made.uphold(max, "to_correct", WORDS)
    case.claim(nora)
    case.accept(nora)
    assert not is_read(sheet, as_)


def test_a_correction_accepted_before_the_decision_waits_for_it(sheet, ana, max, nora, as_):
    made = report(sheet, max)
    case = Case.submit(factories.fill(sheet.version_to_edit(ana), title="Corrigée aussitôt"), ana)
    case.claim(nora)
    case.accept(nora)
    assert not is_read(sheet, as_)
    assert uphold(as_(max), made, "corrected").status_code == 302
    assert is_read(sheet, as_)


def test_founded_may_mean_withdrawn(sheet, max, as_):
    made = report(sheet, max)
    page = uphold(as_(max), made, "withdrawn")
    assert page.status_code == 200
    assert "Dites pourquoi" in page.text
    assert uphold(as_(max), made, "withdrawn", reason="person").status_code == 302
    gone = as_(None).get(sheet.get_absolute_url())
    assert gone.status_code == 410
    assert "Une personne concernée a demandé son retrait." in gone.text
    assert "Une personne concernée" in letter("withdrawn").body


def test_a_correction_goes_to_the_team_that_decides(sheet, ana, max, as_):
    made = report(sheet, max, kind="correction", field="effects", text="Ils étaient douze.")
    assert uphold(as_(max), made, "passed_on").status_code == 302
    assert is_read(sheet, as_)
    told = letter("correction_passed_on")
    assert told.person == ana
    assert "Ils étaient douze." in told.body
    assert "voisine" not in told.body


def test_a_sheet_nobody_signs_is_corrected_here(source, max, as_):
    made = report(source, max, field="summary")
    browser = as_(max)
    page = browser.get(reverse("initiatives:case", args=[made.case_id]))
    assert source.public_version.summary[:40] in page.text.replace("&#x27;", "'")
    done = uphold(browser, made, "amended", field="summary", amended="Un résumé qui ne désigne plus personne.")
    assert done.status_code == 302
    page = as_(None).get(source.get_absolute_url())
    assert page.status_code == 200
    assert "ne désigne plus personne" in page.text
    assert "non vérifiée par ses auteurs" in page.text
    assert page.text.count("Vérifiée le") == 0


def test_a_corrected_source_is_not_loaded_again(source, max):
    from initiatives.content import still_from_source

    source.refresh_from_db()
    assert still_from_source(source)
    made = report(source, max)
    made.uphold(max, "amended", WORDS, amended={"summary": "Un autre résumé, plus juste."})
    assert not still_from_source(Initiative.objects.get(pk=source.pk))


def test_a_team_corrects_its_own_sheet(sheet, max):
    made = report(sheet, max)
    with pytest.raises(Refused):
        made.uphold(max, "amended", WORDS, amended={"summary": "Un résumé de la coordination."})


def test_another_claim_keeps_the_page_hidden(sheet, max, as_):
    first, second = report(sheet, max), report(sheet)
    first.dismiss(max, "Rien n’est reconnaissable.")
    assert not is_read(sheet, as_)
    second.case.claim(max)
    second.dismiss(max, "Rien n’est reconnaissable.")
    assert is_read(sheet, as_)


def test_a_correction_awaited_keeps_the_page_hidden(sheet, max, as_):
    first, second = report(sheet, max), report(sheet, max)
    first.uphold(max, "to_correct", WORDS)
    second.dismiss(max, "Rien de plus à corriger.")
    assert not is_read(sheet, as_)


def test_nobody_decides_about_their_own_sheet(ana, max, nora, as_):
    own = factories.published(max, nora, title="Écrite par Max")
    made = report(own)
    browser = as_(max)
    assert browser.post(reverse("initiatives:claim", args=[made.case_id])).status_code == 409
    assert act(browser, "dismiss", made, **{"dismiss-text": "Rien de vrai là-dedans."}).status_code == 409
    assert not is_read(own, as_)


def test_one_decides_what_one_took(sheet, max, nora, as_):
    made = report(sheet, max)
    answer = act(as_(nora), "dismiss", made, **{"dismiss-text": "Rien n’est reconnaissable."})
    assert answer.status_code == 409
    assert not is_read(sheet, as_)
    made.dismiss(max, "Rien n’est reconnaissable.")
    with pytest.raises(Refused):
        made.uphold(max, "to_correct", WORDS)


def test_what_could_not_be_decided_is_in_the_journal(sheet, max, nora, as_):
    made = report(sheet, max)
    act(as_(nora), "dismiss", made, **{"dismiss-text": "Rien n’est reconnaissable."})
    uphold(as_(nora), made, "to_correct")
    act(as_(nora), "uphold", made, **{"uphold-outcome": "forgé"})
    tried = made.case.moves.filter(verb=Verb.ATTEMPT, by=nora).values_list("motive", flat=True)
    assert sorted(tried) == [Verb.DISMISS, Verb.UPHOLD]
    page = as_(max).get(reverse("initiatives:case", args=[made.case_id])).text
    assert "Nora a essayé, sans effet" in page
    made.dismiss(max, "Rien n’est reconnaissable.")
    late = uphold(as_(max), made, "to_correct", text="Ces mots ne doivent pas se perdre.")
    assert late.status_code == 409
    assert "Ces mots ne doivent pas se perdre." in late.text


def test_an_answer_names_no_number(sheet, max, as_):
    made = report(sheet, max)
    page = uphold(as_(max), made, "to_correct", text="Appelez-la au 06 39 98 12 34, elle expliquera.")
    assert page.status_code == 200
    assert "un numéro de téléphone" in page.text
    assert made.case.moves.filter(verb=Verb.UPHOLD).count() == 0


def test_what_was_being_written_when_the_session_ended_comes_back(sheet, max, as_):
    made = report(sheet, max)
    browser = as_(max)
    there = reverse("initiatives:dismiss", args=[made.case_id])
    shown = browser.get(reverse("initiatives:case", args=[made.case_id])).text
    mark = re.search(r'name="writer" value="([^"]+)"', shown)[1]
    browser.logout()
    sent = browser.post(there, {"dismiss-text": "Rien n’est reconnaissable.", "writer": mark})
    assert sent.status_code == 302
    browser.force_login(max)
    assert "Rien n’est reconnaissable." in browser.get(there).text


@pytest.mark.parametrize(("kind", "hours"), [("personal", 72), ("correction", 360)])
def test_a_decision_taken_again_has_the_days_of_its_sort(sheet, max, nora, as_, kind, hours):
    made = report(sheet, max, kind=kind, text="Ils étaient douze.")
    made.dismiss(max, "Rien n’est à changer ici.")
    there = reverse("initiatives:case", args=[made.case_id])
    assert "Reprendre cette décision" not in as_(max).get(there).text
    browser = as_(nora)
    assert "Reprendre cette décision" in browser.get(there).text
    page = browser.get(reverse("initiatives:reopen", args=[made.case_id])).text
    assert ("soixante-douze heures" in page) == (kind == "personal")
    assert "Les auteurs de la fiche le liront" not in page
    said = {"text": "La remarque mérite d’être lue de plus près."}
    assert browser.post(reverse("initiatives:reopen", args=[made.case_id]), said).status_code == 302
    case = Case.objects.get(pk=made.case_id)
    assert case.status == CaseStatus.RECEIVED
    assert case.decision_due_at - case.received_at == timedelta(hours=hours)


def test_a_report_is_not_a_version(sheet, max):
    """What publishes or refuses a version says nothing of a page, nor the other way round."""
    made = report(sheet, max)
    for verb in (
        lambda: made.case.accept(max),
        lambda: made.case.refuse(max, "", "Un refus qui ne veut rien dire ici."),
        lambda: made.case.request_changes(max, "Complétez.", {}),
    ):
        with pytest.raises(Refused):
            verb()
    assert made.case.status == CaseStatus.CLAIMED


def test_a_sheet_gone_meanwhile_is_answered(sheet, ana, max, as_):
    from initiatives import fate

    made = report(sheet, max)
    fate.withdraw(sheet, ana, fate.AUTHOR)
    assert uphold(as_(max), made, "gone").status_code == 302
    assert "n’est plus en ligne" in letter("report_answered").body


def test_another_coordinator_may_undo(sheet, max, nora, as_):
    made = report(sheet, max)
    made.uphold(max, "to_correct", WORDS)
    show = reverse("initiatives:unmask", args=[sheet.pk])
    why = {"unmask-text": "Relue à deux : rien ne désigne personne."}
    assert as_(max).post(show, why).status_code == 409
    assert not is_read(sheet, as_)
    assert as_(nora).post(show, why).status_code == 302
    assert is_read(sheet, as_)
    hide = reverse("initiatives:mask", args=[sheet.pk])
    assert as_(max).post(hide, {"mask-text": "Un détail m’a échappé."}).status_code == 302
    assert not is_read(sheet, as_)


def test_a_page_is_not_shown_over_a_pending_claim(sheet, nora, as_):
    report(sheet)
    answer = as_(nora).post(reverse("initiatives:unmask", args=[sheet.pk]), {"unmask-text": "Je la rétablis."})
    assert answer.status_code == 409
    assert not is_read(sheet, as_)


def test_what_was_said_stays_the_coordinations(sheet, ana, max, as_):
    report(sheet, text="Mon voisin est cité.")
    page = as_(ana).get(reverse("initiatives:follow", args=[sheet.pk])).text
    assert "Mon voisin" not in page
    assert "La page est cachée en attendant une décision." in page
    assert "signalement" not in page


def test_the_journal_is_whole(sheet, max):
    made = report(sheet, max)
    made.uphold(max, "to_correct", WORDS)
    told = Move.objects.filter(case=made.case).values_list("verb", "by__name", "motive")
    assert list(told) == [
        ("report", None, ""), ("mask", None, ""), ("claim", "Max", ""), ("uphold", "Max", "to_correct"),
    ]  # fmt: skip
