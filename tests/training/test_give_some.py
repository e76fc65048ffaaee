"""An assignment for some, by parts, guided, with a grid; looked at before it is given."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import kept
from accounts.models import Letter, Person
from guide.models import Fiche
from tests import factories
from tests.training.gestures import url
from tests.training.test_give import give, said
from training.forms import AssignmentForm, CloneRow, ExtensionForm, RevisionForm, there
from training.models import Assignment, Enrolment, Reading, Work


@pytest.fixture
def td(cohort, ilan, stan):
    """Half a class, with Ilan; Stan is in the other half."""
    cohort.enrol(stan)
    group, other = cohort.groups.create(name="TD 1"), cohort.groups.create(name="TD 2")
    cohort.enrolments.get(student=ilan).groups.add(group)
    cohort.enrolments.get(student=stan).groups.add(other)
    return group


def test_given_to_a_group_only_its_students_are_told_and_see_it(tess, ilan, stan, cohort, td, as_):
    answer = give(as_(tess), cohort, audience="some", groups=[td.pk])
    assert "1 lettre part aux étudiants" in answer.text
    assignment = Assignment.objects.get()
    assert (assignment.for_all, list(assignment.groups.all())) == (False, [td])
    assert Letter.objects.get().person == ilan
    assert "Pour une partie de la promotion" in answer.text
    assert as_(ilan).get(assignment.get_absolute_url()).status_code == 200
    assert as_(stan).get(assignment.get_absolute_url()).status_code == 404


def test_given_to_a_group_and_a_person(tess, ilan, stan, cohort, td, as_):
    give(as_(tess), cohort, audience="some", groups=[td.pk], students=[stan.pk])
    assert {letter.person for letter in Letter.objects.all()} == {ilan, stan}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"audience": "some"}, "Cochez au moins un sous-groupe ou une personne"),
        ({"audience": "all", "groups": True}, "Des cases sont cochées"),
        ({"audience": "tous"}, "Choisissez pour qui"),
    ],
)
def test_for_whom_is_never_guessed(more, sentence, tess, cohort, td, as_):
    if "groups" in more:
        more = {**more, "groups": [td.pk]}
    assert sentence in give(as_(tess), cohort, **more).text
    assert not Assignment.objects.exists()


def test_the_same_words_for_the_other_half_are_another_assignment(tess, cohort, td, as_):
    give(as_(tess), cohort, audience="some", groups=[td.pk])
    give(as_(tess), cohort, audience="some", groups=[cohort.groups.exclude(pk=td.pk).get().pk])
    give(as_(tess), cohort, audience="some", groups=[td.pk])
    assert Assignment.objects.count() == 2


def test_parts_of_a_fiche(tess, cohort, as_):
    give(as_(tess), cohort, fiches=["10", "21"], sections=["10:pourquoi", "10:reperes", "11:pourquoi"])
    ten, other = Assignment.objects.get().fiches.all()
    assert ten.sections == ["pourquoi", "reperes"]
    assert [each["id"] for each in ten.sections_read] == ["pourquoi", "reperes"]
    assert other.sections == []
    assert other.sections_read == other.version.sections


def test_all_the_parts_are_the_whole_fiche(tess, cohort, as_):
    ids = [f"10:{each['id']}" for each in Fiche.objects.get(number=10).current.sections]
    give(as_(tess), cohort, fiches=["10"], sections=ids)
    assert Assignment.objects.get().fiches.get().sections == []


def test_guided_questions_a_grid_and_competences(tess, cohort, as_):
    own = cohort.centre.competences.create(code="C1", label="Animer un groupe")
    give(
        as_(tess),
        cohort,
        guided="Qui est venu ?\r\n\r\n  Qui est venu ?\r\nEt après ?",
        grid="Décrit sans juger\nRelie à une fiche",
        competences=[own.pk],
    )
    assignment = Assignment.objects.get()
    assert assignment.guided == ["Qui est venu ?", "Et après ?"]
    assert assignment.grid == ["Décrit sans juger", "Relie à une fiche"]
    assert list(assignment.competences.all()) == [own]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"guided": "\n".join(f"Question {n}" for n in range(13))}, "12 questions guidées au plus"),
        ({"guided": "x" * 301}, "300 signes au plus par ligne"),
        ({"grid": "\n".join(f"Critère {n}" for n in range(13))}, "12 critères au plus"),
        ({"guided": "Oui ?\n\u200b\u200b"}, "Une des lignes est vide"),
        ({"sections": ["10:nulle-part"]}, "n’existe plus dans sa fiche"),
        ({"closes_on": "2026-01-01"}, "La fermeture ne peut pas précéder"),
        ({"closes_on": "2099-01-01"}, "La promotion sera finie"),
        ({"closes_time": "10:00"}, "Choisissez aussi le jour"),
        ({"closes_on": "2027-03-28", "closes_time": "02:10", "due_on": "2027-03-26"}, "Cette heure n’existe pas"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_fold_open(wrong, sentence, tess, cohort, as_):
    answer = give(as_(tess), cohort, **wrong)
    assert sentence in answer.text
    assert "Lire, puis raconter" in answer.text
    assert not Assignment.objects.exists()


def test_closing_is_the_end_of_its_minute(tess, cohort, as_):
    day = timezone.localdate() + timedelta(days=20)
    give(as_(tess), cohort, closes_on=day.isoformat())
    closes = timezone.localtime(Assignment.objects.get().closes_at)
    assert closes.date() == day + timedelta(days=1)
    assert (closes.hour, closes.minute) == (0, 0)


def test_a_cohort_that_is_over_gets_nothing_more(tess, centre, as_):
    over = factories.cohort(centre, "Finie", starts_on=date(2020, 9, 1), ends_on=date(2023, 6, 30))
    for answer in (as_(tess).get(url("new_assignment", over.pk), follow=True), give(as_(tess), over)):
        assert "on ne lui donne plus de devoir" in answer.text
    assert not Assignment.objects.exists()


def test_a_date_on_a_public_holiday_is_given_and_said(tess, cohort, as_):
    assert "un jour férié (Fête nationale)" in give(as_(tess), cohort, due_on="2027-07-14").text
    cohort.centre.closures.create(name="Été", first_on="2027-07-20", last_on="2027-08-20")
    assert "un jour fermé (Été)" in give(as_(tess), cohort, due_on="2027-07-21").text
    assert "tombe un jour" not in give(as_(tess), cohort, due_on="2027-07-18").text
    assert Assignment.objects.count() == 3


# --- Looked at before -----------------------------------------------------------------------------------------------


def test_looked_at_before_it_is_given_nothing_is_kept(tess, ilan, cohort, as_):
    browser = as_(tess)
    page = browser.post(url("new_assignment", cohort.pk), said(preview="1", guided="Qui est venu ?"))
    assert page.status_code == 200
    assert "Ce que verra un étudiant" in page.text
    assert "Qui est venu ?" in page.text
    assert "/formation/devoirs/" not in page.text.replace('action="/formation/devoirs/', "")
    assert not Assignment.objects.exists()
    assert not Letter.objects.exists()
    assert not Work.objects.exists()
    # One goes back to the form as it was, or gives it from there.
    back = browser.post(url("new_assignment", cohort.pk), said(change="1", guided="Qui est venu ?"))
    assert "Qui est venu ?" in back.text
    assert "Erreur" not in back.text
    assert not Assignment.objects.exists()
    browser.post(url("new_assignment", cohort.pk), said(guided="Qui est venu ?"))
    assert Assignment.objects.get().guided == ["Qui est venu ?"]


def test_what_is_wrong_is_told_instead_of_shown(tess, cohort, as_):
    page = as_(tess).post(url("new_assignment", cohort.pk), said(preview="1", title=""))
    assert "Ce que verra un étudiant" not in page.text
    assert "Écrivez un titre" in page.text


def main_of(page: str) -> str:
    """The page's own text, without the band that says it is a look, nor what keeps what one types."""
    text = re.sub(r"\s+", " ", page[page.index("<main") : page.index("</main>")])
    text = re.sub(
        r'<div class="notice notice-info"><svg[^>]*><use[^>]*></svg><div> <h2>Ce que verra.*?</div></div>', "", text
    )
    text = re.sub(r'<p class="tell-shared".*?</p>|<div class="tell-keeping">.*?</div>', "", text)
    text = re.sub(r'value="[^"]{10,}"', "", text)
    return re.sub(r' data-typing="[^"]*"| disabled|\s', "", text)


