"""An attestation: asked by its student, checked by its number alone, revoked for good."""

import io
import re
from datetime import timedelta

import pikepdf
import pypdf
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Letter, Person
from tests import factories
from tests.training.gestures import answer, sent, url
from training import guesses, numbers
from training.models import Attestation, Work

PRIVATE = "Une phrase de la note que personne d’autre ne lit."
signs = st.text(alphabet=numbers.SIGNS, min_size=numbers.LENGTH - 1, max_size=numbers.LENGTH - 1)


@pytest.fixture
def accepted(assignment, ilan, tess, as_):
    work = sent(assignment, ilan, PRIVATE)
    answer(as_(tess), work, "Merci de ce travail.")
    return work


@pytest.fixture
def attestation(accepted, ilan, as_):
    as_(ilan).post(url("attest", accepted.pk))
    return Attestation.objects.get()


def bare(text):
    """Without what breaks its lines."""
    return re.sub(r"[\s\u200b]+", "", text)


# --- Numbers --------------------------------------------------------------------------------------------------------


@given(signs, st.integers(0, numbers.LENGTH - 1), st.sampled_from(numbers.SIGNS))
def test_one_sign_mistyped_never_gives_another_number(body, place, sign):
    number = body + numbers.check(body)
    assert numbers.holds(number)
    wrong = number[:place] + sign + number[place + 1 :]
    assert numbers.holds(wrong) is (wrong == number)


@given(signs, st.integers(0, numbers.LENGTH - 1), st.integers(0, numbers.LENGTH - 1))
def test_two_signs_exchanged_never_give_another_number(body, first, second):
    number = list(body + numbers.check(body))
    right = "".join(number)
    number[first], number[second] = number[second], number[first]
    assert numbers.holds("".join(number)) is ("".join(number) == right)


@given(signs)
def test_a_number_is_read_as_people_type_it(body):
    number = body + numbers.check(body)
    for typed in (numbers.spoken(number), numbers.spoken(number).lower(), f"  {' '.join(number)} "):
        assert numbers.read(typed) == number


@given(st.text(max_size=60))
def test_anything_else_is_no_number_and_breaks_nothing(text):
    assert numbers.read(text) == "" or numbers.holds(numbers.read(text))


def test_numbers_are_drawn_without_order():
    drawn = {numbers.drawn() for _ in range(300)}
    assert len(drawn) == 300
    assert all(numbers.holds(number) for number in drawn)


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_a_student_is_told_what_it_says_then_has_it_once(accepted, ilan, as_):
    browser = as_(ilan)
    page = browser.get(url("attest", accepted.pk)).text
    assert not Attestation.objects.exists()
    assert "Pas un mot de votre note" in page
    for _ in range(2):
        assert browser.post(url("attest", accepted.pk)).status_code == 302
    made = Attestation.objects.get()
    assert (made.student, made.student_name, made.title) == (ilan, "Ilan", accepted.assignment.title)
    assert made.accepted_on == timezone.localdate()
    assert numbers.holds(made.number)
    assert made.spoken in browser.get(url("own_attestations")).text


def test_nothing_is_attested_before_it_is_accepted_nor_for_another(assignment, ilan, tess, stan, nora, hugo, as_):
    work = sent(assignment, ilan)
    assert as_(ilan).get(url("attest", work.pk)).status_code == 404
    assert as_(ilan).post(url("attest", work.pk)).status_code == 404
    answer(as_(tess), work)
    for person in (tess, stan, nora, hugo):
        assert as_(person).post(url("attest", work.pk)).status_code == 404
    assert not Attestation.objects.exists()


def test_a_name_is_asked_for_when_the_account_has_none(accepted, ilan, as_):
    Person.objects.filter(pk=ilan.pk).update(name="")
    assert "Écrivez le vôtre" in as_(ilan).get(url("attest", accepted.pk)).text
    page = as_(ilan).post(url("attest", accepted.pk), follow=True)
    assert "Écrivez d’abord votre nom" in page.text
    assert not Attestation.objects.exists()


def test_who_left_the_cohort_still_asks(accepted, ilan, cohort, as_):
    cohort.enrolments.get(student=ilan).leave(graduated=True)
    assert as_(ilan).post(url("attest", accepted.pk)).status_code == 302
    assert Attestation.objects.count() == 1


# --- On paper -------------------------------------------------------------------------------------------------------


def test_the_paper_is_tagged_and_says_what_the_page_says(attestation, ilan, as_):
    answered = as_(ilan).get(url("attestation_pdf", attestation.spoken))
    assert answered["Content-Type"] == "application/pdf"
    assert attestation.spoken in answered["Content-Disposition"]
    content = b"".join(answered) if answered.streaming else answered.content
    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).startswith("fr")
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
        assert len(file.pages) == 1
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    for said in (attestation.spoken, "Ilan", attestation.title, attestation.centre_name, "diplôme"):
        assert bare(said) in bare(text)
    assert "personne d’autre" not in text


def test_the_paper_is_its_students_alone(attestation, tess, stan, nora, ada, as_):
    for person in (tess, stan, nora, ada):
        assert as_(person).get(url("attestation_pdf", attestation.spoken)).status_code == 404
    assert as_(None).get(url("attestation_pdf", attestation.spoken)).status_code == 302


@pytest.mark.parametrize("name", ["Zoé 🐝 Ωmega", "ا‎لعربية", "a" * 120, "<b>Ilan</b> #set page()"])
def test_the_paper_survives_any_name(accepted, ilan, as_, name):
    Person.objects.filter(pk=ilan.pk).update(name=name)
    as_(ilan).post(url("attest", accepted.pk))
    made = Attestation.objects.get()
    assert as_(ilan).get(url("attestation_pdf", made.spoken)).status_code == 200
    assert "<b>Ilan" not in as_(None).get(made.get_absolute_url()).text


