"""An assignment taken up again: a model of the centre, or another year on its own calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Letter
from guide.models import FicheVersion
from tests import factories
from tests.training.gestures import url
from tests.training.test_give import give, said
from tests.training.test_revise import newer_version
from training import deadlines
from training.models import Assignment


@pytest.fixture
def next_year(centre):
    """Begins a year later, on the Wednesday of the same week."""
    return factories.cohort(centre, "ASS 2027-2030", starts_on=date(2027, 9, 1), ends_on=date(2030, 6, 30))


def given_on(cohort, opens, due, closes=None, fiches=(10,), **fields):
    return factories.assignment(
        cohort,
        fiches,
        opens_at=deadlines.opening(opens, time(8)),
        due_at=deadlines.closing(due, time(23, 59)),
        closes_at=deadlines.closing(closes, time(23, 59)) if closes else None,
        created_at=datetime(2026, 9, 1, tzinfo=UTC),
        **fields,
    )


def address(target, source, **more):
    query = "&".join(f"{name}={value}" for name, value in {"de": source.pk, **more}.items())
    return f"{url('clone_assignments', target.pk)}?{query}"


def as_shown(page, take=None, **more):
    """What the page of dates sends back, unchanged but for the boxes."""
    data = {}
    for row in page.context["rows"]:
        for name in row.fields:
            value = row[name].value()
            value = value.strftime("%H:%M") if isinstance(value, time) else value
            if name != "take" or (value if take is None else row.source.pk in take):
                data[row.add_prefix(name)] = "" if value is None else value
    return {**data, **more}


def clone(browser, target, source, **more):
    page = browser.get(address(target, source))
    return browser.post(address(target, source), as_shown(page, **more), follow=True)


def test_dates_are_shown_with_why_before_anything_is_given(tess, cohort, next_year, as_):
    """Due on Thursday 15 July 2027, a year later Thursday 13: a day before the national day is itself."""
    given_on(cohort, date(2027, 6, 15), date(2027, 7, 15), title="Avant l’été")
    cohort.centre.closures.create(name="Fermeture d’été", first_on="2028-07-10", last_on="2028-08-20")
    page = as_(tess).get(address(next_year, cohort))
    assert "52 semaines plus tard" in page.text
    assert "mardi 13 juin 2028 à 8\xa0h" in page.text
    assert "lundi 21 août 2028 à 23\xa0h\xa059" in page.text
    assert "du jeudi 13 juillet 2028 au dimanche 20 août 2028\xa0: fermé (Fermeture d’été)" in page.text
    assert Assignment.objects.count() == 1


def test_what_would_have_opened_already_is_said_to_open_at_once(tess, cohort, centre, clock, as_):
    """No day behind us is announced for what students will be told of tonight."""
    given_on(cohort, date(2026, 10, 1), date(2026, 12, 10))
    twin = factories.cohort(centre, "ES 2026", starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    with clock(2026, 11, 21, 18):
        page = as_(tess).get(address(twin, cohort)).text
    assert "tout de suite (jeudi 1er octobre à 8\xa0h est passé)" in page
    assert "jeudi 10 décembre à 23\xa0h\xa059" in page


def test_a_public_holiday_is_computed_for_that_year(tess, cohort, next_year, as_):
    """Ascension is 6 May in 2027 and 25 May in 2028: what is computed is the new year's."""
    given_on(cohort, date(2027, 5, 3), date(2027, 5, 27))
    page = as_(tess).get(address(next_year, cohort))
    assert "jeudi 25 mai 2028\xa0: férié (Ascension)" in page.text
    assert "vendredi 26 mai 2028 à 23\xa0h\xa059" in page.text
    assert "mardi 2 mai 2028 à 8\xa0h" in page.text  # a Monday, 1 May


def test_all_are_given_at_once_on_those_dates(tess, cohort, next_year, as_):
    first = given_on(cohort, date(2026, 11, 2), date(2026, 11, 26), date(2026, 12, 3), (10, 21), title="Un")
    second = given_on(cohort, date(2027, 3, 1), date(2027, 3, 28), title="Deux", guided=["A ?", "B ?"], grid=["C"])
    answer = clone(as_(tess), next_year, cohort)
    assert "2 devoirs sont repris" in answer.text
    assert "Une lettre partira" in answer.text
    one, two = next_year.assignments.order_by("due_at")
    assert (one.cloned_from, two.cloned_from) == (first, second)
    assert (two.guided, two.grid, two.question) == (["A ?", "B ?"], ["C"], second.question)
    assert [given.version.fiche_id for given in one.fiches.all()] == [10, 21]
    assert deadlines.last_minute(one.due_at).date() == date(2027, 11, 25)
    assert deadlines.last_minute(one.closes_at).date() == date(2027, 12, 2)
    # Sunday 28 March 2027, the night clocks change, becomes Sunday 26 March 2028: Monday.
    assert deadlines.last_minute(two.due_at).isoformat()[:16] == "2028-03-27T23:59"
    assert two.created_by == tess
    assert not Letter.objects.exists()


