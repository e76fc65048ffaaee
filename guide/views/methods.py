"""Methods: all of them, one, several side by side, and which to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from guide import chooser
from guide.models import Method
from initiatives import search
from initiatives.cards import cards

SYNTHESIS_NOTICE = (
    "Les étapes, les outils, les acteurs, les points de vigilance et les différences viennent d’une synthèse"
    " documentaire, pas du texte du guide du HCTS. Une formatrice ou un formateur doit encore les relire."
)


def methods(request: HttpRequest) -> HttpResponse:
    methods = Method.objects.prefetch_related("fiches")
    context = {
        "methods": [method for method in methods if method.kind == Method.Kind.METHOD],
        "approaches": [method for method in methods if method.kind == Method.Kind.APPROACH],
        "notice": SYNTHESIS_NOTICE,
    }
    return render(request, "guide/methods.html", context)


def method(request: HttpRequest, slug: str) -> HttpResponse:
    method = get_object_or_404(Method.objects.prefetch_related("fiches__current"), slug=slug)
    others = list(Method.objects.exclude(pk=method.pk))
    context = {
        "method": method,
        "details": method.details,
        "differences": differences(method, others),
        "numbers": {source["id"]: n for n, source in enumerate(method.details.get("sources", []), 1)},
        "fiches": [fiche for fiche in method.fiches.all() if fiche.current],
        "cards": cards(search.having([f"methode:{method.slug}"], 3)),
        "others": others,
        "notice": SYNTHESIS_NOTICE,
    }
    return render(request, "guide/method.html", context)


def differences(method: Method, others: Iterable[Method]) -> list[dict[str, Any]]:
    """What sets it apart from each of these methods, where something is said of it."""
    said = {row["with"]: row["text"] for row in method.details.get("differences", [])}
    return [{"method": other, "text": said[other.slug]} for other in others if other.slug in said]


# Side by side

MOST_COLUMNS = 4
OFTEN_CONFUSED = (
    ("travail-social-de-groupe", "travail-social-communautaire"),
    ("mediation-sociale", "travail-social-en-reseau"),
    ("animation-socio-culturelle", "education-populaire"),
)

type Cell = list[str]


def _list(key: str) -> Callable[[Method], Cell]:
    return lambda method: list(method.details.get(key) or [])


def _text(key: str) -> Callable[[Method], Cell]:
    return lambda method: [text] if (text := method.details.get(key)) else []


COMPARED: tuple[tuple[str, Callable[[Method], Cell]], ...] = (
    ("Ce que c’est", lambda method: [method.definition]),
    ("Ce qu’elle cherche", _text("purpose")),
    ("À quelle échelle", _text("scale")),
    ("Avec qui", _list("actors")),
    ("Les étapes", _list("steps")),
    ("Les outils", _list("tools")),
    ("Le temps demandé", _text("time")),
    ("Quand y penser", _list("when")),
    ("Quand s’en garder", _list("when_not")),
    ("Points de vigilance", _list("cautions")),
)


def compare(request: HttpRequest) -> HttpResponse:
    """Up to four methods in columns; the address is the whole question."""
    everything = {method.slug: method for method in Method.objects.all()}
    asked = list(dict.fromkeys(request.GET.getlist("methode")))
    known = [slug for slug in asked if slug in everything]
    chosen = [everything[slug] for slug in known[:MOST_COLUMNS]]
    rows = [(label, [read(method) for method in chosen]) for label, read in COMPARED]
    apart = [differences(method, [other for other in chosen if other != method]) for method in chosen]
    context = {
        "everything": everything.values(),
        "chosen": chosen,
        "chosen_slugs": {method.slug for method in chosen},
        "rows": rows if len(chosen) > 1 else [],
        "apart": apart if any(apart) else [],
        "is_unknown": len(known) < len(asked),
        "is_too_many": len(known) > MOST_COLUMNS,
        "most": MOST_COLUMNS,
        "pairs": [
            [everything[slug] for slug in pair] for pair in OFTEN_CONFUSED if all(slug in everything for slug in pair)
        ],
        "notice": SYNTHESIS_NOTICE,
    }
    return render(request, "guide/compare.html", context)


# Which to begin with


def choose(request: HttpRequest) -> HttpResponse:
    answers, is_unknown = chooser.understood(request.GET.dict())
    suited, excluded = chooser.advise(answers)
    methods = Method.objects.prefetch_related("fiches__current").in_bulk(
        [one.method for one in (*suited, *excluded)], field_name="slug"
    )
    context = {
        "questions": [(question, answers.get(question.key, "")) for question in chooser.table().questions],
        "answered": [
            (question, next(each for each in question.answers if each.key == answers[question.key]))
            for question in chooser.table().questions
            if question.key in answers
        ],
        "is_asked": bool(answers),
        "is_enough": len(answers) >= chooser.ENOUGH,
        "is_unknown": is_unknown,
        "suited": [(one, methods[one.method]) for one in suited if one.method in methods],
        "excluded": [(one, methods[one.method]) for one in excluded if one.method in methods],
        "has_nothing_decided": answers.get("cadre") == "decide",
        "notice": SYNTHESIS_NOTICE,
    }
    return render(request, "guide/choose.html", context)
