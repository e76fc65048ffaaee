"""Who is let in, and how a verb is said: what can't be done comes back with what was typed, and is journalled."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts import kept
from accounts.models import Person
from initiatives import thread
from initiatives.models import Authorship, Case, NameKept, Opinion, Version
from initiatives.views.roles import holder_or_404
from initiatives.workflow import CaseStatus, NotTheOneRead, Refused

type Act = Callable[[HttpRequest, Case, Person], HttpResponse]
# Shows the page of a gesture again: with what was typed, why it wasn't done, and the status of the answer.
type Page = Callable[..., HttpResponse]


def holds(case: Case, person: Person) -> bool:
    return case.status == CaseStatus.CLAIMED and case.claimed_by_id == person.pk


def moderable_case(person: Person, pk: int) -> Case:
    cases = Case.objects.moderable_by(person).select_related(
        "initiative__public_version", "version__place__departement__region", "version__place__region",
        "version__organisation_kind", "version__initiative", "territory__region", "claimed_by", "opened_by", "replaced",
    )  # fmt: skip
    return get_object_or_404(cases.annotate(**around()), pk=pk)


def around() -> dict[str, ArraySubquery]:
    """What the page of a case shows beside its own columns, read with it: who typed, names kept, opinions, the version

    sent before.
    """
    typed = Authorship.objects.filter(initiative=OuterRef("initiative"), role=Authorship.Role.TYPIST)
    names = NameKept.objects.filter(version=OuterRef("version"))
    opinions = Opinion.objects.filter(case=OuterRef("pk")).order_by("asked_at", "pk")
    sent = Version.objects.filter(
        initiative=OuterRef("initiative"), frozen_at__isnull=False, number__lt=OuterRef("version__number")
    ).order_by("-number")
    said = {name: name for name in ("question", "advice", "text", "asked_at", "answered_at")}
    return {
        "typists": ArraySubquery(typed.values("person__name")),
        "names_kept": ArraySubquery(names.values(row=JSONObject(text="text", reason="reason"))),
        "opinions_said": ArraySubquery(opinions.values(row=JSONObject(expert="expert__name", **said))),
        "sent_before": ArraySubquery(sent.values(row=JSONObject(number="number", snapshot="snapshot"))[:1]),
    }


def acting(
    page: Page, opens: Callable[[Case, Person], bool] = lambda case, person: False
) -> Callable[[Act], Callable[..., HttpResponse]]:
    """A gesture of a coordinator on a case of theirs.

    Its address, opened, leads to the case; or to `page`, where it `opens`, or with what was being sent when the session
    ended.
    """

    def made(act: Act) -> Callable[..., HttpResponse]:
        @kept.signed_in
        @wraps(act)
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            person = holder_or_404(request, "coordinator")
            case = moderable_case(person, pk)
            if request.method == "POST":
                return act(request, case, person)
            back = kept.kept(request)
            if back is None:
                return page(request, case) if opens(case, person) else redirect("initiatives:case", pk)
            messages.info(
                request, "Voici ce que vous écriviez quand votre session s’est terminée. Rien n’est encore envoyé."
            )
            return page(request, case, data=back)

        return view  # type: ignore[return-value]

    return made


def said(
    request: HttpRequest, case: Case, verb: str, say: Callable[[], object], done: str, again: Page, to: str = ""
) -> HttpResponse:
    """Say the verb, then go to `to` or back to the case; where it can't be said, `again` shows the page as typed."""
    person = request.user
    assert isinstance(person, Person)
    try:
        say()
    except Refused as refusal:
        if not isinstance(refusal, NotTheOneRead):
            thread.attempt(case, person, verb, str(refusal))
        fresh = moderable_case(person, case.pk)
        return again(request, fresh, data=request.POST, error=str(refusal), status=409)
    kept.forget(request)
    messages.success(request, done)
    return redirect(to) if to else redirect("initiatives:case", case.pk)
