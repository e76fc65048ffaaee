"""Calls for initiatives: launched where nothing is known, answered with sheets."""

from __future__ import annotations

import re
import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from initiatives import steps
from initiatives.cards import cards
from initiatives.models import Initiative, Version
from initiatives.search import Found, Question, ask
from initiatives.workflow import Refused, SheetStatus
from levers.forms.calls import CallForm, initial_of, prefilled, understood
from levers.models import Call, CallAnswer, CallQuerySet
from levers.models.calls import may_launch

A_PAGE = 30
MOST_DRAFTS = 20  # as when one tells without a call
HTTP = ["GET", "HEAD", "POST"]


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    published = Count("answers", filter=Q(answers__initiative__in=Initiative.objects.published()), distinct=True)
    told = Call.objects.with_subject().annotate(published=published)
    closed: Page[Call] = Paginator(told.closed().order_by("-opened_at", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "levers/calls.html",
        {"open": told.open(), "page": closed, "may_launch": may_launch(request.user)},
    )


@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.with_subject(), slug=slug)
    answers = call.answers.public().select_related("initiative__entry").order_by("-initiative__published_at", "-pk")
    page: Page[CallAnswer] = Paginator(answers, A_PAGE).get_page(request.GET.get("page"))
    manages = call.is_managed_by(request.user)
    opened = call.opened_by_id is not None and call.opened_by_id == request.user.pk
    choices = call.choices
    return render(
        request,
        "levers/call.html",
        {
            "call": call,
            "page": page,
            "cards": _cards(page),
            "mine": _mine(request, call),
            "manages": manages,
            "opened": opened,
            "pending": call.answers.pending().count() if opened else 0,
            "known": ask(Question(choices={name: (value,) for name, value in choices.items()})).total if choices else 0,
            "known_url": f"{reverse('initiatives:catalogue')}?{urlencode(choices)}",
        },
    )


def _mine(request: HttpRequest, call: Call) -> list[CallAnswer]:
    if not isinstance(request.user, Person):
        return []
    return list(call.answers.written_by(request.user).select_related("initiative").annotate(title=_title("initiative")))


def _title(initiative: str) -> Subquery:
    """The title its team last gave a sheet: shown to them alone."""
    versions = Version.objects.filter(initiative=OuterRef(initiative)).order_by("-number")
    return Subquery(versions.values("title")[:1])


def _cards(answers: Page[CallAnswer]) -> list[object]:
    sheets = [answer.initiative for answer in answers]
    return list(cards([Found(sheet.entry.doc) for sheet in sheets if hasattr(sheet, "entry")]))


# Launching


@require_http_methods(HTTP)
def launch(request: HttpRequest) -> HttpResponse:
    """Prefilled from the address one comes from. Who may not is told who may, and what they can do themselves."""
    person = request.user
    if not may_launch(person) or not isinstance(person, Person):
        if request.method == "POST":
            if not isinstance(person, Person):
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            raise Http404
        chosen, text, _ = understood(request.GET)
        query = urlencode({**({"q": text} if text else {}), **chosen})
        return render(request, "levers/call_who.html", {"query": query})
    initial, odd = prefilled(request.GET) if request.method != "POST" else ({}, False)
    form = CallForm(request.POST if request.method == "POST" else None, by=person, initial=initial)
    if initial.get("territory") and not _offered(form, initial["territory"]):
        messages.info(request, "Ce territoire n’est pas le vôtre : l’appel se lance sur ceux que vous coordonnez.")
    if odd:
        messages.info(request, "L’adresse contenait des filtres qu’un appel ne reprend pas : ils sont laissés de côté.")
    if form.is_valid():
        made = Call.launch(person, **form.said())
        messages.success(request, "L’appel est lancé. Faites circuler son adresse.")
        return redirect(made)
    return render(request, "levers/call_edit.html", {"form": form, "call": None})


def _offered(form: CallForm, value: str) -> bool:
    groups = form.fields["territory"].choices  # type: ignore[attr-defined]
    flat = [row for one in groups for row in (one[1] if isinstance(one[1], list) else [one])]
    return value in {code for code, _ in flat}


