"""An assignment is said otherwise, taken back, given in a newer version: what changes, what stays, who is told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Letter
from guide.models import Fiche, FicheVersion
from initiatives.workflow import Refused
from tests import factories
from tests.training.gestures import save, sent, url
from training import deadlines
from training.forms import RevisionForm
from training.models import Assignment, Reading, Work


def as_posted(assignment, **more):
    """What the form of an assignment sends back, unchanged but for `more`."""
    form = RevisionForm(assignment=Assignment.objects.with_places().with_links().get(pk=assignment.pk))
    data = {}
    for name in form.fields:
        value = form[name].value()
        if name == "due_time" or name.endswith("_time"):
            value = value.strftime("%H:%M") if value else ""
        data[name] = "" if value is None else value
    return {**data, **more}


def edit(browser, assignment, **more):
    return browser.post(url("edit_assignment", assignment.pk), as_posted(assignment, **more), follow=True)


def newer_version(number=10, **fields):
    old = Fiche.objects.get(number=number).current
    new = FicheVersion.objects.create(
        **{
            "fiche": old.fiche,
            "number": old.number + 1,
            "title": "Un titre tout neuf",
            "summary": "Autrement dit.",
            "body": "",
            "sections": [{"id": "pourquoi", "title": "Pourquoi", "html": "<p>Un autre texte.</p>"}],
            "updated_on": date(2026, 11, 1),
            "change_note": "Récrite.",
            **fields,
        }
    )
    Fiche.objects.filter(pk=number).update(current=new)
    return new


def test_nothing_changed_tells_nobody(tess, ilan, assignment, as_):
    assert "Rien n’a changé" in edit(as_(tess), assignment).text
    assert not Letter.objects.exists()


def test_a_new_date_is_told_with_the_one_before(tess, ilan, assignment, as_):
    was = assignment.due_in_words
    day = timezone.localdate() + timedelta(days=30)
    answer = edit(as_(tess), assignment, due_on=day.isoformat(), due_time="12:00")
    assert "1 lettre le dit aux étudiants" in answer.text
    assignment.refresh_from_db()
    assert assignment.due_at == deadlines.closing(day, deadlines.time(12))
    letter = Letter.objects.get(person=ilan)
    assert assignment.due_in_words in letter.body
    assert f"(c’était {was})" in letter.body


def test_a_corrected_title_is_read_on_the_page(tess, ilan, assignment, as_):
    edit(as_(tess), assignment, title="Un titre sans faute")
    assert as_(ilan).get(assignment.get_absolute_url()).text.count("Un titre sans faute")
    assert not Letter.objects.exists()


def test_once_a_note_is_sent_the_question_and_the_fiches_stay(tess, ilan, assignment, as_):
    sent(assignment, ilan)
    answer = edit(as_(tess), assignment, question="Une tout autre question ?", fiches=["1"], title="Un autre titre")
    assert answer.status_code == 200
    assignment.refresh_from_db()
    assert (assignment.title, assignment.question) == ("Un autre titre", "Où avez-vous vu un groupe s’entraider ?")
    assert [given.version.fiche_id for given in assignment.fiches.all()] == [10, 21]
    # A form opened before the note arrived is refused, its text kept.
    seen = assignment.mark
    fiches = [Fiche.objects.get(number=1)]
    said = {name: getattr(assignment, name) for name in ("title", "instruction", "guided", "grid", "due_at")}
    with pytest.raises(Refused, match="la question et les fiches à lire ne changent plus"):
        assignment.revise(seen=seen, fiches=fiches, question="Autre ?", for_all=True, opens_at=assignment.opens_at,
                          closes_at=None, **said)  # fmt: skip


def test_a_draft_is_told_to_nobody_by_what_may_change(tess, ilan, assignment, as_):
    """Begun or not, the trainer's form is the same."""
    before = as_(tess).get(url("edit_assignment", assignment.pk)).text
    save(as_(ilan), assignment, "Un début.")
    assert Work.objects.get().draft
    after = as_(tess).get(url("edit_assignment", assignment.pk)).text
    assert ("disabled" in after) is ("disabled" in before) is False


