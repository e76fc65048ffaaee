"""Saving while typing: what a window holds is kept on the server, and comes back to its writer alone."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db import IntegrityError
from django.db.models import BooleanField, ExpressionWrapper, Max, Q
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import kept
from accounts.models import Person
from accounts.windows import SESSION_OVER, SOMEONE_ELSE, Window, browser_of, clock, counted, named, opened_now, says
from initiatives import steps
from initiatives.models import TypedText, Version
from initiatives.steps import Step
from initiatives.views.conflict import CHOICE, CONTROLS, imprint
from initiatives.views.own import own_sheet, writer

MAX_SIGNS = 400_000

CLOSED = (
    "Cette fiche n’est plus ouverte à l’écriture : elle a été envoyée ou fermée entre-temps. "
    "Copiez ce que vous venez d’écrire avant de quitter cette page."
)
TOO_LONG = (
    "Cet écran est trop long pour être gardé pendant que vous écrivez : {} signes, pour {} au plus. "
    "Coupez le texte, ou copiez-le ailleurs avant de quitter la page."
)


# --- Keeping ----------------------------------------------------------------------------------------------------------


@require_POST
def typing(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One screen as it stands in one window, whatever it is worth: at most six queries, and a few words back."""
    here = steps.named(step)
    if here is None:
        raise Http404
    screen = reverse("initiatives:step", args=[pk, step])
    if not isinstance(request.user, Person):
        kept.keep(request, screen)
        return says(401, SESSION_OVER, sign_in=f"{reverse('account_login')}?next={screen}")
    posted = request.POST
    if kept.WRITER in posted and not kept.is_by(dict(posted.lists()), request.user.pk):
        return says(403, SOMEONE_ELSE)
    version = Version.objects.writable_by(request.user).filter(initiative=pk).only("pk").first()
    if version is None:
        own_sheet(request.user, pk)
        return says(409, CLOSED)
    window = Window.of(posted)
    if not window.name or not window.count:
        return says(400, "Cette page ne dit pas d’où vient ce texte : rechargez-la.")
    length = sum(len(name) + sum(map(len, values)) for name, values in posted.lists())
    if length > MAX_SIGNS:
        return says(413, TOO_LONG.format(length, MAX_SIGNS))
    try:
        keep(version, here, request.user, posted, window)
    except IntegrityError:
        return says(409, CLOSED)  # deleted in the same instant
    if screen in request.session.get(kept.KEPT, {}):
        kept.forget(request, screen)
    return JsonResponse(
        {
            "at": clock(timezone.now()),
            "count": window.count,
            "elsewhere": elsewhere(version, here, request.user, window, posted.get("opened", "")),
        }
    )


def keep(version: Version, here: Step, person: Person, posted: QueryDict, window: Window) -> None:
    """What was posted, as it was posted: nothing in it is judged here."""
    aside = CONTROLS | {kept.WRITER}
    data = {name: values for name, values in posted.lists() if name not in aside and not name.startswith(CHOICE)}
    seen = posted.get("seen", "")
    is_new = TypedText.objects.keep(
        version, here.slug, person, window=window.name, count=window.count, data=data,
        seen=seen if re.fullmatch("[0-9a-f]{24}", seen) else "",
    )  # fmt: skip
    if is_new:
        TypedText.objects.tidy(version, here.slug, person, window=window.carried, count=window.carried_count)


def keep_unsaved(version: Version, here: Step, person: Person, posted: QueryDict) -> None:
    """What a button sent and could not be saved: it is still there if the page is closed."""
    if sum(len(name) + sum(map(len, values)) for name, values in posted.lists()) <= MAX_SIGNS:
        keep(version, here, person, posted, Window.of(posted))


def end(version: Version, here: Step, person: Person, posted: QueryDict) -> None:
    window = Window.of(posted)
    TypedText.objects.end(
        version, here.slug, person, window=window.name, count=window.count, carried=window.carried,
        carried_count=window.carried_count,
    )  # fmt: skip


