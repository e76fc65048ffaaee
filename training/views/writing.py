"""Writing a note: saved while one types and by a button. Two windows, a session that ends: no word is lost."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import kept, windows
from accounts.models import Person
from accounts.windows import Window
from initiatives.workflow import Refused, SavedElsewhere
from training import drafts
from training.forms import NoteForm
from training.models import MAX_NOTE
from training.views.studying import assignment_page, own_assignment, two_texts, waiting_page

MAX_SIGNS = 3 * MAX_NOTE

TOO_LONG = (
    f"Votre note dépasse {MAX_NOTE} signes : elle n’est plus gardée pendant que vous écrivez. "
    "Coupez-la, ou copiez-la ailleurs avant de quitter la page."
)
ELSEWHERE = (
    "Votre note a été enregistrée dans une autre fenêtre. Rien n’est perdu : appuyez sur « Enregistrer », "
    "les deux textes vous seront montrés."
)
EMPTIED = "Votre note est vide ici : la dernière est gardée, jusqu’à ce que vous enregistriez."


@require_POST
def typing_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The note as it stands in one window: a few words back, and the edition it made."""
    screen, person = drafts.screen_of(pk), request.user
    if not isinstance(person, Person):
        kept.keep(request, screen)
        return windows.says(401, windows.SESSION_OVER, sign_in=f"{reverse('account_login')}?next={screen}")
    if kept.WRITER in request.POST and not kept.is_by(dict(request.POST.lists()), person.pk):
        return windows.says(403, windows.SOMEONE_ELSE)
    assignment = own_assignment(request, pk)
    if sum(len(name) + sum(map(len, values)) for name, values in request.POST.lists()) > MAX_SIGNS:
        return windows.says(413, TOO_LONG)
    work = assignment.work_of(person)
    form = NoteForm(work, drafts.readable(request.POST))
    if not form.is_valid():
        return windows.says(413, TOO_LONG)
    window, said = Window.of(request.POST), ""
    try:
        if work.draft.strip() and not form.text.strip():
            said = EMPTIED
        else:
            drafts.keep(request, work, form)
    except drafts.Late:
        pass
    except SavedElsewhere:
        kept.keep(request, screen)
        return windows.says(409, ELSEWHERE, choose=screen)
    except Refused as refusal:
        return windows.says(409, f"{refusal} Copiez votre texte avant de quitter cette page.")
    told: dict[str, Any] = {"at": windows.clock(timezone.now()), "count": window.count}
    if said:
        return JsonResponse({**told, "says": said})
    drafts.let_go(request, screen, window)
    return JsonResponse({**told, "edition": work.edition})


@kept.signed_in
def save_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep the draft; two windows never write over one another silently, nor does a session that ends."""
    assignment = own_assignment(request, pk)
    person = cast(Person, request.user)
    if request.method != "POST":
        work = assignment.known_work_of(person)
        return waiting_page(request, assignment, work) or redirect("training:assignment", pk)
    if "forget" in request.POST:
        kept.forget(request)
        return windows.ended(redirect("training:assignment", pk), request)
    work = assignment.work_of(person)
    form = NoteForm(work, request.POST)
    if not form.is_valid():
        return assignment_page(request, assignment, work, form)
    try:
        drafts.keep(request, work, form)
    except drafts.Late:
        pass
    except SavedElsewhere:
        kept.keep(request)
        return two_texts(request, assignment, work, form, status=409)
    except Refused as refusal:
        return two_texts(request, assignment, work, form, refusal=str(refusal), status=409)
    kept.forget(request)
    if request.POST.get("go") == "send":
        return windows.ended(redirect("training:send_note", pk), request)
    messages.success(request, "Votre note est enregistrée. Vous seul la voyez.")
    return windows.ended(redirect(f"{reverse('training:assignment', args=[pk])}#note"), request)
