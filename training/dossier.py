"""One's own dossier: all one wrote in a cohort, every version, what was answered. Made when asked, never kept."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Person
from guide.print import Block, Chapter, Document, blocks
from training.models import Comment, Enrolment, Reading, SentNote, Work
from training.printing import on_paper, until


def works(enrolment: Enrolment) -> QuerySet[Work]:
    """What one wrote or declared there, in the order it was to be handed in."""
    return (
        Work.objects.of(enrolment.student)
        .filter(assignment__cohort=enrolment.cohort_id)
        .select_related("assignment")
        .prefetch_related("notes__comments__by")
        .order_by("assignment__due_at", "pk")
    )


def notes_of(work: Work) -> list[SentNote]:
    """The last first."""
    return sorted(work.notes.all(), key=lambda note: -note.number)


def has_unsent(work: Work) -> bool:
    """A draft that differs from what was last sent."""
    notes = notes_of(work)
    return bool(work.draft.strip()) and (not notes or (notes[0].text, notes[0].answers) != (work.draft, work.answers))


def document(enrolment: Enrolment) -> Document:
    cohort, student = enrolment.cohort, enrolment.student
    left = f" Vous l’avez quittée {on_paper(enrolment.left_at)}." if enrolment.left_at else ""
    period = f"De {date_format(cohort.starts_on, 'F Y')} à {date_format(cohort.ends_on, 'F Y')}.{left}"
    told = works(enrolment).prefetch_related("readings__fiche__version", "assignment__extensions")
    chapters = [chapter(work, student) for work in told]
    if not chapters:
        chapters = [Chapter("Rien pour l’instant", [blocks.paragraph("Vous n’avez rien écrit dans cette promotion.")])]
    return Document(
        title=f"Mon dossier, {cohort}",
        subtitle=f"{student}, {cohort.centre}",
        chapters=chapters,
        foreword=[
            blocks.paragraph(period),
            blocks.paragraph(
                "Ce dossier contient vos notes dans toutes leurs versions, vos brouillons et ce qui vous a été "
                f"répondu. Le site garde tout cela jusqu’au {date_format(cohort.kept_until, 'j F Y')}. Ensuite, il ne "
                "restera que ce fichier."
            ),
        ],
        dated=f"Fait {on_paper(timezone.now())}",
        cover="plain",
    )


def chapter(work: Work, student: Person) -> Chapter:
    assignment = work.assignment
    extension = next((each for each in assignment.extensions.all() if each.student_id == student.pk), None)
    rows: list[tuple[str, str]] = [
        ("Donné", on_paper(assignment.opens_at)),
        ("À rendre", until(assignment.due_at)),
        ("Délai accordé", f"jusqu’{'au ' + until(extension.due_at).removeprefix('le ')}" if extension else ""),
        ("Où j’en suis", work.get_status_display()),
        ("Fiches dites lues", "\n".join(_reading(each) for each in work.readings.all())),
    ]
    found: list[Block] = [blocks.facts((term, words) for term, words in rows if words)]
    if assignment.instruction:
        found += [blocks.heading("Consigne"), *blocks.plain(assignment.instruction)]
    found += [blocks.heading("La question"), *blocks.plain(assignment.question)]
    if has_unsent(work):
        saved = f" (enregistré {on_paper(work.saved_at)})" if work.saved_at else ""
        found += [blocks.heading(f"Mon brouillon, jamais envoyé{saved}"), *said(work.draft, work.answers)]
    for note in notes_of(work):
        late = ", en retard" if note.is_late else ""
        found += [
            blocks.heading(f"Version {note.number}, envoyée {on_paper(note.sent_at)}{late}"),
            *said(note.text, note.answers),
        ]
        for comment in note.comments.all():
            found += answered(comment)
    # Without an address: a page that will be gone isn't to be scanned from a paper one keeps.
    return Chapter(title=assignment.title, blocks=found, kicker="Devoir")


def said(text: str, answers: list[dict[str, str]]) -> list[Block]:
    """A note as it was written: nothing in it is interpreted."""
    if not answers:
        return blocks.plain(text)
    found: list[Block] = []
    for each in answers:
        words = each["text"]
        found.append(blocks.heading(each["question"], 2))
        found += blocks.plain(words) if words.strip() else [blocks.paragraph("Pas de réponse.", "meta")]
    return found


def answered(comment: Comment) -> list[Block]:
    verdict = f"\u00a0: {comment.get_verdict_display()}" if comment.verdict else ""
    who = comment.by or "Une personne du centre"
    found: list[Block] = [blocks.heading(f"Réponse de {who}, {on_paper(comment.at)}{verdict}", 2)]
    found += [blocks.quote(blocks.plain(comment.text))] if comment.text else []
    if comment.grid:
        found.append(blocks.facts(comment.grid.items()))
    return found


def _reading(reading: Reading) -> str:
    return f"{reading.fiche.version.title}, {on_paper(reading.declared_at)}"
