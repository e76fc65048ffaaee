"""What is typed in a note, on its way to the draft: whose words were last, and which text waits beside it.

A note is its writer's alone until it is sent, so what is typed goes straight into the draft. Another window's words
are never written over: the second text waits in the session, both are shown, and the person chooses.
"""

from __future__ import annotations

from contextlib import suppress

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts import kept
from accounts.windows import Window
from initiatives.workflow import SavedElsewhere
from training.forms import NoteForm
from training.models import Work

NEVER_SAVED = 2_000_000_000  # an edition no draft has: a form that says none writes over nothing
# In the session: by work, the window that saved last, at which count, and the edition it made.
LAST_WINDOWS, MOST_WORKS = "note_windows", 20


class Late(Exception):
    """The same window has saved later words already."""


def keep(request: HttpRequest, work: Work, form: NoteForm) -> None:
    """Put what a valid form says in the draft. Raises SavedElsewhere where another window wrote, Late, Refused."""
    try:
        _keep(request.session, work, form)
    except SavedElsewhere:
        # The same page may have been saving at this very instant, after this request read its session.
        now = type(request.session)(request.session.session_key).get(LAST_WINDOWS, {})
        if now.get(str(work.pk)) == request.session.get(LAST_WINDOWS, {}).get(str(work.pk)):
            raise
        request.session[LAST_WINDOWS] = now
        _keep(request.session, work, form)


def _keep(session: SessionBase, work: Work, form: NoteForm) -> None:
    window, edition = Window.of(form.posted), form.cleaned_data["edition"]
    last = session.get(LAST_WINDOWS, {})
    name, count, saved = last.get(str(work.pk), ("", 0, -1))
    if window.name and window.name == name and saved == work.edition:
        # The page hadn't heard yet that its own words were saved.
        if window.count <= count:
            raise Late
        edition = work.edition
    with transaction.atomic():
        work.save_draft(form.text, NEVER_SAVED if edition is None else edition, form.answers if form.is_guided else ())
        if window.name:
            others = [(key, value) for key, value in last.items() if key != str(work.pk)]
            now = (str(work.pk), [window.name, window.count, work.edition])
            session[LAST_WINDOWS] = dict([*others, now][-MOST_WORKS:])
            # In the same transaction: whoever finds the draft changed finds which window changed it.
            with suppress(UpdateError):  # signed out in another tab meanwhile: the words are in the draft all the same
                session.save()
            session.modified = False


def screen_of(pk: int) -> str:
    """Under which address a text is kept while its writer signs in again, or chooses between two."""
    return reverse("training:save_note", args=[pk])


def waiting(request: HttpRequest, work: Work) -> NoteForm | None:
    """A text of this person's that isn't in the draft: sent after their session ended, or beside another window."""
    screen = screen_of(work.assignment_id)
    back = kept.kept(request, screen)
    if back is None:
        return None
    window, form = Window.of(back), NoteForm(work, back)
    name, count, _ = request.session.get(LAST_WINDOWS, {}).get(str(work.pk), ("", 0, 0))
    is_later = bool(window.name) and window.name == name and window.count <= count
    if is_later or (form.is_valid() and is_saved(work, form)):
        kept.forget(request, screen)
        return None
    return form


def is_saved(work: Work, form: NoteForm) -> bool:
    return (form.text, form.answers if form.is_guided else []) == (work.draft, work.answers)


def readable(posted: QueryDict) -> QueryDict:
    """PostgreSQL has no NUL: what can't be read there is marked where it stood."""
    data = posted.copy()
    for name, values in posted.lists():
        data.setlist(name, [text.replace("\0", "\ufffd") for text in values])
    return data


def let_go(request: HttpRequest, screen: str, window: Window) -> None:
    """What was kept of this window is saved now; what was kept of another still waits."""
    back = kept.kept(request, screen)
    if back is not None and Window.of(back).name in (window.name, window.carried):
        kept.forget(request, screen)
