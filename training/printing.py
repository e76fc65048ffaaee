"""An assignment on paper or in a reader: what is asked, then all there is to read, each fiche in the version given."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from guide.french import NBSP
from guide.print import Block, Chapter, Document, blocks, chapters
from initiatives import printing
from training.deadlines import Dates, last_minute
from training.models import Assignment
from training.reading import readable_initiatives

FICHES, INITIATIVES = "Les fiches à lire", "Les initiatives à lire"
MOST_WITHOUT_COVER = 3


def document(assignment: Assignment, dates: Dates) -> Document:
    """`dates` are those of who asks: their own where they were given more time."""
    given = list(assignment.fiches.select_related("version__fiche"))
    found = [asked(assignment, dates)]
    terms = chapters.terms_of(each.version for each in given)
    found += [replace(chapters.fiche(each.version, terms, each.sections), part=FICHES) for each in given]
    for initiative in readable_initiatives(assignment):
        if initiative.public_version:
            found.append(replace(printing.chapter(initiative, initiative.public_version), part=INITIATIVES))
    url = settings.SITE_URL + assignment.get_absolute_url()
    return Document(
        title=assignment.title,
        subtitle=f"{assignment.cohort}, {assignment.cohort.centre}",
        chapters=found,
        dated=f"À rendre {until(dates.due_at)}",
        url=url,
        cover="band" if len(found) > MOST_WITHOUT_COVER else "",
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, url).urn,
    )


def asked(assignment: Assignment, dates: Dates) -> Chapter:
    """What one has to do, on its own page."""
    rows = [
        ("À rendre", until(dates.due_at)),
        ("Les envois ferment", until(dates.closes_at) if dates.closes_at else ""),
        ("Compétences", "\n".join(str(each) for each in assignment.competences.all())),
    ]
    found: list[Block] = [blocks.facts((term, words) for term, words in rows if words)]
    if assignment.instruction:
        found += [blocks.heading("Consigne"), *blocks.plain(assignment.instruction)]
    question = [blocks.heading("La question"), *blocks.plain(assignment.question)]
    if assignment.guided:
        question.append(blocks.numbered(assignment.guided))
    found.append(blocks.callout("question", question))
    if assignment.grid:
        found += [blocks.heading("Ce qui sera regardé"), blocks.bullets(assignment.grid)]
    return Chapter(
        title=assignment.title,
        blocks=found,
        kicker="Le devoir",
        dated=f"{assignment.cohort}, {assignment.cohort.centre}",
        url=settings.SITE_URL + assignment.get_absolute_url(),
    )


def until(instant: datetime) -> str:
    """« le jeudi 3 décembre 2026 à 23 h 59 »: on paper, the year is always said."""
    return on_paper(last_minute(instant))


def on_paper(moment: datetime) -> str:
    local = timezone.localtime(moment)
    day = "1er" if local.day == 1 else str(local.day)
    minutes = f"{NBSP}{local.minute:02}" if local.minute else ""
    return f"le {date_format(local, 'l')} {day} {date_format(local, 'F Y')} à {local.hour}{NBSP}h{minutes}"