def elsewhere(version: Version, here: Step, person: Person, window: Window, opened: str) -> str:
    """Whether another window, or somebody else, wrote on this screen since this page was opened."""
    since = datetime.fromtimestamp(int(opened) / 1000, UTC) if re.fullmatch("[0-9]{13}", opened) else timezone.now()
    mine = Q(person=person, window__in=[window.name, window.carried or window.name, window.left or window.name])
    other = (
        TypedText.objects.filter(version=version, step=here.slug, at__gt=since)
        .exclude(mine)
        .annotate(is_saved=is_saved())
        .order_by("-is_saved", "-at")
        .values_list("person", "person__name", "is_saved", "at")
        .first()
    )
    if other is None:
        return ""
    writer, name, saved, at = other
    both = "Rien ne se perd : qui enregistre en second verra les deux textes."
    if writer == person.pk:
        if saved:
            return f"Cet écran a été enregistré à {clock(at)} dans une autre fenêtre. {both}"
        return f"Ce texte est aussi ouvert dans une autre fenêtre, où vous écriviez à {clock(at)}. {both}"
    who = name or "Une autre personne"
    return f"{who} {'a enregistré' if saved else 'écrit aussi sur'} cet écran, à {clock(at)}. {both}"


def is_saved() -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(data={}), output_field=BooleanField())


# --- Coming back ------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    """What was typed on a screen and isn't saved: the text to show now, and the others.

    A form without its text says what is saved already.
    """

    text: TypedText | None = None
    form: forms.BaseForm | None = None
    others: list[TypedText] = field(default_factory=list)

    @property
    def is_over_another_text(self) -> bool:
        """It was typed over words that somebody has changed since."""
        return self.text is not None and self.form is not None and self.text.seen != imprint(self.form)


def found(version: Version, here: Step, person: Person, asked: str = "") -> Found:
    """The last text typed since this person last saved this screen, or the one they ask for by its number."""
    rows = list(TypedText.objects.of(version, person).filter(step=here.slug).order_by("-at", "-pk"))
    texts = [row for row in rows if row.data]
    saved_at = max((row.at for row in rows if not row.data), default=datetime.min.replace(tzinfo=UTC))
    wanted = [row for row in texts if str(row.pk) == asked] or [row for row in texts if row.at > saved_at]
    if not wanted:
        return Found(others=texts)
    form = here.form(copy(version), wanted[0].posted())
    others = [row for row in texts if row != wanted[0]]
    return Found(wanted[0] if form.has_changed() else None, form, others)


def without_errors(form: forms.BaseForm) -> forms.BaseForm:
    """A text nobody has sent yet isn't wrong: it is shown as it was left."""
    if "place" in form.fields:
        form.full_clean()  # which commune is meant is looked up
    form._errors = ErrorDict()  # type: ignore[attr-defined]  # what full_clean fills, unknown to the stubs
    for bound in form:
        for row in getattr(bound, "forms", ()):
            row.full_clean()
            row._errors = ErrorDict()
    return form


def kept_of(request: HttpRequest, version: Version, here: Step) -> QueryDict | None:
    """What was sent after the session ended, unless its window has sent or saved later words since."""
    back = kept.kept(request)
    if back is None:
        return None
    window = Window.of(back)
    rows = TypedText.objects.filter(version=version, step=here.slug, person=writer(request), window=window.name)
    return None if window.name and rows.filter(count__gte=window.count).exists() else back


def forget(request: HttpRequest, version: Version, here: Step, person: Person) -> None:
    """Go back to what is saved: the text of one window is dropped, or the one kept after the session ended."""
    kept.forget(request)
    name, _, count = request.POST.get("forget", "").partition(":")
    if count:
        TypedText.objects.of(version, person).texts().filter(
            step=here.slug, window=named(name), count__lte=counted(count)
        ).delete()


def page_of(
    request: HttpRequest, version: Version, here: Step, posted: QueryDict | None, found: Found | None
) -> dict[str, Any]:
    """What a page where one types must know to save while typing."""
    text = found.text if found else None
    carried = text.mark if text else Window.of(posted).mark if posted else ""
    opened = posted.get("opened", "") if posted else ""
    return {
        "url": reverse("initiatives:typing", args=[version.initiative_id, here.slug]),
        "opened": opened or opened_now(),
        "carried": carried,
        "text": text,
        "others": found.others if found else [],
        **browser_of(request),
    }


def screens_typed(version: Version, person: Person) -> list[tuple[Step, datetime]]:
    """The screens where words wait to be saved, and since when."""
    rows = TypedText.objects.of(version, person).texts().order_by().values("step").annotate(last=Max("at"))
    typed = {row["step"]: row["last"] for row in rows}
    return [(step, typed[step.slug]) for step in steps.all_steps() if step.slug in typed]
