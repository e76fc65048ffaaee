"""Chapters of the guide: a version of a fiche, a method, the glossary; and the whole guide as one document."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats

from guide import french
from guide.french import NBSP
from guide.models import Fiche, FicheVersion, Method, Term
from guide.print import Block, Chapter, Document, blocks

CAREFUL = {
    "points-de-vigilance": "care",
    "questions-pour-les-etudiants": "question",
}
"""Sections set apart, as on the page of a fiche."""
METHODS, WORDS = "Les méthodes", "Les mots"
LICENCE = "Texte de la plateforme, sous licence CC BY 4.0. Il n’est pas celui du guide du HCTS"
SUBJECT = {
    "attested": ", qui traite aussi ce sujet",
    "complement": ", où nous n’avons pas trouvé ce sujet",
}
EXTRACT = "Extrait\u00a0:"
WORKING_TITLE = "Intitulé de travail\u00a0: le titre officiel n’est pas connu."


def day(on: Any) -> str:
    return formats.date_format(on, "j F Y")


# ── Fiches


def fiche(version: FicheVersion, terms: Mapping[str, Term] | None = None, only: Collection[str] = ()) -> Chapter:
    """A fiche as it stood at one of its versions. `terms`, where given, are the words defined at its end.

    `only`, where given, are the ids of the sections that are printed.
    """
    number, is_current = version.fiche_id, version.fiche.current_id == version.pk
    found: list[Block] = [blocks.paragraph(version.summary, "lede")]
    if version.is_working_title:
        found.append(blocks.paragraph(WORKING_TITLE, "meta"))
    sections = french.sections(version.body)
    chosen = [each for each in sections if each.id in only] or sections
    if len(chosen) < len(sections):
        found.append(
            blocks.paragraph(f"{EXTRACT} {', '.join(f'«{NBSP}{each.title}{NBSP}»' for each in chosen)}.", "meta")
        )
    for section in chosen:
        said = blocks.markdown(section.markdown, version.sources, settings.SITE_URL, top=2, least=2)
        part = [blocks.heading(section.title), *said]
        found += [blocks.callout(CAREFUL[section.id], part)] if section.id in CAREFUL else part
    found += sources(version.sources)
    if terms:
        found += words_of([terms[slug] for slug in version.terms if slug in terms], "Les mots de cette fiche")
    changed = f"Version {version.number}, {day(version.updated_on)}. {version.change_note}"
    found.append(blocks.colophon([changed, f"{LICENCE}{SUBJECT.get(version.subject, '')}."]))
    path = (
        version.fiche.get_absolute_url()
        if is_current
        else reverse("guide:fiche_version", args=[number, version.number])
    )
    return Chapter(
        title=version.title,
        blocks=found,
        kicker=f"Fiche {number} du guide",
        dated=f"Version {version.number}, {day(version.updated_on)}",
        url=settings.SITE_URL + path,
        part=version.fiche.get_part_display(),
    )


def sources(rows: Iterable[Mapping[str, Any]]) -> list[Block]:
    rows = list(rows)
    return [blocks.heading("Sources"), blocks.sources(rows)] if rows else []


def terms_of(versions: Iterable[FicheVersion]) -> dict[str, Term]:
    """The words that some fiches define, in one statement."""
    slugs = {slug for version in versions for slug in version.terms}
    return {term.slug: term for term in Term.objects.filter(slug__in=slugs)}


def words_of(terms: Iterable[Term], title: str) -> list[Block]:
    rows = [(_name(term), term.definition) for term in sorted(terms, key=lambda term: term.slug)]
    return [blocks.heading(title), blocks.facts(rows)] if rows else []


def words(versions: Iterable[FicheVersion]) -> Chapter | None:
    """« Les mots de ce recueil »: the terms its fiches use, each once; none where they use none."""
    terms = sorted(terms_of(versions).values(), key=lambda term: term.slug)
    if not terms:
        return None
    said = blocks.paragraph("Les mots du glossaire que ces fiches emploient, définis une fois.", "lede")
    rows = blocks.facts((_name(term), term.definition) for term in terms)
    return Chapter("Les mots de ce recueil", [said, rows], url=settings.SITE_URL + reverse("guide:glossary"))


def _name(term: Term) -> str:
    return term.name if term.status == Term.Status.USUAL else f"{term.name} ({term.get_status_display()})"


# ── Methods


def method(method: Method, names: Mapping[str, str]) -> Chapter:
    """`names`: of all methods by slug, for what tells them apart."""
    details = method.details
    found: list[Block] = [blocks.paragraph(method.in_brief, "lede")]
    known = [
        ("Échelle", details.get("scale") or "non renseignée"),
        ("Temps", details.get("time") or "non renseigné"),
        ("On dit aussi", ", ".join(method.also_known_as)),
        ("Avec qui", ", ".join(details.get("actors") or [])),
    ]
    found.append(blocks.facts((term, said) for term, said in known if said))
    found += [blocks.heading("Ce que c’est"), *blocks.plain(method.definition)]
    if details.get("purpose"):
        found += [blocks.heading("Ce qu’elle cherche"), *blocks.plain(details["purpose"])]
    if details.get("steps"):
        found += [blocks.heading("Les étapes"), blocks.numbered(details["steps"])]
    if details.get("tools"):
        found += [blocks.heading("Les outils"), blocks.bullets(details["tools"])]
    if details.get("when"):
        found += [blocks.heading("Quand y penser"), blocks.bullets(details["when"])]
    if details.get("when_not"):
        said = [blocks.heading("Quand s’en garder"), blocks.bullets(details["when_not"])]
        found.append(blocks.callout("care", said))
    if details.get("cautions"):
        said = [blocks.heading("Points de vigilance"), blocks.bullets(details["cautions"])]
        found.append(blocks.callout("care", said))
    differences = [(names[row["with"]], row["text"]) for row in details.get("differences", []) if row["with"] in names]
    if differences:
        found += [blocks.heading("Ce qui la distingue"), blocks.facts(differences)]
    found += _example(details.get("example") or {})
    found += _origin(details)
    found += sources(details.get("sources", []))
    kicker = method.get_kind_display().capitalize()
    return Chapter(
        title=method.name,
        blocks=found,
        kicker=f"{kicker} · {method.acronym}" if method.acronym else kicker,
        url=settings.SITE_URL + method.get_absolute_url(),
        part=METHODS,
    )


def _example(example: Mapping[str, Any]) -> list[Block]:
    if not example.get("text"):
        return []
    invented = example.get("nature") == "illustrative"
    nature = "Exemple inventé pour faire comprendre." if invented else "Exemple tiré des sources."
    return [
        blocks.heading("Un exemple"),
        *blocks.plain(example["text"]),
        blocks.paragraph(nature, "meta"),
    ]


def _origin(details: Mapping[str, Any]) -> list[Block]:
    rows = details.get("origin") or []
    if not rows:
        return []
    numbers = {source["id"]: n for n, source in enumerate(details.get("sources", []), 1)}
    items = []
    for row in rows:
        doubt = "" if row.get("certainty") == "etabli" else " (à vérifier)"
        notes = [{"t": "note", "n": numbers[source]} for source in row.get("sources", []) if source in numbers]
        items.append([blocks.paragraph([*blocks.lines(row["fact"] + doubt), *notes])])
    return [blocks.heading("D’où elle vient"), blocks.bullets(items)]


# ── Glossary


def glossary(terms: Iterable[Term]) -> Chapter:
    """All the words, by letter, each with its positions and its sources."""
    found: list[Block] = []
    count = 0
    for letter, group in groupby(sorted(terms, key=lambda term: term.slug), key=lambda term: term.slug[0]):
        rows = [(_name(term), _term(term)) for term in group]
        count += len(rows)
        found += [blocks.heading(letter.upper()), blocks.facts(rows)]
    lede = f"{count} mots, avec leur source. Quand un mot fait débat, les positions sont dites, chacune à son auteur."
    return Chapter(
        title="Le glossaire",
        blocks=[blocks.paragraph(lede, "lede"), *found],
        url=settings.SITE_URL + reverse("guide:glossary"),
        part=WORDS,
    )


def _term(term: Term) -> list[Block]:
    found = [blocks.paragraph(term.definition)]
    if term.aliases:
        found.append(blocks.paragraph(f"On écrit aussi\u00a0: {', '.join(term.aliases)}.", "meta"))
    if term.note:
        found.append(blocks.paragraph(term.note))
    if term.certainty == "douteux":
        found.append(blocks.paragraph("À vérifier avant de s’en servir.", "meta"))
    if also := [other.name for other in term.see_also.all()]:
        found.append(blocks.paragraph(f"Voir aussi\u00a0: {', '.join(also)}.", "meta"))
    if term.sources:
        line: list[Block] = [blocks.text(f"Source{'s' if len(term.sources) > 1 else ''}{NBSP}: ")]
        for n, source in enumerate(term.sources):
            line += [blocks.text(" ; ")] if n else []
            line.append(blocks.link(blocks.flat(source["title"]), source.get("url") or ""))
        found.append(blocks.paragraph(line, "meta"))
    return found


# ── The whole guide


def whole_guide() -> Document:
    """The fiches by part, the methods, the glossary: what the pages of the guide say today."""
    fiches = Fiche.objects.readable().order_by("number")
    versions = [_current(each) for each in fiches]
    methods = list(Method.objects.order_by("position"))
    names = {each.slug: each.name for each in methods}
    chapters = [fiche(version) for version in versions]
    chapters += [method(each, names) for each in methods]
    chapters.append(glossary(Term.objects.prefetch_related("see_also")))
    last = max((version.updated_on for version in versions), default=None)
    url = settings.SITE_URL + reverse("guide:contents")
    return Document(
        title="Le guide de l’intervention collective",
        subtitle=f"{len(versions)} fiches, {len(methods)} méthodes et démarches, et les mots pour en parler",
        chapters=chapters,
        foreword=_foreword(),
        dated=f"Version du {day(last)}" if last else "",
        url=url,
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, url).urn,
    )


def _current(fiche: Fiche) -> FicheVersion:
    version = fiche.current
    assert version is not None
    version.fiche = fiche
    return version


def _foreword() -> list[Block]:
    return [
        paragraph
        for words in (
            "Ce guide se lit à la carte. Chaque fiche se tient seule\u00a0: ouvrez celle dont vous avez besoin"
            " aujourd’hui, les autres attendront.",
            "Ses textes ont été écrits pour Essaim, à partir de sources publiques que chaque fiche cite. Ils ne"
            " sont pas ceux du Guide d’appui aux interventions collectives publié par le Haut Conseil du travail"
            " social\u00a0; nos titres sont des intitulés de travail et nos numéros sont les nôtres.",
            "Les pages en ligne sont tenues à jour. L’adresse et le code imprimés en fin de chapitre y mènent.",
        )
        for paragraph in blocks.plain(words)
    ]
