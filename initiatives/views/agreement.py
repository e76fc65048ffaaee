"""What one answers by a secret link, without an account: GET shows what is asked, POST answers, once.

Mail scanners open links: nothing is ever done by a GET. A link that was used, taken back, or is too old says what to
do, and nothing of the sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Person
from initiatives import dictation, freshness, reading, sections, together
from initiatives.emails import people as letters
from initiatives.forms.people import ChangesForm, WordForm
from initiatives.models import Agreement, Initiative
from initiatives.models.choices import State
from initiatives.together import Answer, Closed, Kind
from initiatives.views.conflict import whole
from initiatives.workflow import Refused

RECEIPT = "initiatives.agreement"  # what signs the address of a receipt
RECEIPT_SECONDS = 3600
TEXTS = (Kind.EMPLOYER, Kind.PEOPLE, Kind.AUTHOR)  # those asked about a text they read whole

# The three buttons of the yearly letter, as its links say them.
CHOSEN = {"oui": Answer.YES, "terminee": Answer.ENDED, "modifier": Answer.EDIT}

type View = Callable[[HttpRequest, str], HttpResponse]


def discreet(view: View) -> View:
    """Kept by no cache, found by no engine, told to no other site.

    « no-referrer » would send forms with the origin « null », which the protection of our forms refuses.
    """

    @wraps(view)
    def discreetly(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        has_a_form = response.status_code == 200 and "recu" not in request.GET
        response["Referrer-Policy"] = "same-origin" if has_a_form else "no-referrer"
        return response

    return discreetly


@discreet
def agreement(request: HttpRequest, token: str) -> HttpResponse:
    asked = Agreement.objects.with_token(token).select_related("initiative", "version", "asked_by").first()
    if asked is None:
        return _nothing(request, None, 404)
    if _has_receipt(request, asked):
        return render(request, "initiatives/agreement_answered.html", {"asked": asked, "Kind": Kind})
    if not together.stands(asked):
        just_said = request.method == "POST" and asked.answer and request.POST.get("answer") == asked.answer
        return _receipt(request, asked) if just_said else _nothing(request, asked, 410)
    if request.method != "POST":
        return _page(request, asked)
    given = request.POST.get("answer", "")
    act = ANSWERS[Kind(asked.kind)].get(given)
    if act is None:
        return _page(request, asked, error="Choisissez une réponse avec un des boutons.")
    form = (ChangesForm if (asked.kind, given) == (Kind.AUTHOR, Answer.EDIT) else WordForm)(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form)
    try:
        return act(request, asked, form.cleaned_data["word"])
    except Closed:
        asked.refresh_from_db()
        return _nothing(request, asked, 410)
    except Refused as refusal:
        fresh = Agreement.objects.select_related("initiative", "version", "asked_by").filter(pk=asked.pk).first()
        return _page(request, fresh, error=str(refusal)) if fresh else _nothing(request, None, 404)


def _page(request: HttpRequest, asked: Agreement, *, error: str = "", form: Form | None = None) -> HttpResponse:
    version = asked.version
    context: dict[str, Any] = {
        "asked": asked,
        "sheet": asked.initiative,
        "version": version,
        "error": error,
        "word": form or (ChangesForm() if asked.kind == Kind.AUTHOR else WordForm()),
        "bound": form is not None,
        "contact": settings.CONTACT_EMAIL,
    }
    if asked.kind in TEXTS and version:
        told = reading.told(version)
        # Files are given to those who may read the sheet: who has a link reads its text.
        told.said.update(picture=0, attachment=0)
        context |= {"told": told, "sections": sections.of(version)}
        return render(request, "initiatives/agreement.html", context)
    if asked.kind == Kind.FRESHNESS:
        return render(request, "initiatives/still_true.html", context | _news(request, asked))
    person = request.user if isinstance(request.user, Person) else None
    context |= {
        "is_invited": bool(person) and together.is_address_of(person, asked.email) if person else False,
        "leaves": asked.word == together.LEAVES,
    }
    return render(request, "initiatives/invitation.html", context)


def _news(request: HttpRequest, asked: Agreement) -> dict[str, Any]:
    """The button of the letter that was pressed stands first; nothing is done by coming."""
    version = asked.initiative.public_version
    chosen = CHOSEN.get(request.GET.get("reponse", ""), "")
    return {"chosen": chosen, "is_ended": version is not None and version.state == State.ENDED}


def _nothing(request: HttpRequest, asked: Agreement | None, status: int) -> HttpResponse:
    context = {"asked": asked, "status": status, "contact": settings.CONTACT_EMAIL}
    return render(request, "initiatives/agreement_gone.html", context, status=status)


def _receipt(request: HttpRequest, asked: Agreement) -> HttpResponse:
    return redirect(f"{request.path}?recu={dumps(asked.pk, salt=RECEIPT)}")


def _has_receipt(request: HttpRequest, asked: Agreement) -> bool:
    """Whether it was just answered from this browser: a receipt says thank you, and lasts an hour."""
    try:
        return bool(loads(request.GET.get("recu", ""), salt=RECEIPT, max_age=RECEIPT_SECONDS) == asked.pk)
    except BadSignature:
        return False


# The answers


def _answer(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    """An employer, or a participant."""
    with transaction.atomic():
        together.answer(asked, request.POST["answer"], word, whole(request.POST.get("edition")))
        letters.answered(asked)
    return _receipt(request, asked)


def _say_no(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    with transaction.atomic():
        together.decline(asked, request.POST["answer"], word)
        letters.answered(asked)
    return _receipt(request, asked)


def _agree(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    """The author of a sheet typed for them."""
    with transaction.atomic():
        case = dictation.agree(asked, whole(request.POST.get("edition")))
        letters.signed(asked.asked_by, case)
    return _receipt(request, asked)


def _still_true(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    freshness.still_true(asked)
    return _receipt(request, asked)


def _ended(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    freshness.ended(asked)
    return _receipt(request, asked)


def _to_edit(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    freshness.to_edit(asked)
    return redirect("initiatives:edit", asked.initiative.slug)


def _accept(request: HttpRequest, asked: Agreement, word: str) -> HttpResponse:
    """An invitation: with the account of the address it went to, and no other."""
    if not isinstance(request.user, Person):
        return redirect(f"{reverse('account_login')}?next={request.path}")
    with transaction.atomic():
        if asked.kind == Kind.HAND_OVER:
            leaves = asked.word == together.LEAVES
            together.take_over(asked, request.user)
            if leaves:
                letters.answered(asked)
            done = "Vous portez maintenant cette fiche."
        else:
            together.join(asked, request.user)
            done = "Vous écrivez maintenant cette fiche avec son équipe."
    messages.success(request, done)
    sheet: Initiative = asked.initiative
    return redirect("initiatives:people", sheet.pk)


type Act = Callable[[HttpRequest, Agreement, str], HttpResponse]

ANSWERS: dict[str, dict[str, Act]] = {
    Kind.EMPLOYER: {Answer.YES: _answer, Answer.NO: _answer},
    Kind.PEOPLE: {Answer.YES: _answer, Answer.NO: _answer},
    Kind.AUTHOR: {Answer.YES: _agree, Answer.EDIT: _say_no, Answer.NO: _say_no},
    Kind.CO_AUTHOR: {Answer.YES: _accept, Answer.NO: _say_no},
    Kind.HAND_OVER: {Answer.YES: _accept, Answer.NO: _say_no},
    Kind.FRESHNESS: {Answer.YES: _still_true, Answer.ENDED: _ended, Answer.EDIT: _to_edit},
}