def test_taken_twice_it_is_once_and_said_the_second_time(tess, cohort, next_year, as_):
    given_on(cohort, date(2026, 11, 2), date(2026, 11, 26))
    browser = as_(tess)
    page = browser.get(address(next_year, cohort))
    for _ in range(2):
        browser.post(address(next_year, cohort), as_shown(page))
    assert next_year.assignments.count() == 1
    page = browser.get(address(next_year, cohort))
    assert "déjà repris dans cette promotion" in page.text
    assert "Cochez au moins un devoir" in browser.post(address(next_year, cohort), as_shown(page)).text


def test_a_date_may_be_changed_and_what_is_wrong_keeps_the_others(tess, cohort, next_year, as_):
    one = given_on(cohort, date(2026, 11, 2), date(2026, 11, 26), title="Un")
    given_on(cohort, date(2027, 3, 1), date(2027, 3, 24), title="Deux")
    browser = as_(tess)
    page = browser.get(address(next_year, cohort))
    answer = browser.post(address(next_year, cohort), as_shown(page, **{f"{one.pk}-due_on": "2027-01-01"}))
    assert "Erreur" in answer.text
    assert not next_year.assignments.exists()
    browser.post(address(next_year, cohort), as_shown(page, **{f"{one.pk}-due_on": "2027-11-27"}))
    assert deadlines.last_minute(next_year.assignments.get(title="Un").due_at).date() == date(2027, 11, 27)


def test_weeks_are_chosen_and_one_alone_is_taken(tess, cohort, next_year, as_):
    one = given_on(cohort, date(2026, 11, 2), date(2026, 11, 26), title="Un")
    given_on(cohort, date(2027, 3, 1), date(2027, 3, 24), title="Deux")
    page = as_(tess).get(address(next_year, cohort, semaines=54, devoir=one.pk))
    assert "54 semaines plus tard" in page.text
    assert [row.source for row in page.context["rows"]] == [one]
    for wrong in ("999999", "x", "-9999", "\x00"):
        page = as_(tess).get(address(next_year, cohort, semaines=wrong))
        assert page.status_code == 200
        assert not page.context["rows"]


def test_what_falls_after_the_cohort_or_in_the_past_waits_for_a_date(tess, cohort, centre, clock, as_):
    with clock(2026, 11, 21, 18):
        waits_for_a_date(tess, cohort, centre, as_)


def waits_for_a_date(tess, cohort, centre, as_):
    short = factories.cohort(centre, "Courte", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))
    late = given_on(cohort, date(2027, 3, 1), date(2027, 3, 24), title="Trop loin")
    past = given_on(cohort, date(2026, 9, 10), date(2026, 9, 24), title="Déjà passé")
    page = as_(tess).get(address(short, cohort))
    assert "après la fin de la promotion" in page.text
    assert "serait déjà passée" in page.text
    assert "Cochez au moins un devoir" in as_(tess).post(address(short, cohort), as_shown(page)).text
    both = as_shown(page, take={late.pk, past.pk})
    assert as_(tess).post(address(short, cohort), both).status_code == 200
    assert not short.assignments.exists()
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    both |= {f"{late.pk}-due_on": day, f"{late.pk}-opens_on": "", f"{late.pk}-opens_time": "", f"{past.pk}-due_on": day}
    as_(tess).post(address(short, cohort), both)
    assert short.assignments.count() == 2


def test_what_does_not_follow_is_said(tess, ilan, ana, max, cohort, next_year, as_):
    own = cohort.centre.competences.create(code="C1", label="Animer", curriculum="2018")
    sheet = factories.published(ana, max, title="Une initiative retirée")
    source = given_on(cohort, date(2026, 11, 2), date(2026, 11, 26), for_all=False)
    source.competences.add(own)
    source.initiatives.add(sheet)
    source.students.add(ilan)
    kept, gone = cohort.groups.create(name="TD 1"), cohort.groups.create(name="TD 2")
    source.groups.add(kept, gone)
    given = source.fiches.get()
    type(given).objects.filter(pk=given.pk).update(sections=["pourquoi", "outils"])
    there = next_year.groups.create(name="td  1")
    sheet.masked_at = timezone.now()
    sheet.save()
    newer_version()
    page = as_(tess).get(address(next_year, cohort))
    for sentence in (
        "1 initiative n’est plus dans le catalogue",
        "Une compétence n’est pas proposée",
        "Sous-groupes que cette promotion n’a pas\xa0: TD 2",
        "elles ne sont pas reprises",
        "des parties choisies n’y sont plus",
        "version",
    ):
        assert sentence in page.text
    # A group that isn't there never makes it everyone's: it is asked.
    data = as_shown(page)
    answer = as_(tess).post(address(next_year, cohort), data)
    assert "Choisissez pour qui" in answer.text
    as_(tess).post(address(next_year, cohort), {**data, f"{source.pk}-audience": "groups"})
    made = next_year.assignments.get()
    assert (made.for_all, list(made.groups.all())) == (False, [there])
    assert not made.students.exists()
    assert not made.initiatives.exists()
    assert made.fiches.get().sections == ["pourquoi"]
    assert made.fiches.get().version == FicheVersion.objects.get(title="Un titre tout neuf")


