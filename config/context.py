from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import rights
from accounts.models import Person

SECTIONS = {"initiatives", "guide", "leviers", "formation", "freins"}


def site(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs. A visitor costs no query; a person, that of their roles."""
    return {"DEMO": settings.DEMO, "SITE_URL": settings.SITE_URL, "nav": nav(request)}


def nav(request: HttpRequest) -> dict[str, Any]:
    section = request.path.split("/")[1]
    person = getattr(request, "user", None)
    can_moderate = isinstance(person, Person) and rights.has_role(person, "coordinator")
    return {
        "section": section if section in SECTIONS else "",
        "is_its_front": request.path == f"/{section}/",
        "can_moderate": can_moderate,
        "can_advise": isinstance(person, Person) and rights.has_role(person, "expert"),
        "can_protect": isinstance(person, Person) and rights.has_role(person, "dpo"),
        "can_edit_guide": rights.edits_guide(person) if isinstance(person, Person) else False,
        "can_grant_roles": isinstance(person, Person)
        and (rights.has_role(person, "administrator") or rights.is_national_coordinator(person)),
    }