def test_two_trainers_at_once_the_second_is_told_and_loses_nothing(tess, ilan, assignment, as_):
    first = as_posted(assignment, title="Le titre de Tess")
    second = as_posted(assignment, title="Le titre d’une autre")
    browser = as_(tess)
    browser.post(url("edit_assignment", assignment.pk), first)
    answer = browser.post(url("edit_assignment", assignment.pk), second)
    assert "Quelqu’un a changé ce devoir" in answer.text
    assert "Le titre d’une autre" in answer.text
    assignment.refresh_from_db()
    assert assignment.title == "Le titre de Tess"
    # Sent again knowing it, it replaces.
    second["seen"] = answer.context["form"]["seen"].value()
    browser.post(url("edit_assignment", assignment.pk), second)
    assignment.refresh_from_db()
    assert assignment.title == "Le titre d’une autre"


def test_open_it_doesn_t_open_again_and_a_past_date_may_stay(tess, ilan, assignment, as_):
    opened = timezone.now() - timedelta(days=9)
    Assignment.objects.update(opens_at=opened, due_at=opened + timedelta(days=2))
    edit(as_(tess), assignment, opens_on="2028-01-01", title="Une faute de moins")
    assignment.refresh_from_db()
    assert (assignment.opens_at, assignment.title) == (opened, "Une faute de moins")
    assert "Cette date est passée" in edit(as_(tess), assignment, due_on="2026-01-02").text


def test_not_open_yet_it_may_open_at_once_and_is_told(tess, ilan, cohort, as_):
    soon = timezone.now() + timedelta(days=3)
    later = factories.assignment(cohort, opens_at=soon, due_at=soon + timedelta(days=9))
    day = timezone.localdate() + timedelta(days=20)
    answer = edit(as_(tess), later, opens_on="", opens_time="", due_on=day.isoformat())
    assert "1 lettre le dit aux étudiants" in answer.text
    later.refresh_from_db()
    assert later.is_open
    assert Letter.objects.get(person=ilan).subject.startswith("À rendre")


def test_given_to_others_each_is_told_what_concerns_them(tess, ilan, stan, cohort, assignment, as_):
    group = cohort.groups.create(name="TD 1")
    cohort.enrol(stan).groups.add(group)
    edit(as_(tess), assignment, audience="some", groups=[str(group.pk)])
    assert "ne vous est plus demandé" in Letter.objects.get(person=ilan).body
    assert as_(ilan).get(assignment.get_absolute_url()).status_code == 404
    assert not Letter.objects.filter(person=stan).exists()
    edit(as_(tess), assignment, audience="all", groups=[])
    assert Letter.objects.filter(person=ilan, subject__startswith="À rendre").count() == 1


def test_who_had_begun_keeps_what_they_wrote(tess, ilan, stan, cohort, assignment, as_):
    cohort.enrol(stan)
    save(as_(ilan), assignment, "Un début à moi.")
    edit(as_(tess), assignment, audience="some", students=[str(stan.pk)])
    assert "Un début à moi." in as_(ilan).get(assignment.get_absolute_url()).text


def test_a_fiche_that_stays_keeps_its_version_and_its_readings(tess, ilan, assignment, as_):
    given = assignment.fiches.first()
    as_(ilan).post(url("declare_read", assignment.pk, given.pk))
    newer_version()
    edit(as_(tess), assignment, fiches=["10", "11"])
    kept, added = assignment.fiches.all()
    assert (kept.pk, kept.version_id) == (given.pk, given.version_id)
    assert added.version.fiche_id == 11
    assert Reading.objects.count() == 1
    assert "Ce qu’il y a à lire a changé" in Letter.objects.get(person=ilan).body


def test_a_cohort_that_is_over_changes_no_more(tess, ilan, cohort, assignment, as_):
    cohort.starts_on, cohort.ends_on = date(2020, 9, 1), date(2021, 6, 30)
    cohort.save()
    answer = as_(tess).get(url("edit_assignment", assignment.pk), follow=True)
    assert "ses devoirs ne changent plus" in answer.text


# --- Taken back -----------------------------------------------------------------------------------------------------


