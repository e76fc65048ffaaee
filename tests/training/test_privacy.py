"""What a student writes is in the tables of training and nowhere else: no index, letter, journal, log nor dump."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Letter
from initiatives.search import nightly
from tests import factories, world
from tests.training.gestures import answer, save, url
from training.models import Attestation, Extension, Offer, Work

# A word nobody else writes, one for each thing that is private; and the tables that may hold it.
PRIVATE = {
    "zibelinebrouillon": {"training_work"},
    "zibelinenote": {"training_work", "training_sentnote"},
    "zibelinereponse": {"training_comment"},
    "zibelineraison": {"training_extension"},
    "zibelinerefus": {"training_offer"},
}


@pytest.fixture
def lived(assignment, ilan, tess, as_, clock):
    """A student's work from its first word to a refused offer, by the pages."""
    student, trainer = as_(ilan), as_(tess)
    save(student, assignment, "Une note zibelinenote envoyée.")
    student.get(url("send_note", assignment.pk))
    student.post(url("send_note", assignment.pk), {"edition": 1})
    work = Work.objects.get()
    trainer.get(url("work", work.pk))
    answer(trainer, work, "Un commentaire zibelinereponse.", "accepted")
    student.post(url("attest", work.pk))
    student.post(url("offer_note", work.pk), {"action": "ask"})
    trainer.post(url("offer", Offer.objects.get().pk), {"answer": "refuse", "reason": "Un refus zibelinerefus."})
    other = factories.assignment(assignment.cohort, title="Un autre devoir")
    save(student, other, "Un brouillon zibelinebrouillon.")
    due = datetime(2030, 1, 1, tzinfo=UTC)
    Extension.objects.create(assignment=other, student=ilan, due_at=due, reason="Une raison zibelineraison.")
    return work


def holding(word: str) -> set[str]:
    """The tables of the database, indexes of words included, where some row says this word."""
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name} t WHERE t::text ILIKE %s)", [f"%{word}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_each_word_is_in_its_own_table_alone(lived):
    """So it is in no index of the search, no letter, no session, no journal, no cache and no line of history."""
    nightly.nightly(datetime.now(UTC).date())
    for word, tables in PRIVATE.items():
        assert holding(word) == tables, word


def test_none_of_these_words_is_looked_for_with_success(lived, ilan, hugo, nora, ada, stan, as_):
    for person in (None, stan, hugo, nora, ada, ilan):
        browser = as_(person)
        for word in PRIVATE:
            for path in ("/recherche/", "/initiatives/", "/initiatives/flux.atom", "/recherche/suggestions/"):
                page = browser.get(path, {"q": word}).text
                for said in ("Une note zib", "commentaire zib", "brouillon zib", "raison zib", "refus zib"):
                    assert said not in page, (path, word)


def test_nothing_of_it_is_logged(assignment, ilan, tess, as_, caplog, request, monkeypatch):
    """Whatever the level, and when a page breaks in the middle of it."""
    caplog.set_level(logging.DEBUG)
    request.getfixturevalue("lived")
    monkeypatch.setattr(Work, "save_draft", broken)
    browser = Client(raise_request_exception=False)
    browser.force_login(ilan)
    other = factories.assignment(assignment.cohort, title="Un devoir qui casse")
    assert browser.post(url("save_note", other.pk), {"text": "zibelinenote", "edition": 0}).status_code == 500
    assert "broken on purpose" in caplog.text
    for word in PRIVATE:
        assert word not in caplog.text
        assert not [record for record in caplog.records if word in f"{record.getMessage()}{record.args}"]


def broken(*_: object) -> None:
    raise RuntimeError("broken on purpose")


def test_there_is_no_screen_of_administration(lived, ada):
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [name for name, pattern in world.patterns() if "admin" in f"{name} {pattern.pattern}".lower()]


def test_no_command_writes_it_out(lived, tmp_path, capsys):
    """Ours that export or tell something; `dumpdata` is Django's, and nobody's page."""
    for name in ("daily",):
        call_command(name)
    said = capsys.readouterr()
    for word in PRIVATE:
        assert word not in said.out + said.err


def test_letters_carry_none_of_it(lived):
    assert Letter.objects.filter(key__startswith="training/").count() >= 3
    for letter in Letter.objects.all():
        for word in PRIVATE:
            assert word not in f"{letter.subject} {letter.body} {letter.key}"


def test_an_erased_person_leaves_no_work(lived, ilan):
    ilan.moves.all()  # nothing of the catalogue holds this student
    ilan.delete()
    for word in PRIVATE:
        assert holding(word) == set()
    assert Attestation.objects.get().student is None


def test_models_that_hold_a_text_of_a_student_are_known_here(lived):
    """A table added to training that quotes a note would be missing above."""
    texts = {
        model._meta.label
        for model in apps.get_app_config("training").get_models()
        for field in model._meta.get_fields()
        if field.get_internal_type() in ("TextField", "JSONField") and not field.is_relation
    }
    assert texts == {
        "training.Assignment", "training.AssignedFiche", "training.StudentImport", "training.Launch",
        "training.Work", "training.SentNote", "training.Comment",
    }  # fmt: skip