def test_a_look_is_the_student_s_page_and_nothing_is_recorded(tess, ilan, cohort, as_):
    give(as_(tess), cohort, fiches=["10"], sections=["10:pourquoi"], guided="Qui est venu ?", instruction="Une page.")
    assignment = Assignment.objects.get()
    look = as_(tess).get(url("preview_assignment", assignment.pk))
    assert look.status_code == 200
    theirs = as_(ilan).get(assignment.get_absolute_url())
    assert main_of(look.text) == main_of(theirs.text)
    assert not Work.objects.exists()
    assert not Reading.objects.exists()


def test_what_is_not_open_yet_is_looked_at_too(tess, ilan, cohort, as_):
    give(as_(tess), cohort, opens_on=(timezone.localdate() + timedelta(days=3)).isoformat())
    assignment = Assignment.objects.get()
    assert as_(tess).get(url("preview_assignment", assignment.pk)).status_code == 200
    assert as_(ilan).get(url("preview_assignment", assignment.pk)).status_code == 404


# --- Nothing typed is lost, and little is asked of the database -----------------------------------------------------


def test_a_session_that_ends_loses_nothing(tess, cohort, as_, client):
    address = url("new_assignment", cohort.pk)
    answer = client.post(address, said(title="Un titre long à écrire", writer=kept.mark_of(tess.pk)))
    assert answer.status_code == 302
    client.force_login(tess)
    page = client.get(address)
    assert "Voici ce que vous écriviez" in page.text
    assert "Un titre long à écrire" in page.text
    client.post(address, {"forget": "1"})
    assert "Un titre long à écrire" not in client.get(address).text


