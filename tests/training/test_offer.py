"""An accepted note becomes a sheet with three agreements: its student's, its centre's, the site's."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import kept
from accounts.models import Letter
from initiatives.models import Case, Initiative, Move
from initiatives.workflow import Refused
from tests import factories
from tests.training.gestures import answer, sent, url
from training import retention
from training.forms import OfferAnswerForm
from training.models import Offer, Work

NOTE = "Le mardi, une vingtaine de parents préparaient un goûter dans la salle du bas, sans animateur. " * 5


@pytest.fixture
def accepted(assignment, ilan, tess, as_):
    work = sent(assignment, ilan, NOTE)
    answer(as_(tess), work, "Un commentaire privé de Tess.")
    return work


@pytest.fixture
def offer(accepted, ilan, as_):
    as_(ilan).post(url("offer_note", accepted.pk), {"action": "ask"})
    return Offer.objects.get()


@pytest.fixture
def agreed(offer, tess, as_):
    assert as_(tess).post(url("offer", offer.pk), {"answer": "agree"}).status_code == 302
    offer.refresh_from_db()
    return offer


def complete(offer):
    """What the student fills on the screens."""
    version = offer.initiative.working_version()
    told = {name: value for name, value in factories.complete().items() if name != "story"}
    return factories.fill(version, **told)


def published_sheets():
    return Initiative.objects.published().filter(origin=Initiative.Origin.TRAINING)


# --- Three agreements -----------------------------------------------------------------------------------------------


def test_from_a_note_to_the_catalogue(accepted, ilan, tess, max, as_):
    student, trainer, nobody = as_(ilan), as_(tess), as_(None)
    page = student.get(url("offer_note", accepted.pk)).text
    assert "Trois accords" in page
    assert not Offer.objects.exists()
    student.post(url("offer_note", accepted.pk), {"action": "ask"})
    letter = Letter.objects.get(key__startswith="training/offer_asked:")
    assert letter.person == tess
    assert "goûter" not in letter.subject + letter.body
    offer = Offer.objects.get()
    assert url("offer", offer.pk) in letter.body
    assert not Initiative.objects.filter(offer=offer).exists()
    assert NOTE.strip()[:60] in trainer.get(url("offer", offer.pk)).text
    trainer.post(url("offer", offer.pk), {"answer": "agree"})
    offer.refresh_from_db()
    told = Letter.objects.get(key__startswith="training/offer_agreed:")
    assert told.person == ilan
    assert reverse("initiatives:draft", args=[offer.initiative.pk]) in told.body
    assert student.get(reverse("initiatives:draft", args=[offer.initiative.pk])).status_code in (200, 302)
    version = offer.initiative.working_version()
    assert version.story == NOTE.strip() or version.story == NOTE
    assert Initiative.objects.written_by(ilan).get() == offer.initiative
    assert not published_sheets().exists()

    case = Case.submit(complete(offer), ilan)
    assert not published_sheets().exists()
    assert "en relecture" in student.get(url("offer_note", accepted.pk)).text
    case.claim(max)
    case.accept(max)
    sheet = published_sheets().get()
    page = nobody.get(sheet.get_absolute_url()).text
    assert "écrit en formation" in page
    for private in ("Ilan", "Un commentaire privé", accepted.assignment.title, str(accepted.assignment.cohort), "IRTS"):
        assert private not in page, private
    found = nobody.get("/initiatives/?q=cuisine+partag%C3%A9e").text
    assert sheet.slug in found
    assert "écrit en formation" in found
    assert "a publié la fiche" in student.get(url("offer_note", accepted.pk)).text


def test_the_label_is_on_no_other_sheet(ana, max, as_):
    sheet = factories.published(ana, max)
    assert "écrit en formation" not in as_(None).get(sheet.get_absolute_url()).text
    assert "écrit en formation" not in as_(None).get("/initiatives/?q=cuisine").text


@pytest.mark.parametrize("lacking", ["student", "trainer", "site"])
def test_two_agreements_of_three_publish_nothing(lacking, accepted, ilan, tess, max, as_):
    if lacking == "student":
        assert as_(tess).post(url("offer_note", accepted.pk), {"action": "ask"}).status_code == 404
        assert as_(max).post(url("offer_note", accepted.pk), {"action": "ask"}).status_code == 404
        assert not Offer.objects.exists()
        return
    as_(ilan).post(url("offer_note", accepted.pk), {"action": "ask"})
    offer = Offer.objects.get()
    if lacking == "trainer":
        assert as_(ilan).post(url("offer", offer.pk), {"answer": "agree"}).status_code == 404
        assert Offer.objects.get().initiative is None
        return
    as_(tess).post(url("offer", offer.pk), {"answer": "agree"})
    offer.refresh_from_db()
    Case.submit(complete(offer), ilan)
    assert not published_sheets().exists()
    assert as_(None).get(offer.initiative.get_absolute_url()).status_code == 404


def test_a_work_not_accepted_offers_nothing(assignment, ilan, as_):
    work = sent(assignment, ilan, NOTE)
    assert as_(ilan).get(url("offer_note", work.pk)).status_code == 302
    as_(ilan).post(url("offer_note", work.pk), {"action": "ask"})
    assert not Offer.objects.exists()


def test_who_agreed_for_the_centre_never_decides_for_the_site(agreed, ilan, tess):
    factories.role(tess, "coordinator", territory=factories.departement("62"))
    case = Case.submit(complete(agreed), ilan)
    with pytest.raises(Refused):
        case.claim(tess)


# --- Refused, taken back --------------------------------------------------------------------------------------------


def test_a_trainer_refuses_with_a_reason_the_student_reads(offer, ilan, tess, as_):
    page = as_(tess).post(url("offer", offer.pk), {"answer": "refuse", "reason": "  "})
    assert "Dites pourquoi" in page.text
    named = as_(tess).post(url("offer", offer.pk), {"answer": "refuse", "reason": "Demandez au 06 12 34 56 78."})
    assert "retirez ce qui désigne" in named.text
    assert as_(tess).post(url("offer", offer.pk), {"answer": ""}).status_code == 200
    assert as_(tess).post(url("offer", offer.pk), {"answer": "publier"}).status_code == 200
    assert Offer.objects.waiting().count() == 1
    as_(tess).post(url("offer", offer.pk), {"answer": "refuse", "reason": "La structure n’est pas d’accord."})
    page = as_(ilan).get(url("offer_note", offer.note.work_id)).text
    assert "La structure n’est pas d’accord." in page
    assert "Proposer de nouveau" in page
    letter = Letter.objects.get(key__startswith="training/offer_refused:")
    assert "La structure" not in letter.body
    as_(ilan).post(url("offer_note", offer.note.work_id), {"action": "ask"})
    offer.refresh_from_db()
    assert offer.is_waiting
    assert offer.reason == ""


def test_the_student_takes_it_back_before_the_answer(offer, ilan, tess, as_):
    as_(ilan).post(url("offer_note", offer.note.work_id), {"action": "withdraw"})
    assert as_(tess).get(url("offer", offer.pk)).status_code == 404
    assert as_(tess).post(url("offer", offer.pk), {"answer": "agree"}).status_code == 404
    with pytest.raises(Refused):
        offer.agree(tess)
    assert not Initiative.objects.filter(offer=offer).exists()
    assert Work.objects.get(pk=offer.note.work_id).is_accepted


def test_the_student_takes_it_back_while_writing(agreed, ilan, tess, as_):
    as_(ilan).post(url("offer_note", agreed.note.work_id), {"action": "withdraw"})
    agreed.refresh_from_db()
    assert agreed.initiative.status == "withdrawn"
    assert not Initiative.objects.editable_by(ilan).exists()
    assert Letter.objects.get(key__startswith="training/offer_withdrawn:").person == tess
    assert as_(ilan).get(url("offer_note", agreed.note.work_id)).status_code == 200


def test_the_student_takes_it_back_during_the_review(agreed, ilan, max, as_):
    case = Case.submit(complete(agreed), ilan)
    case.claim(max)
    as_(ilan).post(url("offer_note", agreed.note.work_id), {"action": "withdraw"})
    case.refresh_from_db()
    assert case.status == "cancelled"
    agreed.refresh_from_db()
    assert agreed.initiative.status == "withdrawn"
    assert not published_sheets().exists()


def test_the_centre_takes_its_agreement_back_during_the_review(agreed, ilan, tess, max, as_):
    case = Case.submit(complete(agreed), ilan)
    assert "Reprendre votre accord" in as_(tess).get(url("offer", agreed.pk)).text
    as_(tess).post(url("offer", agreed.pk), {"answer": "refuse", "reason": "Le lieu d’accueil ne le veut plus."})
    case.refresh_from_db()
    assert case.status == "cancelled"
    sheet = Initiative.objects.get(pk=agreed.initiative_id)
    assert sheet.status == "draft"
    version = sheet.version_to_edit(ilan)
    assert "n’est plus d’accord" in " ".join(version.missing().values())
    with pytest.raises(Refused, match="plus d’accord"):
        Case.submit(version, ilan)
    # Agreed again, the same sheet goes on.
    as_(ilan).post(url("offer_note", agreed.note.work_id), {"action": "ask"})
    as_(tess).post(url("offer", agreed.pk), {"answer": "agree"})
    agreed.refresh_from_db()
    assert agreed.initiative == sheet
    assert Case.submit(sheet.version_to_edit(ilan), ilan).status == "received"


def test_what_the_centre_no_longer_wants_stays_so_when_the_cohort_is_forgotten(agreed, ilan, tess):
    agreed.refuse(tess, "Le lieu d’accueil ne le veut plus.")
    retention.erase(agreed.note.work.assignment.cohort)
    assert not Offer.objects.exists()
    with pytest.raises(Refused, match="plus d’accord"):
        Case.submit(factories.fill(Initiative.objects.get(origin="training").version_to_edit(ilan),
                                   **factories.complete()), ilan)  # fmt: skip


def test_what_the_centre_wants_stays_so_too(agreed, ilan):
    retention.erase(agreed.note.work.assignment.cohort)
    agreed.initiative.refresh_from_db()
    assert Case.submit(complete(agreed), ilan).status == "received"


@given(st.text(max_size=400), st.sampled_from(["agree", "refuse", "", "x"]) | st.text(max_size=20))
def test_any_answer_is_read_without_breaking(reason, said):
    form = OfferAnswerForm({"reason": reason, "answer": said})
    assert not form.is_valid() or form.cleaned_data["answer"] in ("agree", "refuse")
    assert not form.is_valid() or form.cleaned_data["answer"] == "agree" or form.cleaned_data["reason"].strip()


def test_once_public_nothing_here_takes_it_away(agreed, ilan, tess, max, as_):
    case = Case.submit(complete(agreed), ilan)
    case.claim(max)
    case.accept(max)
    as_(ilan).post(url("offer_note", agreed.note.work_id), {"action": "withdraw"})
    as_(tess).post(url("offer", agreed.pk), {"answer": "refuse", "reason": "Trop tard."})
    assert published_sheets().count() == 1
    page = as_(ilan).get(url("offer_note", agreed.note.work_id)).text
    assert reverse("initiatives:follow", args=[agreed.initiative_id]) in page


def test_a_sheet_thrown_away_may_be_offered_again(agreed, ilan, tess, as_):
    agreed.initiative.discard(ilan)
    page = as_(ilan).get(url("offer_note", agreed.note.work_id)).text
    assert "a été supprimée" in page
    as_(ilan).post(url("offer_note", agreed.note.work_id), {"action": "ask"})
    as_(tess).post(url("offer", agreed.pk), {"answer": "agree"})
    assert Offer.objects.get().initiative.status == "draft"


def test_a_work_asked_again_is_no_longer_to_agree_on(offer, tess, as_):
    answer(as_(tess), offer.note.work, "Finalement, reprenez la fin.", "to_redo")
    page = as_(tess).post(url("offer", offer.pk), {"answer": "agree"})
    assert "de nouveau à reprendre" in page.text
    assert Offer.objects.get().initiative is None


# --- Who, and how often ---------------------------------------------------------------------------------------------


def test_others_find_nothing(offer, accepted, stan, otto, nora, hugo, ada, max, as_):
    for person in (stan, otto, nora, hugo, ada, max):
        for method in ("get", "post"):
            browser = as_(person)
            assert getattr(browser, method)(url("offer", offer.pk)).status_code == 404
            assert getattr(browser, method)(url("offer_note", accepted.pk)).status_code == 404
    assert NOTE[:30] not in as_(otto).get(url("offers")).text
    assert as_(nora).get(url("offers")).status_code == 404


def test_pressed_twice_it_is_done_once(accepted, ilan, tess, as_):
    for _ in range(3):
        as_(ilan).post(url("offer_note", accepted.pk), {"action": "ask"})
    offer = Offer.objects.get()
    assert Letter.objects.filter(key__startswith="training/offer_asked:").count() == 1
    for _ in range(3):
        offer.agree(tess)
    assert Initiative.objects.filter(origin="training").count() == 1
    assert Move.objects.filter(initiative=Offer.objects.get().initiative, verb="agree").count() == 1


def test_pages_cost_few_queries(offer, ilan, tess, as_, django_assert_max_num_queries):
    for person, address in (
        (ilan, url("offer_note", offer.note.work_id)),
        (tess, url("offers")),
        (tess, url("offer", offer.pk)),
    ):
        browser = as_(person)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_letters_say_nothing_of_the_note(agreed):
    for letter in Letter.objects.filter(key__startswith="training/offer"):
        assert "goûter" not in letter.body
        assert letter.written_at <= timezone.now()


def test_a_refusal_typed_while_the_session_ended_comes_back(offer, tess, as_):
    browser, path = as_(None), url("offer", offer.pk)
    said = {"answer": "refuse", "reason": "Trop tôt, parlons-en.", "writer": kept.mark_of(tess.pk)}
    assert "/connexion/" in browser.post(path, said)["Location"]
    browser.force_login(tess)
    assert "Trop tôt, parlons-en." in browser.get(path).text
    browser.post(path, said)
    offer.refresh_from_db()
    assert offer.reason == "Trop tôt, parlons-en."
    assert not browser.session.get(kept.KEPT)
