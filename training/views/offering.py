"""An accepted note offered to the catalogue: asked by its student, answered by a trainer, then a sheet as any other."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import kept, rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from initiatives.anonymity import scan
from initiatives.workflow import Refused
from training import emails
from training.forms import AGREE, OfferAnswerForm
from training.models import Offer, Work


@login_required
def offer_note(request: HttpRequest, pk: int) -> HttpResponse:
    """What offering does, and its three agreements; then where it stands, and how it is taken back."""
    mine = Work.objects.of(request.user).select_related("assignment__cohort__centre__organisation")
    work = get_object_or_404(mine, pk=pk)
    offer = Offer.objects.of(request.user).with_places().filter(note__work=work).order_by("-pk").first()
    if not work.is_accepted and offer is None:
        return redirect("training:assignment", work.assignment_id)
    if request.method == "POST":
        try:
            done = act(request, work, offer)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect("training:offer_note", pk)
    note = offer.note if offer else work.notes.order_by("-number")[0]
    context = {
        "work": work,
        "assignment": work.assignment,
        "offer": offer,
        "note": note,
        "found": list({span.text: span for span in scan(note.text)}.values()),
        "can_ask": work.is_accepted and (offer is None or offer.may_be_asked_again),
    }
    return render(request, "training/offer_note.html", context)


def act(request: HttpRequest, work: Work, offer: Offer | None) -> str:
    """What the student asked, and what to say of it."""
    person = cast(Person, request.user)
    if request.POST.get("action") == "withdraw":
        if offer is None:
            raise Refused("Rien n’est proposé.")
        with transaction.atomic():
            told = offer.trainer if offer.is_agreed else None
            withdrawn = offer.withdraw(person)
            if told:
                emails.offer_withdrawn(withdrawn, told)
        return "Votre note n’est plus proposée. Rien n’en a été publié."
    with transaction.atomic():
        asked = Offer.ask(work)
        emails.offer_asked(asked)
    return "Votre demande est partie. Une lettre vous dira la réponse de votre centre."


@login_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """What students of one's centres have proposed: what waits first."""
    if not rights.has_role(request.user, RoleKind.TRAINER):
        raise Http404
    asked = Offer.objects.answerable_by(request.user).with_places().order_by("-student_agreed_at", "-pk")
    rows = sorted(asked[:200], key=lambda offer: not offer.is_waiting)
    return render(request, "training/offers.html", {"offers": rows})


@kept.signed_in
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The note as it was accepted, and a trainer's answer; taken back until the sheet is published."""
    offer = get_object_or_404(Offer.objects.answerable_by(request.user).with_places(), pk=pk)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect("training:offer", pk)
    form, back = None, kept.kept(request)
    if not offer.refused_at and not offer.is_public:
        form = OfferAnswerForm(request.POST if request.method == "POST" else back, is_agreed=offer.is_agreed)
    if form and request.method == "POST" and form.is_valid():
        try:
            done = answer(offer, form, cast(Person, request.user))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            kept.forget(request)
            messages.success(request, done)
            return redirect("training:offer", pk)
    context = {"offer": offer, "note": offer.note, "work": offer.note.work, "form": form, "came_back": form and back}
    return render(request, "training/offer.html", context)


def answer(offer: Offer, form: OfferAnswerForm, by: Person) -> str:
    student = offer.note.work.student
    with transaction.atomic():
        if form.cleaned_data["answer"] == AGREE:
            emails.offer_agreed(offer.agree(by))
            return f"Votre accord est noté. Une lettre dit à {student} comment continuer."
        emails.offer_refused(offer.refuse(by, form.cleaned_data["reason"]))
    return f"Votre réponse est notée. Une lettre la dit à {student}."