def test_a_hundred_students_cost_few_queries(tess, cohort, td, as_, django_assert_max_num_queries):
    for n in range(100):
        cohort.enrol(factories.person(f"Étudiante {n}"))
    cohort.centre.competences.create(code="C1", label="Animer un groupe")
    shared = factories.assignment(cohort, fiches=(1, 2, 3))
    shared.share()
    browser = as_(tess)
    for address in (url("new_assignment", cohort.pk), f"{url('new_assignment', cohort.pk)}?modele={shared.pk}"):
        with django_assert_max_num_queries(12):
            page = browser.get(address)
    assert page.text.count('name="students"') == 102
    with django_assert_max_num_queries(12):
        browser.get(url("edit_assignment", shared.pk))
    with django_assert_max_num_queries(12):
        browser.get(url("preview_assignment", shared.pk))
    with django_assert_max_num_queries(12):
        browser.get(url("assignment_table", shared.pk))


def test_of_a_crowd_groups_are_offered_and_no_names(tess, cohort, td, as_):
    people = Person.objects.bulk_create(Person(name=f"P{n}", email=f"p{n}@exemple.test") for n in range(301))
    Enrolment.objects.bulk_create(Enrolment(cohort=cohort, student=person) for person in people)
    page = as_(tess).get(url("new_assignment", cohort.pk)).text
    assert "passez par un sous-groupe" in page
    assert 'name="students"' not in page


# --- Whatever is posted ---------------------------------------------------------------------------------------------

LISTS = ("fiches", "sections", "groups", "students", "competences")
DAYS = st.one_of(st.dates().map(str), st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(str), st.text(max_size=12))
CLOCKS = st.one_of(st.times().map(lambda each: each.strftime("%H:%M")), st.text(max_size=6))
NUMBERS = st.one_of(
    st.integers().map(str), st.sampled_from(["10", "21", "10:pourquoi", "all", "\x00"]), st.text(max_size=8)
)
POSTED = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.text(max_size=80) for name in ("title", "question", "instruction", "initiatives", "guided", "grid")
        },
        **{name: st.lists(NUMBERS, max_size=3) for name in LISTS},
        **{f"{name}_on": DAYS for name in ("due", "opens", "closes")},
        **{f"{name}_time": CLOCKS for name in ("due", "opens", "closes")},
        "audience": st.sampled_from(["all", "some", "", "\x00"]),
        "seen": st.text(max_size=30),
    },
)
WILD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def query(data):
    posted = QueryDict(mutable=True)
    for name, value in data.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return posted


@WILD
@given(data=POSTED)
def test_whatever_is_posted_is_answered_in_words(data, tess, ilan, cohort, assignment):
    """No breakdown; what is accepted is in order, within the cohort, and can be given."""
    for form in (
        AssignmentForm(query({"title": "T", "question": "Q", "fiches": ["10"], **data}), cohort=cohort),
        RevisionForm(query(data), assignment=Assignment.objects.with_places().with_links().get(pk=assignment.pk)),
        ExtensionForm(query({"student": [str(ilan.pk)], **data}), assignment=assignment),
    ):
        if not form.is_valid() or not isinstance(form, AssignmentForm):
            continue
        saved = form.cleaned_data
        assert saved["opens_at"] < saved["due_at"] <= (saved["closes_at"] or saved["due_at"])
        assert saved["for_all"] or saved["groups"] or saved["students"]
        mark = transaction.savepoint()
        if type(form) is AssignmentForm:
            form.give(tess)
        transaction.savepoint_rollback(mark)


@WILD
@given(data=POSTED, weeks=st.integers(-520, 520))
def test_whatever_is_posted_to_take_up_is_answered_in_words(data, weeks, tess, cohort, assignment):
    other = factories.cohort(cohort.centre, f"Autre {timezone.now().timestamp()}")
    source = Assignment.objects.with_links().taken_up_by(other).get(pk=assignment.pk)
    posted = {f"{assignment.pk}-{name}": value for name, value in data.items()} | {f"{assignment.pk}-take": "on"}
    row = CloneRow(query(posted), source=source, weeks=weeks, there=there(other, cohort, [source]))
    assert row.moved
    if row.is_valid():
        assert row.cleaned_data["opens_at"] < row.cleaned_data["due_at"]
        assert row.give(tess).cohort == other
