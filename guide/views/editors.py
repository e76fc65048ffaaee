"""Who edits the guide."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts import rights
from accounts.models import Person


def editor_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.edits_guide(person):
        raise Http404
    return person
