"""The public holidays of a centre are those of where it stands: as the law lists them, on its pages, in its dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import working_days
from accounts.models import Letter, Organisation, Territory
from tests import factories
from tests.training.conftest import PARIS
from tests.training.gestures import url
from tests.training.test_take_up import address, given_on
from training import deadlines, reminders
from training.models import Centre, Enrolment
from training.shifting import Holidays, OpenDays

# Code du travail, L3133-1: everywhere. Movable ones are counted from Easter.
EVERYWHERE = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = {1, 39, 50}
# L3134-13; Good Friday where a commune has a protestant church, which the library doesn't tell apart.
ALSACE_MOSELLE = ("57", "67", "68")
# L3422-2: the abolition of slavery. Saint-Martin keeps 28 May, where the article printed another day.
ABOLITION = {"976": (4, 27), "972": (5, 22), "971": (5, 27), "973": (6, 10), "977": (10, 9), "974": (12, 20)}


def easter(year: int) -> date:
    """Meeus, Jones and Butcher: not the library's own way."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


def by_law(year: int, departement: str) -> set[date]:
    days = {date(year, *each) for each in EVERYWHERE} | {easter(year) + timedelta(days=n) for n in AFTER_EASTER}
    if departement in ALSACE_MOSELLE:
        days |= {date(year, 12, 26), easter(year) - timedelta(days=2)}
    if departement in ABOLITION:
        days.add(date(year, *ABOLITION[departement]))
    return days


def counted(year: int, departement: str) -> set[date]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day for day in days if day.year == year and working_days.holiday(day, departement)}


@given(year=st.integers(2024, 2060), departement=st.sampled_from(["", "59", "2A", *ALSACE_MOSELLE, *ABOLITION]))
def test_the_days_of_the_law_are_counted_where_it_says(year, departement):
    law, found = by_law(year, departement), counted(year, departement)
    assert law <= found
    if departement not in ("971", "972"):  # there custom has Good Friday and Victor Schœlcher's day too
        assert found == law
    assert {day for day, _ in working_days.added(departement, year)} == found - by_law(year, "")


@pytest.mark.parametrize(
    ("departement", "day", "name"),
    [
        ("67", date(2027, 3, 26), "Vendredi saint"),
        ("57", date(2028, 12, 26), "Saint-Étienne"),
        ("974", date(2027, 12, 20), "Abolition de l’esclavage"),
        ("978", date(2027, 5, 28), "Abolition de l’esclavage"),
        ("59", date(2027, 3, 26), ""),
        ("59", date(2027, 7, 14), "Fête nationale"),
        ("974", date(2027, 7, 14), "Fête nationale"),
        ("999", date(2027, 7, 14), "Fête nationale"),
    ],
)
def test_a_day_has_its_name(departement, day, name):
    assert working_days.holiday(day, departement) == name
    assert working_days.is_working_day(day, departement) is not bool(name)


def stands_in(centre: Centre, code: str) -> Centre:
    centre.stand_in(factories.departement(code))
    return centre


def test_dates_taken_up_again_avoid_the_holidays_of_the_centre(tess, centre, cohort, as_):
    """Due on Friday 16 April 2027, a year later Friday 14 April 2028: Good Friday."""
    next_year = factories.cohort(centre, "ASS 2027-2030", starts_on=date(2027, 9, 1), ends_on=date(2030, 6, 30))
    given_on(cohort, date(2027, 3, 1), date(2027, 4, 16), title="Le vendredi")
    page = as_(tess).get(address(next_year, cohort)).text
    assert "férié (Vendredi saint)" not in page
    assert "métropole. Le département du centre n’est pas dit." in page
    stands_in(centre, "68")
    page = as_(tess).get(address(next_year, cohort)).text
    assert "vendredi 14 avril 2028\u00a0: férié (Vendredi saint)" in page
    assert "Calendrier des jours fériés\u00a0: Haut-Rhin (68)." in page


def test_a_date_given_on_a_local_holiday_is_said(centre):
    there = OpenDays.of(stands_in(centre, "974"))
    assert there.why_marked(date(2027, 12, 20)) == "férié (Abolition de l’esclavage)"
    assert OpenDays().why_marked(date(2027, 12, 20)) == ""


@given(
    st.dates(date(2026, 9, 1), date(2032, 7, 31)),
    st.sampled_from(reminders.DAYS),
    st.sampled_from(["57", "972", "974"]),
)
def test_the_morning_of_a_reminder_is_worked_where_the_centre_is(day, before, departement):
    morning = reminders.morning_of(deadlines.closing(day, time(12)), before, departement)
    assert working_days.is_working_day(morning, departement)
    assert timedelta(days=before) <= day - morning <= timedelta(days=before + 7)


