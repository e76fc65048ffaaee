"""« On m’appelle »: asking to be called, and writing a sheet for someone, who agrees before it is sent."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Person
from initiatives import dictation, steps
from initiatives.emails import people as letters
from initiatives.forms.people import CallMeForm, PaperForm, SomeoneForm
from initiatives.models import Agreement, Version
from initiatives.models.routing import coordinators_of
from initiatives.together import DAYS, Kind
from initiatives.views.conflict import whole
from initiatives.views.own import own_sheet, working_version, writer
from initiatives.views.roles import holder_or_404
from initiatives.workflow import FIRST_SIGN_DAYS, Refused


def call_me(request: HttpRequest) -> HttpResponse:
    """A number, a moment, a département: a letter to those who coordinate there, and nothing kept elsewhere."""
    person = request.user if isinstance(request.user, Person) else None
    form = CallMeForm(request.POST or None, initial={"name": person.name} if person else {})
    if request.method != "POST" or not form.is_valid():
        return render(request, "initiatives/call_me.html", {"form": form, "days": FIRST_SIGN_DAYS})
    if not ratelimit.consume(request, action="call_me"):
        form.add_error(None, "Plusieurs demandes sont déjà parties d’ici depuis une heure : attendez un peu.")
        return render(request, "initiatives/call_me.html", {"form": form, "days": FIRST_SIGN_DAYS}, status=429)
    territory = form.territory()
    before = timezone.localdate() + timedelta(days=FIRST_SIGN_DAYS)
    said = {name: form.cleaned_data[name] for name in ("name", "phone", "when")}
    with transaction.atomic():
        letters.call_me(said, territory, coordinators_of(territory), before)
    messages.success(request, f"Votre demande est partie. On vous appelle avant le {before:%d/%m/%Y}.")
    return redirect("initiatives:call_me")


@login_required
def tell_for(request: HttpRequest) -> HttpResponse:
    """A coordinator begins a sheet for someone, on the same screens."""
    person = holder_or_404(request, "coordinator")
    form = SomeoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("key", "")
        try:
            sheet = dictation.start(
                person, form.cleaned_data["name"], form.cleaned_data["email"],
                key=key if re.fullmatch("[0-9a-f]{16}", key) else "",
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("initiatives:step", sheet.pk, steps.all_steps()[0].slug)
    return render(request, "initiatives/tell_for.html", {"form": form, "key": secrets.token_hex(8)})


def _typed(request: HttpRequest, pk: int) -> tuple[Version | None, Agreement]:
    """The version someone types for another, and the last that was said between them."""
    sheet = own_sheet(request.user, pk)
    said = dictation.typed_for(sheet, writer(request))
    if said is None:
        raise Http404
    return working_version(request.user, pk), said


@login_required
def ask_author(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole text goes to its author by a link; the former link stops."""
    version, said = _typed(request, pk)
    if version is None:
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return _author_page(request, version, said)
    form = SomeoneForm(request.POST, prefix="link")
    if not form.is_valid():
        return _author_page(request, version, said, link=form)
    try:
        with transaction.atomic():
            data = form.cleaned_data
            asked, token = dictation.ask_author(version, writer(request), data["name"], data["email"])
            letters.asked(asked, token)
    except Refused as refusal:
        return _author_page(request, version, said, link=form, error=str(refusal))
    messages.success(request, f"Le lien part vers {asked.email}. La réponse vous viendra par courriel.")
    return redirect("initiatives:check", pk)


@login_required
def sign_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The author's signature stands on a paper that who typed holds."""
    version, said = _typed(request, pk)
    if version is None or request.method != "POST":
        return redirect("initiatives:ask_author", pk)
    form = PaperForm(request.POST, prefix="paper")
    if not form.is_valid():
        return _author_page(request, version, said, paper=form)
    data = form.cleaned_data
    try:
        with transaction.atomic():
            case = dictation.agree_on_paper(
                version, writer(request), data["name"], data["email"], data["signed_on"],
                whole(request.POST.get("edition")),
            )  # fmt: skip
            letters.signed(writer(request), case, on_paper=True)
    except Refused as refusal:
        return _author_page(request, version, said, paper=form, error=str(refusal))
    messages.success(request, f"La fiche est partie au nom de {data['name']}, dossier {case.number}.")
    return redirect("initiatives:queue")


def _author_page(
    request: HttpRequest, version: Version, said: Agreement, *, link: SomeoneForm | None = None,
    paper: PaperForm | None = None, error: str = "",
) -> HttpResponse:  # fmt: skip
    known = {"name": said.name, "email": said.email}
    lacks = version.missing()
    context = {
        "sheet": version.initiative,
        "version": version,
        "said": said,
        "lacks": lacks,
        "link": link or SomeoneForm(prefix="link", initial=known),
        "paper": paper or PaperForm(prefix="paper", initial=known),
        "error": error,
        "days": DAYS[Kind.AUTHOR],
    }
    return render(request, "initiatives/ask_author.html", context, status=409 if error else 200)