# --- Checking -------------------------------------------------------------------------------------------------------


def test_anyone_checks_a_number_and_reads_nothing_of_the_note(attestation, as_):
    nobody = as_(None)
    found = nobody.post("/attestations/", {"number": attestation.spoken.lower()})
    assert found.status_code == 302
    page = nobody.get(found["Location"])
    assert page.status_code == 200
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Cache-Control"] == "private, no-store"
    for said in ("Ilan", attestation.title, "Ce numéro est valable"):
        assert said in page.text
    for kept in (PRIVATE, "Merci de ce travail", "ilan@", "Tess"):
        assert kept not in page.text


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "BCDF-GHJK-MNPQ", "0" * 39, "x" * 5000, "BCDF\x00GHJK", "../../etc", "’; DROP TABLE"]
)
def test_a_number_mistyped_is_told_in_french(typed, as_, db):
    page = as_(None).post("/attestations/", {"number": typed})
    assert page.status_code == 200
    assert "Erreur" in page.text
    assert "error-summary" in page.text


def test_a_number_that_holds_and_was_never_given_is_not_found(as_, db):
    number = numbers.spoken(numbers.drawn())
    assert "Aucune attestation" in as_(None).post("/attestations/", {"number": number}).text
    page = as_(None).get(f"/attestations/{number}/")
    assert page.status_code == 404
    assert "Aucune attestation" in page.text
    assert as_(None).get("/attestations/nimporte-quoi/").status_code == 404


@pytest.fixture
def shared_cache(db, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    }  # fmt: skip
    call_command("createcachetable", verbosity=0)
    cache.clear()
    yield cache
    cache.clear()


def test_numbers_guessed_at_speed_are_slowed(shared_cache, attestation, stan, as_):
    nobody = as_(None)
    tried = [
        nobody.get(f"/attestations/{numbers.spoken(numbers.drawn())}/").status_code
        for _ in range(guesses.MOST_A_PERSON + 1)
    ]
    assert tried == [404] * guesses.MOST_A_PERSON + [429]
    # Even the right one, and by the form too; someone with an account goes on, and so do join codes.
    assert nobody.get(attestation.get_absolute_url()).status_code == 429
    assert nobody.post("/attestations/", {"number": attestation.spoken}).status_code == 429
    assert as_(stan).get(attestation.get_absolute_url()).status_code == 200
    assert nobody.post(url("join"), {"code": "ZZZZZZZZ"}).status_code == 200


# --- Revoking -------------------------------------------------------------------------------------------------------


def test_a_revoked_number_says_so_and_nothing_else(attestation, ilan, accepted, as_):
    page = as_(ilan).get(url("revoke_attestation", attestation.spoken)).text
    assert "Cela ne se défait pas" in page
    assert as_(ilan).post(url("revoke_attestation", attestation.spoken)).status_code == 302
    page = as_(None).get(attestation.get_absolute_url())
    assert page.status_code == 200
    assert "annulée" in page.text
    for gone in ("Ilan", attestation.title, attestation.centre_name):
        assert gone not in page.text
    assert as_(ilan).get(url("attestation_pdf", attestation.spoken)).status_code == 404
    assert as_(ilan).post(url("revoke_attestation", attestation.spoken)).status_code == 404
    # The work is still accepted: another one, of another number.
    as_(ilan).post(url("attest", accepted.pk))
    assert Attestation.objects.valid().get().number != attestation.number


def test_a_trainer_revokes_and_the_student_is_told(attestation, ilan, tess, as_):
    assert as_(tess).post(url("revoke_attestation", attestation.spoken)).status_code == 302
    letter = Letter.objects.get(key__startswith="training/attestation_revoked:")
    assert letter.person == ilan
    assert attestation.spoken in letter.subject
    assert PRIVATE not in letter.body


def test_nobody_else_revokes(attestation, stan, otto, nora, hugo, ada, max, as_):
    for person in (stan, otto, nora, hugo, ada, max):
        for method in ("get", "post"):
            assert getattr(as_(person), method)(url("revoke_attestation", attestation.spoken)).status_code == 404
    assert Attestation.objects.valid().count() == 1


def test_a_work_asked_again_revokes_what_said_it_was_accepted(attestation, accepted, tess, as_):
    answer(as_(tess), accepted, "Finalement, reprenez la fin.", "to_redo")
    assert not Attestation.objects.valid().exists()
    assert "annulée" in as_(None).get(attestation.get_absolute_url()).text
    assert Letter.objects.filter(key__startswith="training/attestation_revoked:").count() == 1


# --- What it outlives -----------------------------------------------------------------------------------------------


def test_it_outlives_the_note_and_not_five_years(attestation, ilan, as_):
    Work.objects.all().delete()
    assert "Ce numéro est valable" in as_(None).get(attestation.get_absolute_url()).text
    assert as_(ilan).get(url("attestation_pdf", attestation.spoken)).status_code == 200
    today = timezone.localdate()
    assert not Attestation.objects.over(attestation.checkable_until).exists()
    assert Attestation.objects.over(attestation.checkable_until + timedelta(days=1)).exists()
    assert attestation.checkable_until > today + timedelta(days=5 * 365)


def test_pages_cost_few_queries(attestation, accepted, ilan, as_, django_assert_max_num_queries):
    factories.person("Quelqu’un")
    for person, address in (
        (None, attestation.get_absolute_url()),
        (None, "/attestations/"),
        (ilan, url("attest", accepted.pk)),
        (ilan, url("own_attestations")),
        (ilan, url("revoke_attestation", attestation.spoken)),
    ):
        browser = as_(person)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200