def test_nobody_is_written_to_on_a_holiday_of_the_centre(cohort, centre, ilan, clock):
    """Due on Tuesday 27 December 2033: the day before, Monday 26, is a holiday in Strasbourg alone."""
    Enrolment.objects.update(joined_at=datetime(2026, 11, 1, 9, tzinfo=PARIS))
    cohort.ends_on = date(2034, 6, 30)
    cohort.save()
    due_at = datetime(2033, 12, 28, 0, tzinfo=PARIS)
    factories.assignment(cohort, opens_at=datetime(2033, 12, 21, 9, tzinfo=PARIS), due_at=due_at)

    def lived(*days: int) -> list[str]:
        Letter.objects.all().delete()
        for day in days:
            with clock(2033, 12, day, 8):
                reminders.each_day(date(2033, 12, day))
        return list(Letter.objects.filter(key__startswith="training/reminded").values_list("subject", flat=True))

    stands_in(centre, "67")
    assert lived(26) == []
    assert [each[:26] for each in lived(23)] == ["À rendre dans 4 jours : Li"]
    Organisation.objects.update(territory=None)
    cohort.assignments.all().delete()
    factories.assignment(cohort, opens_at=datetime(2033, 12, 21, 9, tzinfo=PARIS), due_at=due_at)
    assert [each[:16] for each in lived(23, 26)] == ["À rendre demain "]


def test_the_head_says_where_the_centre_stands(hugo, tess, centre, as_):
    head, place = as_(hugo), url("place_centre", centre.pk)
    assert "métropole. Le département du centre n’est pas dit." in head.get(url("closures", centre.pk)).text
    assert place in head.get(url("closures", centre.pk)).text
    assert place not in as_(tess).get(url("closures", centre.pk)).text
    done = head.post(place, {"departement": "972"}, follow=True).text
    assert "Calendrier des jours fériés\u00a0: Martinique (972)." in done
    assert "22 mai" in done
    assert "Abolition de l’esclavage" in as_(tess).get(url("closures", centre.pk)).text
    assert "Martinique (972)" in as_(tess).get(url("centre", centre.pk)).text
    assert (
        "Calendrier des jours fériés\u00a0: métropole, Nord (59)."
        in head.post(place, {"departement": "59"}, follow=True).text
    )
    head.post(place, {"departement": ""})
    assert Centre.objects.get(pk=centre.pk).departement is None


@pytest.mark.parametrize("forged", ["99", "FR", "62041", "'; --", "5" * 400])
def test_a_departement_of_the_list(forged, hugo, centre, as_):
    page = as_(hugo).post(url("place_centre", centre.pk), {"departement": forged})
    assert "Choisissez un département de la liste." in page.text
    assert Centre.objects.get(pk=centre.pk).departement is None


def test_another_centre_is_not_found(hugo, tess, otto, stan, other_centre, centre, as_):
    for someone, where in ((hugo, other_centre), (tess, centre), (otto, other_centre), (stan, centre)):
        assert as_(someone).post(url("place_centre", where.pk), {"departement": "57"}).status_code == 404
    assert not Organisation.objects.exclude(territory=None).exists()


def test_the_national_team_may_say_it_when_it_opens_one(nora, as_):
    said = {"name": "ESTS de Strasbourg", "departement": "67"}
    assert "est ouvert" in as_(nora).post(url("centres"), said, follow=True).text
    opened = Centre.objects.get(organisation__name="ESTS de Strasbourg")
    assert opened.departement_code == "67"
    # An organisation already placed is left where it is known to be.
    commune = Territory.objects.communes().filter(departement__code="974").first()
    Organisation.objects.create(name="Institut de l’océan", territory=commune)
    as_(nora).post(url("centres"), {"name": "Institut de l’océan", "departement": ""})
    island = Centre.objects.get(organisation__name="Institut de l’océan")
    assert (island.departement_code, island.organisation.territory) == ("974", commune)


def test_a_commune_says_more_than_its_departement_and_stays(centre):
    commune = Territory.objects.communes().filter(departement__code="57").first()
    Organisation.objects.filter(pk=centre.pk).update(territory=commune)
    centre.refresh_from_db()
    centre.stand_in(factories.departement("57"))
    centre.refresh_from_db()
    assert centre.organisation.territory == commune
    assert Holidays.of(centre).in_words == "Calendrier des jours fériés\u00a0: Moselle (57)."


def test_a_region_says_nothing_of_holidays(centre):
    region = Territory.objects.regions().first()
    Organisation.objects.filter(pk=centre.pk).update(territory=region)
    assert Centre.objects.get(pk=centre.pk).departement_code == ""
