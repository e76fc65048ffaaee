"""Pages that are those of a role: for anybody else they don't exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts import rights
from accounts.models import Person


def holder_or_404(request: HttpRequest, kind: str) -> Person:
    """Who is here, when they hold a current role of this kind, anywhere."""
    person = request.user
    if not isinstance(person, Person) or not rights.has_role(person, kind):
        raise Http404
    return person