def test_another_centre_is_never_a_source_nor_a_target(tess, otto, cohort, next_year, other_centre, as_):
    theirs = factories.cohort(other_centre, "La leur")
    elsewhere = given_on(theirs, date(2026, 11, 2), date(2026, 11, 26), title="Le leur")
    given_on(cohort, date(2026, 11, 2), date(2026, 11, 26))
    page = as_(tess).get(address(next_year, theirs))
    assert page.status_code == 200
    assert "Le leur" not in page.text
    assert as_(tess).get(address(theirs, cohort)).status_code == 404
    for pk in range(elsewhere.pk - 5, elsewhere.pk + 6):
        assert not as_(tess).get(f"{url('new_assignment', cohort.pk)}?modele={pk}").context["model"] or pk == (
            cohort.assignments.get().pk
        )
    form = as_(tess).get(f"{url('new_assignment', cohort.pk)}?modele={elsewhere.pk}")
    assert "Le leur" not in form.text
    assert "n’est pas partagé dans votre centre" in form.text
    assert as_(tess).post(url("reuse_assignment", elsewhere.pk), {"action": "share"}).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.shared_at is None


def test_pages_of_forty_cost_few_queries(tess, cohort, next_year, as_, django_assert_max_num_queries):
    for n in range(40):
        given_on(cohort, date(2026, 11, 2), date(2026, 11, 26), fiches=(10, 21), title=f"Devoir {n}")
    browser = as_(tess)
    with django_assert_max_num_queries(12):
        page = browser.get(address(next_year, cohort))
    assert len(page.context["rows"]) == 40


# --- Models of the centre -------------------------------------------------------------------------------------------


def test_shared_it_is_found_where_one_gives(tess, centre, cohort, next_year, as_):
    colleague = factories.person("Théa")
    factories.role(colleague, "trainer", organisation=centre.organisation)
    give(as_(tess), cohort, title="Un modèle", guided="A ?\nB ?", sections=["10:pourquoi"], instruction="Une page.")
    model = Assignment.objects.get()
    new = url("new_assignment", next_year.pk)
    assert "Un modèle" not in as_(colleague).get(new).text
    answer = as_(tess).post(url("reuse_assignment", model.pk), {"action": "share"}, follow=True)
    assert "est maintenant un modèle" in answer.text
    assert "Un modèle" in as_(colleague).get(new).text
    assert "Un modèle" in as_(colleague).get(url("centre", centre.pk)).text
    page = as_(colleague).get(f"{new}?modele={model.pk}")
    form = page.context["form"]
    assert form["guided"].value() == "A ?\nB ?"
    assert form["sections"].value() == ["10:pourquoi"]
    assert form["due_on"].value() is None
    posted = said(title="D’après un modèle", instruction="Une page.")
    as_(colleague).post(f"{new}?modele={model.pk}", posted)
    assert next_year.assignments.get().cloned_from == model
    as_(colleague).post(url("reuse_assignment", model.pk), {"action": "unshare"})
    assert "Un modèle" not in as_(tess).get(new).text


def test_a_model_tells_nothing_of_anyone(tess, ilan, centre, cohort, next_year, as_):
    model = factories.assignment(cohort, for_all=False)
    model.students.add(ilan)
    model.share()
    page = as_(tess).get(f"{url('new_assignment', next_year.pk)}?modele={model.pk}")
    assert page.context["form"]["students"].value() in (None, [])
    assert page.context["form"]["audience"].value() == "all"


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 30, "1' OR 1=1"])
def test_an_absurd_model_is_ignored_and_said(asked, tess, cohort, as_):
    page = as_(tess).get(url("new_assignment", cohort.pk), {"modele": asked})
    assert page.status_code == 200
    assert "le formulaire est vide" in page.text
