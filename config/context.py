from django.conf import settings
from django.http import HttpRequest

SECTIONS = {"initiatives", "guide", "leviers", "formation", "freins"}


def site(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs; nothing here asks the database unless the template prints it."""
    section = request.path.split("/")[1]
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
        "nav": {"section": section if section in SECTIONS else ""},
    }
