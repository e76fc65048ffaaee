"""« Cette fiche vous a-t-elle servi ? »: what readers answer, and what the guide's editors read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import kept
from guide.forms import FeedbackForm
from guide.models import Feedback, Fiche, TooMany
from guide.views.editors import editor_or_404
from guide.views.reading import fiche_or_404
from initiatives.senders import one_at_a_time, sender_of

A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    """On a page of its own: those one reads carry no token and are the same for all."""
    fiche = fiche_or_404(number)
    assert fiche.current
    form, status = FeedbackForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                one_at_a_time()
                Feedback.give(fiche.current, said["served"], said["purpose"], sender=sender_of(request))
            return redirect(f"{request.path}?merci")
        except TooMany as refusal:
            form.add_error(None, str(refusal))
            status = 429
    context = {"fiche": fiche, "form": form, "thanked": "merci" in request.GET and request.method != "POST"}
    answer = render(request, "guide/feedback.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


@kept.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edition_feedback(request: HttpRequest) -> HttpResponse:
    """Unread first, all fiches or one."""
    editor_or_404(request)
    asked = request.GET.get("fiche", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    chosen = Fiche.objects.readable().filter(number=number).first() if number else None
    given = Feedback.objects.of_fiche(number) if chosen else Feedback.objects.all()
    if request.method == "POST":
        read = [int(pk) for pk in request.POST.getlist("lue") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        done = Feedback.objects.unread().filter(pk__in=read).update(read_at=timezone.now())
        said = f"{done} réponses marquées comme lues." if done > 1 else "Une réponse marquée comme lue."
        messages.success(request, said if done else "Aucune réponse n’était à marquer.")
        return redirect(request.get_full_path())
    page = Paginator(given.unread_first().select_related("version"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "fiche": chosen,
        "unknown": bool(asked) and chosen is None,
        "counts": counts(),
        "unread": sum(1 for row in page if row.read_at is None),
    }
    return render(request, "guide/edition_feedback.html", context)


def counts() -> list[Fiche]:
    """The fiches somebody answered about, with how many said what (`yes`, `partly`, `no`, `unread`)."""
    given, about = "versions__feedback", Feedback.Served
    served = {str(value): Count(given, filter=Q(**{f"{given}__served": value})) for value in about.values}
    rows = Fiche.objects.readable().annotate(
        **served, unread=Count(given, filter=Q(**{f"{given}__read_at": None, f"{given}__isnull": False}))
    )
    return list(rows.filter(Q(yes__gt=0) | Q(partly__gt=0) | Q(no__gt=0)).order_by("-unread", "number"))
