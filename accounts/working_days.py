"""Working days in France: week-ends and public holidays out."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.utils import timezone


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays()


def holiday(day: date) -> str:
    """The name of a public holiday; nothing on other days."""
    return str(_holidays().get(day) or "").replace("'", "’")


def after(start: datetime, working_days: int) -> datetime:
    """The same hour, this many working days later (in the site's time zone)."""
    moment = timezone.localtime(start)
    while working_days:
        moment += timedelta(days=1)
        working_days -= is_working_day(moment.date())
    return moment
