"""Working days in France: week-ends and public holidays out."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.utils import timezone

# Of the library: the départements and collectivities that have public holidays of their own. Alsace-Moselle has
# those of article L3134-13 of the Code du travail, overseas those of L3422-2, and what custom adds there.
OF_ITS_OWN = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM",
    "976": "976", "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@cache
def _holidays(subdivision: str | None = None) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", subdiv=subdivision)


def is_working_day(day: date, departement: str = "") -> bool:
    """In mainland France, or where this code says."""
    return day.weekday() < 5 and not holiday(day, departement)


def holiday(day: date, departement: str = "") -> str:
    """The name of a public holiday; nothing on other days."""
    return str(_holidays(OF_ITS_OWN.get(departement)).get(day) or "").replace("'", "’")


def added(departement: str, year: int) -> list[tuple[date, str]]:
    """The public holidays of a year that this département has and the mainland has not."""
    if departement not in OF_ITS_OWN:
        return []
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [(day, holiday(day, departement)) for day in days if day.year == year and is_added(day, departement)]


def is_added(day: date, departement: str) -> bool:
    return bool(holiday(day, departement)) and not holiday(day)


def after(start: datetime, working_days: int) -> datetime:
    """The same hour, this many working days later (in the site's time zone)."""
    moment = timezone.localtime(start)
    while working_days:
        moment += timedelta(days=1)
        working_days -= is_working_day(moment.date())
    return moment
