"""What the stories of teaching share: an assignment given, and clocks one can set."""

from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from tests import factories

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def assignment(cohort):
    return factories.assignment(cohort, fiches=(10, 21))


@pytest.fixture
def clock():
    """`with clock(2027, 3, 28, 23, 59, 30):` it is that time, as clocks of the country show it."""

    def at(*wall, fold=0):
        moment = datetime(*wall, tzinfo=PARIS, fold=fold)
        return patch("django.utils.timezone.now", return_value=moment)

    return at
