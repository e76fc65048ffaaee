"""Attestations: asked by a student, kept by them, revoked, and checked by anyone who holds their number."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Person
from guide.print import pdf
from initiatives.workflow import Refused
from training import certificate, emails, guesses
from training.forms import NumberForm
from training.models import Attestation, Work
from training.models.attestations import accepted_on
from training.views.cohorts import too_many_guesses

OF = "attestation"
UNKNOWN = "Aucune attestation n’a ce numéro. Relisez-le signe par signe sur le papier."


@login_required
def attest(request: HttpRequest, pk: int) -> HttpResponse:
    """What the attestation of one's accepted work will say, to whom; the button makes it."""
    mine = Work.objects.of(request.user).select_related("assignment__cohort__centre__organisation")
    work = get_object_or_404(mine.filter(status=Work.Status.ACCEPTED), pk=pk)
    known = Attestation.objects.valid().filter(work=work).first()
    if request.method == "POST":
        try:
            Attestation.make(work)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("training:attest", pk)
        messages.success(request, "Votre attestation est prête. Son numéro se vérifie sur le site.")
        return redirect("training:own_attestations")
    person = cast(Person, request.user)
    context = {
        "work": work,
        "assignment": work.assignment,
        "known": known,
        "name": person.name.strip(),
        "accepted_on": accepted_on(work),
    }
    return render(request, "training/attest.html", context)


@login_required
@require_safe
def own_attestations(request: HttpRequest) -> HttpResponse:
    found = Attestation.objects.of(request.user)
    return render(request, "training/own_attestations.html", {"attestations": found})


@login_required
@require_safe
def attestation_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """One's own, as long as it holds."""
    attestation = get_object_or_404(Attestation.objects.of(request.user).valid().numbered(number))
    answer = HttpResponse(pdf.written(certificate.document_of(attestation)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="attestation-{attestation.spoken}.pdf"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


@login_required
def revoke_attestation(request: HttpRequest, number: str) -> HttpResponse:
    """By the student, or by a trainer of the centre: from then on its number says « annulée »."""
    attestation = get_object_or_404(
        Attestation.objects.revocable_by(request.user).select_related("student").numbered(number)
    )
    is_mine = attestation.student_id == request.user.pk
    if request.method == "POST":
        work = attestation.work_id
        with transaction.atomic():
            if attestation.revoke() and not is_mine:
                emails.attestation_revoked(attestation)
        messages.success(request, "L’attestation est annulée. Son numéro le dit à qui le vérifie.")
        return redirect("training:own_attestations") if is_mine else redirect("training:work", work)
    return render(
        request, "training/revoke_attestation.html", {"attestation": attestation, "is_mine": is_mine}
    )  # fmt: skip


def attestations(request: HttpRequest) -> HttpResponse:
    """Where anyone types a number; wrong ones are counted, as join codes are."""
    form = NumberForm(request.POST or None)
    if request.method == "POST":
        if guesses.too_many(request, OF):
            return too_many_guesses(request)
        if form.is_valid():
            found = Attestation.objects.numbered(form.cleaned_data["number"]).first()
            if found:
                return redirect(found)
            form.add_error("number", UNKNOWN)
        guesses.count_wrong(request, OF)
    return render(request, "training/attestations.html", {"form": form})


@require_safe
def attestation(request: HttpRequest, number: str) -> HttpResponse:
    """What a number says: what is written on the paper, or that it is revoked, and never a word of the note."""
    if guesses.too_many(request, OF):
        return too_many_guesses(request)
    found = Attestation.objects.numbered(number).first()
    if found is None:
        guesses.count_wrong(request, OF)
        form = NumberForm({"number": number[:40]})
        if form.is_valid():
            form.add_error("number", UNKNOWN)
        answer = render(request, "training/attestations.html", {"form": form}, status=404)
    else:
        answer = render(request, "training/attestation.html", {"attestation": found})
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Cache-Control"] = "private, no-store"  # revoked, it is so at once for everyone
    return answer
