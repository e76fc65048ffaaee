"""What one carries away: an assignment as PDF and EPUB, one's own dossier as ODT and PDF, until a year after."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import pairwise

import pikepdf
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odfdo import Document as OpenedText

from guide.models import Fiche
from guide.print import Document, blocks, chapters, odt
from tests import factories
from tests.books import checked
from tests.training.gestures import answer, sent, url
from training import dossier, printing
from training.models import Cohort, Enrolment
from training.models.centres import last_end_forgotten


def words_of(content: bytes) -> str:
    return str(OpenedText(io.BytesIO(content)).body.text_recursive)


def headings_of(content: bytes) -> list[tuple[int, str]]:
    found = OpenedText(io.BytesIO(content)).body.headers
    return [(int(each.level), each.text_recursive.strip()) for each in found]


def all_words(document: Document) -> str:
    return " ".join(f"{each.title} {blocks.words_of(each.blocks)}" for each in document.chapters)


@pytest.fixture
def whole(cohort, ana, max):
    """An assignment with all it may hold."""
    sheet = factories.published(ana, max, title="Un repas de quartier")
    made = factories.assignment(
        cohort,
        (10, 21),
        instruction="Lisez, puis regardez autour de vous.",
        guided=["Qui a décidé ?", "Qu’avez-vous fait ?"],
        grid=["La place des personnes"],
    )
    made.initiatives.add(sheet)
    return made


# --- An assignment ----------------------------------------------------------------------------------------------------


def test_an_assignment_as_a_tagged_pdf(ilan, tess, whole, as_):
    for person in (ilan, tess):
        given_ = as_(person).get(url("assignment_pdf", whole.pk))
        assert given_["Content-Type"] == "application/pdf"
        assert given_["Cache-Control"] == "private, no-store"
        pdf = pikepdf.open(io.BytesIO(given_.content))
        assert "/StructTreeRoot" in pdf.Root
        assert len(pdf.pages) > 3


def test_an_assignment_as_an_epub_without_fault(ilan, whole, as_, tmp_path):
    given_ = as_(ilan).get(url("assignment_epub", whole.pk))
    file = tmp_path / "devoir.epub"
    file.write_bytes(given_.content)
    found = checked(file)
    assert found.valid, found.messages


def test_it_says_what_is_asked_and_all_there_is_to_read(ilan, whole):
    said = all_words(printing.document(whole, whole.dates))
    for words in (
        "Lisez, puis regardez",
        "Où avez-vous vu",
        "Qui a décidé",
        "La place des personnes",
        "Un repas de quartier",
    ):
        assert words in said
    for number in (10, 21):
        assert Fiche.objects.get(number=number).current.title in said


def test_the_fiche_is_the_one_that_was_given_and_the_sections_those_to_read(ilan, whole, as_):
    given_ = whole.fiches.order_by("position")[0]
    first, second = given_.version.sections[:2]
    whole.fiches.filter(pk=given_.pk).update(sections=[first["id"]])
    version = given_.version
    newer = Fiche.objects.get(pk=version.fiche_id).versions.create(
        number=version.number + 1, title="Un autre titre", summary="Autre", body="## Autre\n\nAutre.",
        updated_on=timezone.localdate(), change_note="Autre",
    )  # fmt: skip
    Fiche.objects.filter(pk=version.fiche_id).update(current=newer)
    document = printing.document(whole, whole.dates)
    printed = next(each for each in document.chapters if each.kicker == f"Fiche {version.fiche_id} du guide")
    titles = [blocks.words_of(each["k"]) for each in printed.blocks if each["t"] == "h"]
    assert printed.title == version.title
    assert first["title"] in titles
    assert second["title"] not in titles
    # On its page too: what is to read first, the rest where one may open it.
    shown = as_(ilan).get(url("assigned_fiche", whole.pk, given_.pk)).text
    assert "une partie est à lire" in shown
    assert shown.index(f'id="{first["id"]}"') < shown.index("<summary>Le reste") < shown.index(f'id="{second["id"]}"')
    assert "J’ai lu ce qui est à lire" in shown
    as_(ilan).post(url("declare_read", whole.pk, given_.pk))
    assert "1 fiche lue sur 2" in as_(ilan).get(whole.get_absolute_url()).text


def test_sections_that_no_version_has_leave_the_whole_fiche(db):
    version = Fiche.objects.get(number=10).current
    said = chapters.fiche(version, only=["jamais-vue"])
    assert blocks.words_of(said.blocks) == blocks.words_of(chapters.fiche(version).blocks)


def test_a_masked_sheet_leaves_the_paper_too(ilan, whole):
    whole.initiatives.update(masked_at=timezone.now())
    assert "Un repas de quartier" not in all_words(printing.document(whole, whole.dates))


def test_ones_own_date_is_on_ones_own_paper(ilan, tess, whole, as_):
    whole.extensions.create(student=ilan, due_at=whole.due_at + timedelta(days=3))
    mine = type(whole).objects.with_dates_of(ilan).get(pk=whole.pk)
    assert printing.until(whole.due_at + timedelta(days=3)) in printing.document(mine, mine.dates).dated
    etags = {as_(person).get(url("assignment_pdf", whole.pk))["ETag"] for person in (ilan, tess)}
    assert len(etags) == 2


def test_who_may_not_read_an_assignment_carries_nothing(stan, otto, nora, hugo, ilan, cohort, whole, as_):
    for name in ("assignment_pdf", "assignment_epub"):
        for person in (stan, otto, nora, hugo):
            assert as_(person).get(url(name, whole.pk)).status_code == 404
        assert as_(None).get(url(name, whole.pk)).status_code == 302
    cohort.enrolments.get(student=ilan).leave()
    assert as_(ilan).get(url("assignment_pdf", whole.pk)).status_code == 404


# --- One's own dossier ------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(ilan, tess, whole, as_):
    """A note sent, answered, sent again, then a draft; more time given."""
    work = sent(whole, ilan, "La première version.")
    answer(as_(tess), work, "Développez la fin.", "to_redo")
    work.refresh_from_db()
    work.save_draft("La deuxième version.", work.edition)
    work.send()
    work.save_draft("Ce que je n’ai jamais envoyé.", work.edition)
    work.readings.create(fiche=whole.fiches.first())
    whole.extensions.create(student=ilan, due_at=whole.due_at + timedelta(days=3), reason="privée")
    return work


ALL = ("La première version.", "La deuxième version.", "jamais envoyé", "Développez la fin.", "à reprendre", "Tess")


def test_ones_dossier_holds_all_of_it(ilan, lived, cohort, as_):
    given_ = as_(ilan).get(url("dossier_odt", cohort.pk))
    assert given_["Content-Type"] == odt.MIMETYPE
    assert given_["Content-Disposition"].startswith("attachment")
    said = words_of(given_.content)
    for words in (*ALL, lived.assignment.fiches.first().version.title, printing.until(lived.assignment.due_at)):
        assert words in said
    assert "privée" not in said
    levels = [level for level, _ in headings_of(given_.content)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    pdf = as_(ilan).get(url("dossier_pdf", cohort.pk))
    assert "/StructTreeRoot" in pikepdf.open(io.BytesIO(pdf.content)).Root


def test_nothing_of_a_dossier_stays_on_a_disk(ilan, lived, cohort, as_, settings, tmp_path):
    settings.MADE_ROOT = tmp_path
    as_(ilan).get(url("dossier_pdf", cohort.pk))
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_dossier_is_ones_own(ilan, tess, hugo, nora, ada, lived, cohort, as_):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    for name in ("dossier_odt", "dossier_pdf"):
        for person in (tess, hugo, nora, ada):
            assert as_(person).get(url(name, cohort.pk)).status_code == 404
    assert "La première version." not in words_of(as_(kim).get(url("dossier_odt", cohort.pk)).content)


@pytest.mark.parametrize(
    ("day", "status"), [(date(2029, 7, 1), 200), (date(2030, 6, 30), 200), (date(2030, 7, 1), 404)]
)
def test_until_a_year_after_the_end_even_having_left(day, status, ilan, lived, cohort, as_, clock):
    cohort.enrolments.get(student=ilan).leave()
    with clock(day.year, day.month, day.day, 12):
        browser = as_(ilan)
        for name in ("own_notes", "dossier_odt", "dossier_pdf"):
            assert browser.get(url(name, cohort.pk)).status_code == status


def test_a_dossier_without_a_word_is_a_dossier(ilan, cohort, as_):
    assert "Vous n’avez rien écrit" in words_of(as_(ilan).get(url("dossier_odt", cohort.pk)).content)


def test_a_guided_note_keeps_its_questions(ilan, whole, cohort):
    work = whole.work_of(ilan)
    answers = [{"question": "Qui a décidé ?", "text": "Le groupe."}, {"question": "Qu’avez-vous fait ?", "text": ""}]
    work.save_draft("Qui a décidé ?\nLe groupe.", 0, answers)
    work.send()
    made = odt.written(dossier.document(Enrolment.objects.get(cohort=cohort, student=ilan)))
    assert (3, "Qui a décidé\u00a0?") in headings_of(made)
    assert "Pas de réponse." in words_of(made)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200))
def test_any_note_makes_a_file_one_can_open(text, ilan, cohort, whole):
    work = whole.work_of(ilan)
    work.save_draft(text, work.edition)
    made = odt.written(dossier.document(Enrolment.objects.get(cohort=cohort, student=ilan)))
    shown = "".join(sign for sign in blocks.said(text) if sign.isalnum())
    assert shown in "".join(sign for sign in words_of(made) if sign.isalnum())


def test_own_notes_stay_within_twelve_statements(ilan, lived, cohort, as_, django_assert_max_num_queries):
    for n in range(8):
        sent(factories.assignment(cohort, title=f"Devoir {n}"), ilan)
    browser = as_(ilan)
    for name in ("own_notes", "dossier_odt"):
        with django_assert_max_num_queries(12):
            browser.get(url(name, cohort.pk))


# --- From one version to another --------------------------------------------------------------------------------------


def test_what_changed_from_one_version_to_another(ilan, lived, whole, as_):
    browser = as_(ilan)
    shown = browser.get(url("note_versions", whole.pk)).text
    assert "Votre brouillon d’aujourd’hui" in shown
    shown = browser.get(url("note_versions", whole.pk), {"before": "1", "after": "2"}).text
    assert "<del>première </del>" in shown
    assert "<ins>deuxième </ins>" in shown
    assert "mot pour mot" in browser.get(url("note_versions", whole.pk), {"before": "1", "after": "1"}).text
    for wild in ({"before": "99", "after": "2"}, {"before": "'", "after": "\0"}):
        shown = browser.get(url("note_versions", whole.pk), wild)
        assert shown.status_code == 200
        assert "Cette version n’existe pas" in shown.text


def test_the_difference_is_told_answer_by_answer(ilan, whole, as_):
    work = whole.work_of(ilan)
    for who in ("Le groupe.", "Le groupe, puis l’équipe."):
        answers = [
            {"question": "Qui a décidé ?", "text": who},
            {"question": "Qu’avez-vous fait ?", "text": "Un repas."},
        ]
        work.save_draft(who, work.edition, answers)
        work.send()
    shown = as_(ilan).get(url("note_versions", whole.pk)).text
    assert "<dt>Qui a décidé ?</dt>" in shown
    assert "Qu’avez-vous fait" not in shown
    assert "puis l’équipe." in shown


def test_one_version_has_nothing_to_compare(ilan, tess, whole, as_):
    sent(whole, ilan)
    assert as_(ilan).get(url("note_versions", whole.pk)).status_code == 302
    assert as_(tess).get(url("note_versions", whole.pk)).status_code == 404


def test_a_name_is_replaced_in_one_click_in_its_answer(ilan, whole, as_):
    work = whole.work_of(ilan)
    answers = [
        {"question": "Qui a décidé ?", "text": ""},
        {"question": "Qu’avez-vous fait ?", "text": "J’ai appelé Mme Durand au 06 39 98 12 34."},
    ]
    work.save_draft("J’ai appelé Mme Durand au 06 39 98 12 34.", 0, answers)
    browser = as_(ilan)
    page = browser.get(url("send_note", whole.pk))
    assert "Dans votre réponse à" in page.text
    mark = next(each.mark for each in page.context["found"] if each.span.label == "TEL")
    done = browser.post(url("send_note", whole.pk), {"replace": mark, "edition": "1"})
    assert done.status_code == 302
    work.refresh_from_db()
    assert "[numéro retiré]" in work.answers[1]["text"]
    assert work.answers[0]["text"] == ""
    assert "06 39" not in work.draft
    # Pressed again, or on a page that has changed since, it changes nothing.
    browser.post(url("send_note", whole.pk), {"replace": mark, "edition": "2"})
    found = browser.get(url("send_note", whole.pk)).context["found"]
    assert browser.post(url("send_note", whole.pk), {"replace": found[0].mark, "edition": "1"}).status_code == 409
    work.refresh_from_db()
    assert "Durand" in work.draft


# --- For a year -------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(ends_on=st.dates(date(2024, 1, 1), date(2040, 12, 31)), days=st.integers(-3, 800))
def test_what_is_kept_is_said_the_same_of_a_cohort_and_of_its_end(ends_on, days):
    today = ends_on + timedelta(days=days)
    assert (ends_on > last_end_forgotten(today)) == (Cohort(ends_on=ends_on).kept_until >= today)


def test_ones_assignments_are_found_for_a_year_after_the_end(ilan, cohort, whole, as_, clock):
    for day, status in ((date(2029, 7, 1), 200), (date(2030, 6, 30), 200), (date(2030, 7, 1), 404)):
        with clock(day.year, day.month, day.day, 12):
            browser = as_(ilan)
            assert browser.get(whole.get_absolute_url()).status_code == status
            assert (whole.title in browser.get(url("home")).text) == (status == 200)


def test_every_kind_of_block_has_its_place_in_a_text_one_may_correct(db):
    """The whole guide: tables, diagrams, notes, sources, lists in lists."""
    document = chapters.whole_guide()
    made = odt.written(document)
    said = "".join(words_of(made).split())
    for chapter in document.chapters:
        assert "".join(chapter.title.split()) in said
    levels = [level for level, _ in headings_of(made)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "[1]" in said
    assert "Schéma" in said
    assert OpenedText(io.BytesIO(made)).body.get_links()
