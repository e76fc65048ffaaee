"""What the stories of teaching share: an assignment given, and clocks one can set."""

from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from lti_tool.models import Key, LtiContext

from tests import factories
from tests.training.lti_platform import CLIENT, DEPLOYMENT, SITE, Platform, pair
from training.lti import courses, registering
from training.models import CourseLink

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


@pytest.fixture
def lti(settings):
    """LTI on this machine, as in the demonstration; a memory for what is kept a moment."""
    settings.LTI_LOCAL_PLATFORMS = True
    settings.SITE_URL = SITE
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def moodle(lti, db):
    """A platform, served beside the test, that nobody registered yet."""
    platform = Platform()
    yield platform
    platform.close()


@pytest.fixture
def registered(moodle, centre):
    """The platform, registered for the centre, its deployment accepted."""
    kept = registering.keep(centre, None, {"name": "Moodle", "client_id": CLIENT, **moodle.addresses()}, DEPLOYMENT)
    private, public = pair("tool")
    Key.objects.create(private_key=private, public_key=public)
    moodle.learn_keys()
    return kept


@pytest.fixture
def tied(registered, cohort, tess):
    """The course « cours-1 » of the platform is the cohort."""
    context = LtiContext.objects.create(
        deployment=registered.registration.deployments.get(), id_on_platform="cours-1", title="Le cours"
    )
    return CourseLink.objects.create(context=context, cohort=cohort, tied_by=tess)


@pytest.fixture
def recognised(registered):
    """`recognised(ilan, "42")`: user 42 of the platform is Ilan."""

    def recognise(person, sub):
        return courses.recognise(registered.registration, sub, person)

    return recognise