def test_taken_back_it_is_asked_of_nobody_and_nothing_is_lost(tess, ilan, stan, cohort, assignment, as_):
    cohort.enrol(stan)
    save(as_(ilan), assignment, "Un début à moi.")
    page = as_(tess).get(url("withdraw_assignment", assignment.pk)).text
    assert "2 étudiants l’avaient à faire" in page
    assert assignment.for_all
    answer = as_(tess).post(url("withdraw_assignment", assignment.pk), follow=True)
    assert "2 lettres le disent" in answer.text
    assert "n’est plus demandé à personne" in answer.text
    assert as_(stan).get(assignment.get_absolute_url()).status_code == 404
    assert "Un début à moi." in as_(ilan).get(assignment.get_absolute_url()).text
    assert "ne vous est plus demandé" in as_(ilan).get(assignment.get_absolute_url()).text
    assert "Commencé, et qui ne vous est plus demandé" in as_(ilan).get(url("home")).text
    # It leaves the cohort's list, whether someone had begun or not.
    assert assignment.title not in as_(tess).get(url("cohort", cohort.pk)).text
    # Pressed twice, it is told once.
    as_(tess).post(url("withdraw_assignment", assignment.pk))
    assert Letter.objects.count() == 2


def test_taken_back_with_notes_they_stay_to_answer(tess, ilan, cohort, assignment, as_):
    work = sent(assignment, ilan)
    as_(tess).post(url("withdraw_assignment", assignment.pk))
    assert assignment.title in as_(tess).get(url("cohort", cohort.pk)).text
    assert as_(tess).get(url("work", work.pk)).status_code == 200


def test_given_again_by_saying_for_whom(tess, ilan, assignment, as_):
    as_(tess).post(url("withdraw_assignment", assignment.pk))
    edit(as_(tess), assignment, audience="all")
    assert as_(ilan).get(assignment.get_absolute_url()).status_code == 200


# --- A newer version ------------------------------------------------------------------------------------------------


def test_a_newer_version_is_told_and_taken_while_nobody_sent(tess, ilan, assignment, as_):
    browser, given = as_(tess), assignment.fiches.first()
    address = url("newer_fiche", assignment.pk, given.pk)
    assert browser.get(address).status_code == 302
    old, new = given.version, newer_version()
    assert "une version plus récente de la fiche 10" in browser.get(url("assignment_table", assignment.pk)).text
    page = browser.get(address).text
    assert "Récrite." in page
    assert "<ins>" in page
    answer = browser.post(address, {"seen": new.pk}, follow=True)
    assert f"sur la version {new.number}" in answer.text
    given.refresh_from_db()
    assert given.version == new
    assert "version plus récente" in Letter.objects.get(person=ilan).body
    # Pressed twice, nothing more.
    browser.post(address, {"seen": new.pk})
    assert Letter.objects.count() == 1
    assert old.pk != new.pk


def test_what_was_looked_at_is_what_is_taken(tess, ilan, assignment, as_):
    given = assignment.fiches.first()
    first, second = newer_version(), newer_version(title="Un titre encore plus neuf")
    for seen in (first.pk, "", "x", "\x00", 10**30):
        answer = as_(tess).post(url("newer_fiche", assignment.pk, given.pk), {"seen": seen})
        assert answer.status_code == 409
        assert "Un titre encore plus neuf" in answer.text
    given.refresh_from_db()
    assert given.version_id not in (first.pk, second.pk)


def test_once_a_note_is_sent_the_version_stays(tess, ilan, assignment, as_):
    given, new = assignment.fiches.first(), newer_version()
    sent(assignment, ilan)
    page = as_(tess).get(url("newer_fiche", assignment.pk, given.pk)).text
    assert "le devoir garde la version donnée" in page
    answer = as_(tess).post(url("newer_fiche", assignment.pk, given.pk), {"seen": new.pk})
    assert answer.status_code == 409
    given.refresh_from_db()
    assert given.version != new


def test_parts_that_are_gone_are_told_and_no_longer_asked(tess, ilan, assignment, as_):
    given = assignment.fiches.first()
    type(given).objects.filter(pk=given.pk).update(sections=["pourquoi", "reperes"])
    new = newer_version()
    page = as_(tess).get(url("newer_fiche", assignment.pk, given.pk)).text
    assert "des parties qui n’y sont plus" in page
    assert "Repères" in page
    as_(tess).post(url("newer_fiche", assignment.pk, given.pk), {"seen": new.pk})
    given.refresh_from_db()
    assert given.sections == ["pourquoi"]
