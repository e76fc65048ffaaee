"""Decisions on a case. The forms stand in one page and are sent together: the one whose button is pressed is read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

from accounts.models import Person
from initiatives.emails import case as letters
from initiatives.forms.review import Desk, Prepared, ResumeForm, digest
from initiatives.models import Case, Move, Version
from initiatives.views.review.case import case_page, settled
from initiatives.views.review.guard import Page, acting, holds, said
from initiatives.workflow import Verb

ANOTHER_GRID = (
    "La grille a été enregistrée dans une autre fenêtre depuis que vous avez ouvert cette page. Voici vos réponses : "
    "enregistrez de nouveau pour les garder."
)


def again(name: str) -> Page:
    """The page of the case as typed, for one form of the decision."""

    def page(request: HttpRequest, case: Case, *, data: QueryDict, error: str = "", status: int = 200) -> HttpResponse:
        # Words are kept even where the case is no longer in one's hands.
        return case_page(request, case, data=data, acting=name if not error else "", error=error, status=status)

    return page


def with_grid(case: Case, person: Person, desk: Desk) -> Case:
    """The case, its grid as it stands on the page: it is part of what is decided."""
    form = desk["grid"]
    if form.is_bound and form.is_valid() and form.said():
        case.fill_grid(person, form.answers())
    return case


def stopped_by_grid(request: HttpRequest, case: Case, person: Person, desk: Desk) -> HttpResponse | None:
    """The page again where the grid beside a decision says something wrong, or another window has saved one since."""
    form = desk["grid"]
    if not form.is_bound or not holds(case, person):
        return None
    if not form.is_valid():
        return case_page(request, case, data=request.POST, acting="grid")
    if form.is_over_another() and form.said():
        fresh = request.POST.copy()
        fresh["grid-seen"] = form.stored
        return case_page(request, case, data=fresh, error=ANOTHER_GRID, status=409)
    return None


@acting(case_page)
def claim(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    done = "Ce dossier est à vous pour trois jours ouvrés."
    return said(request, case, Verb.CLAIM, lambda: case.claim(person), done, again(""))


@acting(case_page)
def release(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    done = "Le dossier est revenu dans la file."
    return said(request, case, Verb.RELEASE, lambda: case.release(person), done, again(""))


@acting(case_page)
def fill_grid(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    """Ten answers and their notes, kept with the case while one holds it."""
    desk = Desk(case, request.POST, "grid")
    form = desk["grid"]
    if not form.is_bound or not form.is_valid():
        return case_page(request, case, data=request.POST, acting="grid")
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped
    done = "La grille est enregistrée."
    saved = said(request, case, "grid", lambda: case.fill_grid(person, form.answers()), done, again("grid"))
    if saved.status_code != 302 or not desk.words(besides="grid"):
        return saved
    # Enter, pressed in any text of the decision, saves the grid: what was being written there stays on the page.
    fresh = request.POST.copy()
    fresh["grid-seen"] = digest(case.grid)
    return case_page(request, case, data=fresh)


@acting(case_page)
def request_changes(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    desk = Desk(case, request.POST, "changes")
    form = desk["changes"]
    if "insert" in request.POST:
        return inserted(request, case, form)
    if not form.is_valid():
        return case_page(request, case, data=request.POST, acting="changes")
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped

    def say() -> Move:
        read = with_grid(case.as_read(form.read()), person, desk)
        return read.request_changes(person, form.cleaned_data["text"], form.remarks())

    return said(request, case, Verb.REQUEST_CHANGES, say, "Votre demande part à l’auteur.", again("changes"))


@acting(case_page)
def refuse(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    desk = Desk(case, request.POST, "refuse")
    form = desk["refuse"]
    if "insert" in request.POST:
        return inserted(request, case, form)
    if not form.is_valid():
        return case_page(request, case, data=request.POST, acting="refuse")
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped

    def say() -> Move:
        data = form.cleaned_data
        read = with_grid(case.as_read(form.read()), person, desk)
        return read.refuse(person, data["motive"], data["text"])

    return said(request, case, Verb.REFUSE, say, "La fiche est refusée, et son auteur sait pourquoi.", again("refuse"))


@acting(case_page)
def redirect_elsewhere(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    desk = Desk(case, request.POST, "redirect")
    form = desk["redirect"]
    if not form.is_valid():
        return case_page(request, case, data=request.POST, acting="redirect")
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped

    def say() -> Move:
        data = form.cleaned_data
        read = with_grid(case.as_read(form.read()), person, desk)
        return read.redirect(person, data["where"], data["text"])

    return said(request, case, Verb.REDIRECT, say, "L’auteur saura où proposer sa fiche.", again("redirect"))


@acting(case_page)
def ask_third_party(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    desk = Desk(case, request.POST, "third")
    form = desk["third"]
    if not form.is_valid():
        return case_page(request, case, data=request.POST, acting="third")
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped

    def say() -> Move:
        data = form.cleaned_data
        email, shared = data["email"], data["share_address"]
        read = with_grid(case.as_read(form.read()), person, desk)
        return read.ask_third_party(
            person, data["who"], data["text"],
            tell=lambda move: letters.third_party(move, email, reply_to=person.email if shared else ""),
        )  # fmt: skip

    done = "Le dossier attend cette réponse, quinze jours au plus. Ce temps ne compte pas."
    return said(request, case, Verb.ASK_THIRD_PARTY, say, done, again("third"))


@acting(case_page)
def resume(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = ResumeForm(request.POST, prefix="resume")
    text = form.cleaned_data["text"] if form.is_valid() else ""
    done = "La lecture reprend, et l’auteur le sait."
    return said(request, case, Verb.RESUME, lambda: case.resume(person, text), done, again(""))


@acting(case_page)
def accept(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    desk = Desk(case, request.POST, "accept")
    form, parts = desk["accept"], settled(case.version, request.POST, quietly=False)
    valid = all([form.is_valid(), *[bound.is_valid() for _, bound in parts]])
    if not valid:
        return case_page(request, case, data=request.POST, acting="accept", settlings=parts)
    if stopped := stopped_by_grid(request, case, person, desk):
        return stopped

    def settle(version: Version, by: Person) -> None:
        for _, bound in parts:
            bound.settle(by)

    def say() -> Move:
        read = with_grid(case.as_read(form.read()), person, desk)
        return read.accept(person, form.cleaned_data["text"], settle)

    return said(request, case, Verb.ACCEPT, say, "La fiche est publiée.", again("accept"))


def inserted(request: HttpRequest, case: Case, form: Prepared) -> HttpResponse:
    """The prepared paragraph joins the text; nothing is sent."""
    if not form.data.get(form.add_prefix(form.chooser)):
        messages.warning(request, "Choisissez d’abord le paragraphe à insérer.")
    else:
        messages.info(request, "Le paragraphe est dans votre texte, à votre main. Rien n’est envoyé.")
    return case_page(request, case, data=form.with_paragraph(request.POST))