def _managed(request: HttpRequest, slug: str) -> Call:
    calls: CallQuerySet = Call.objects.manageable_by(request.user).with_subject()
    return get_object_or_404(calls, slug=slug)


@login_required
@require_http_methods(HTTP)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Reword it, or give it another last day. Its address stays."""
    call = _managed(request, slug)
    assert isinstance(request.user, Person)
    posted = request.POST if request.method == "POST" else None
    form = CallForm(posted, by=request.user, call=call, initial=initial_of(call))
    if form.is_valid():
        call.change(**form.said())
        messages.success(request, "L’appel est modifié.")
        return redirect(call)
    return render(request, "levers/call_edit.html", {"form": form, "call": call})


@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    return _done(request, _managed(request, slug), "close", "L’appel est clos. Ce qui y a répondu reste à lire.")


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    return _done(request, _managed(request, slug), "reopen", "L’appel est de nouveau ouvert.")


def _done(request: HttpRequest, call: Call, verb: str, said: str) -> HttpResponse:
    try:
        getattr(call, verb)()
        messages.success(request, said)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(call)


# Answering


@login_required
@require_http_methods(HTTP)
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """With a sheet one wrote, or one begun for it."""
    call = get_object_or_404(Call.objects.with_subject(), slug=slug)
    assert isinstance(request.user, Person)
    if not call.is_open:
        messages.info(
            request, "Cet appel est clos : il n’attend plus de réponse. Ce qu’il a fait raconter reste à lire."
        )
        return redirect(call)
    sheets = Initiative.objects.written_by(request.user).exclude(status__in=[SheetStatus.WITHDRAWN, SheetStatus.MERGED])
    free = sheets.exclude(call_answers__call=call)
    error = ""
    if request.method == "POST":
        if "begin" in request.POST:
            return _begin(request, call, request.user)
        chosen = request.POST.get("sheet", "")
        if re.fullmatch("[0-9]{1,18}", chosen, re.ASCII):
            sheet = get_object_or_404(sheets, pk=int(chosen))
            return _attached(request, call, sheet)
        error = "Choisissez une fiche, ou commencez-en une."
    return render(
        request,
        "levers/call_answer.html",
        {
            "call": call,
            "sheets": free.annotate(title=_title("pk")).order_by("-created_at")[:50],
            "key": secrets.token_hex(8),
            "error": error,
        },
    )


def _begin(request: HttpRequest, call: Call, person: Person) -> HttpResponse:
    drafts = Initiative.objects.editable_by(person).filter(status=SheetStatus.DRAFT)
    if drafts.count() >= MOST_DRAFTS:
        messages.warning(request, f"Vous avez déjà {MOST_DRAFTS} brouillons : répondez avec l’un d’eux.")
        return redirect("levers:call_answer", call.slug)
    key = request.POST.get("key", "")
    try:
        with transaction.atomic():
            sheet = Initiative.start(person, key=key if re.fullmatch("[0-9a-f]{16}", key) else "")
            call.answer_with(sheet)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(call)
    messages.success(request, "Votre brouillon répond à cet appel : on l’y lira quand il sera publié.")
    return redirect("initiatives:step", sheet.pk, steps.all_steps()[0].slug)


def _attached(request: HttpRequest, call: Call, sheet: Initiative) -> HttpResponse:
    try:
        call.answer_with(sheet)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(call)
    when = "On l’y lit dès maintenant." if sheet.is_public else "On l’y lira quand elle sera publiée."
    messages.success(request, f"Votre fiche répond à cet appel. {when}")
    return redirect(call)


@login_required
@require_POST
def withdraw_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    answer = get_object_or_404(CallAnswer.objects.written_by(request.user), call__slug=slug, pk=pk)
    answer.delete()
    messages.success(request, "Votre fiche ne répond plus à cet appel. Elle-même n’a pas changé.")
    return redirect("levers:call", slug)
