"""The moves of sheets and cases, as tables. No database here: the verbs of the models obey these tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices


class SheetStatus(TextChoices):
    DRAFT = "draft", "brouillon"
    IN_REVIEW = "in_review", "en relecture"
    PUBLISHED = "published", "publiée"
    STALE = "stale", "publiée, à actualiser"
    ARCHIVED = "archived", "archivée"
    WITHDRAWN = "withdrawn", "retirée"
    MERGED = "merged", "réunie à une autre"


# Found in the catalogue, then readable by its address.
IN_CATALOGUE = (SheetStatus.PUBLISHED, SheetStatus.STALE)
READABLE = (*IN_CATALOGUE, SheetStatus.ARCHIVED)


class CaseKind(TextChoices):
    CREATION = "creation", "première publication"
    REVISION = "revision", "modification"
    ADOPTION = "adoption", "reprise d’une fiche de source publique"
    REPORT = "report", "signalement"
    CORRECTION = "correction", "correction proposée"


class CaseStatus(TextChoices):
    RECEIVED = "received", "reçu"
    CLAIMED = "claimed", "en cours de relecture"
    CHANGES_REQUESTED = "changes_requested", "à compléter"
    WAITING_THIRD_PARTY = "waiting_third_party", "en attente d’un tiers"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    REDIRECTED = "redirected", "hors du catalogue"
    CANCELLED = "cancelled", "annulé"
    EXPIRED = "expired", "clos sans réponse"


# About a sheet the public reads, without a new version: they may stand beside the one case that has one.
ABOUT_A_PAGE = (CaseKind.REPORT, CaseKind.CORRECTION)

OPEN = (
    CaseStatus.RECEIVED,
    CaseStatus.CLAIMED,
    CaseStatus.CHANGES_REQUESTED,
    CaseStatus.WAITING_THIRD_PARTY,
)
DECIDED = (CaseStatus.ACCEPTED, CaseStatus.REFUSED, CaseStatus.REDIRECTED)


class Verb(TextChoices):
    """What is said in the journal, in the order a case lives."""

    START = "start", "a commencé la fiche"
    SUBMIT = "submit", "a envoyé la fiche"
    CLAIM = "claim", "a pris le dossier"
    RELEASE = "release", "a rendu le dossier"
    LAPSE = "lapse", "a rendu le dossier à la file"
    REQUEST_CHANGES = "request_changes", "a demandé des compléments"
    ASK_THIRD_PARTY = "ask_third_party", "attend la réponse d’un tiers"
    RESUME = "resume", "a repris le dossier"
    RESUBMIT = "resubmit", "a renvoyé la fiche"
    ACCEPT = "accept", "a publié la fiche"
    REFUSE = "refuse", "a refusé la fiche"
    REDIRECT = "redirect", "a orienté la fiche vers un autre lieu"
    APPEAL = "appeal", "a demandé une seconde lecture"
    CANCEL = "cancel", "a annulé la demande"
    EXPIRE = "expire", "le dossier s’est clos après 60 jours sans réponse"
    REASSIGN = "reassign", "a confié le dossier à un autre territoire"
    WITHDRAW = "withdraw", "a retiré la fiche"
    MASK = "mask", "a masqué la fiche"
    UNMASK = "unmask", "a rétabli la fiche"
    VERIFY = "verify", "a confirmé la fiche"
    LOAD = "load", "fiche chargée depuis une source publique"
    # Said beside the path of a case: nothing moves.
    WRITE = "write", "a écrit"
    NOTE = "note", "a noté, pour la coordination"
    ASK_OPINION = "ask_opinion", "a demandé un avis"
    OPINION = "opinion", "a donné son avis"
    REMIND = "remind", "a rappelé le dossier"
    ESCALATE = "escalate", "a fait monter le dossier"
    ATTEMPT = "attempt", "a tenté un mouvement impossible"
    # Reports and corrections.
    REPORT = "report", "a signalé la fiche"
    CORRECT = "correct", "a proposé une correction"
    UPHOLD = "uphold", "a donné suite"
    DISMISS = "dismiss", "a classé sans suite"
    # A decision undone by another, and what happens to a sheet.
    REOPEN = "reopen", "a rouvert le dossier"
    RESTORE = "restore", "a rétabli la fiche retirée"
    MERGE = "merge", "a réuni la fiche à une autre"
    UNMERGE = "unmerge", "a séparé la fiche de l’autre"
    JOIN = "join", "écrit aussi la fiche"
    LEAVE = "leave", "n’écrit plus la fiche"
    HAND_OVER = "hand_over", "a repris la fiche des mains d’un collègue"
    AGREE = "agree", "a donné son accord"
    DISAGREE = "disagree", "n’a pas donné son accord"
    ASK_FRESHNESS = "ask_freshness", "a demandé si la fiche est toujours juste"
    AGE = "age", "sans nouvelle de l’action, la fiche est à actualiser"
    ARCHIVE = "archive", "sans nouvelle de l’action, la fiche est archivée"
    REDACT = "redact", "a vidé un texte"
    FIND = "find", "a relevé une donnée personnelle dans la page publiée"


@dataclass(frozen=True)
class Transition:
    """From which states a verb is said, and the state it leads to."""

    sources: frozenset[str]
    target: str


def _from(*sources: str, to: str) -> Transition:
    return Transition(frozenset(sources), to)


CASE_MOVES: dict[str, Transition] = {
    Verb.CLAIM: _from(CaseStatus.RECEIVED, to=CaseStatus.CLAIMED),
    Verb.RELEASE: _from(CaseStatus.CLAIMED, to=CaseStatus.RECEIVED),
    # Three working days are over; or whoever held it no longer coordinates there, even while a third party is awaited.
    Verb.LAPSE: _from(CaseStatus.CLAIMED, CaseStatus.WAITING_THIRD_PARTY, to=CaseStatus.RECEIVED),
    Verb.REQUEST_CHANGES: _from(CaseStatus.CLAIMED, to=CaseStatus.CHANGES_REQUESTED),
    Verb.ASK_THIRD_PARTY: _from(CaseStatus.CLAIMED, to=CaseStatus.WAITING_THIRD_PARTY),
    Verb.RESUME: _from(CaseStatus.WAITING_THIRD_PARTY, to=CaseStatus.CLAIMED),
    Verb.RESUBMIT: _from(CaseStatus.CHANGES_REQUESTED, to=CaseStatus.RECEIVED),
    Verb.ACCEPT: _from(CaseStatus.CLAIMED, to=CaseStatus.ACCEPTED),
    Verb.REFUSE: _from(CaseStatus.CLAIMED, to=CaseStatus.REFUSED),
    Verb.REDIRECT: _from(CaseStatus.CLAIMED, to=CaseStatus.REDIRECTED),
    Verb.APPEAL: _from(CaseStatus.REFUSED, to=CaseStatus.RECEIVED),
    Verb.CANCEL: _from(*OPEN, to=CaseStatus.CANCELLED),
    Verb.EXPIRE: _from(CaseStatus.CHANGES_REQUESTED, to=CaseStatus.EXPIRED),
    Verb.REASSIGN: _from(
        CaseStatus.RECEIVED, CaseStatus.CLAIMED, CaseStatus.WAITING_THIRD_PARTY, to=CaseStatus.RECEIVED
    ),
    Verb.UPHOLD: _from(CaseStatus.CLAIMED, to=CaseStatus.ACCEPTED),
    Verb.DISMISS: _from(CaseStatus.CLAIMED, to=CaseStatus.REFUSED),
    Verb.REOPEN: _from(*DECIDED, to=CaseStatus.RECEIVED),
}

# Said of a version that was sent, and of what a reader said of a page: never one for the other.
OF_A_VERSION = (
    Verb.REQUEST_CHANGES, Verb.ASK_THIRD_PARTY, Verb.RESUME, Verb.RESUBMIT, Verb.ACCEPT, Verb.REFUSE, Verb.REDIRECT,
    Verb.APPEAL, Verb.EXPIRE,
)  # fmt: skip
OF_A_PAGE = (Verb.UPHOLD, Verb.DISMISS)

SHEET_MOVES: dict[str, Transition] = {
    Verb.SUBMIT: _from(SheetStatus.DRAFT, to=SheetStatus.IN_REVIEW),
    Verb.ACCEPT: _from(SheetStatus.IN_REVIEW, *READABLE, to=SheetStatus.PUBLISHED),
    # A refused or cancelled creation goes back to its author; a refused revision leaves the sheet as it is.
    Verb.REFUSE: _from(SheetStatus.IN_REVIEW, to=SheetStatus.DRAFT),
    Verb.REDIRECT: _from(SheetStatus.IN_REVIEW, to=SheetStatus.DRAFT),
    Verb.CANCEL: _from(SheetStatus.IN_REVIEW, to=SheetStatus.DRAFT),
    Verb.EXPIRE: _from(SheetStatus.IN_REVIEW, to=SheetStatus.DRAFT),
    # A decision asked again, or undone: a first publication is read anew, out of the public's sight.
    Verb.APPEAL: _from(SheetStatus.DRAFT, to=SheetStatus.IN_REVIEW),
    Verb.REOPEN: _from(SheetStatus.DRAFT, *READABLE, to=SheetStatus.IN_REVIEW),
    Verb.WITHDRAW: _from(SheetStatus.DRAFT, *READABLE, to=SheetStatus.WITHDRAWN),
    Verb.RESTORE: _from(SheetStatus.WITHDRAWN, to=SheetStatus.PUBLISHED),
    Verb.MERGE: _from(*READABLE, to=SheetStatus.MERGED),
    Verb.UNMERGE: _from(SheetStatus.MERGED, to=SheetStatus.PUBLISHED),
    Verb.VERIFY: _from(*READABLE, to=SheetStatus.PUBLISHED),
    Verb.AGE: _from(SheetStatus.PUBLISHED, to=SheetStatus.STALE),
    Verb.ARCHIVE: _from(*IN_CATALOGUE, to=SheetStatus.ARCHIVED),
}

DECISIONS = (Verb.ACCEPT, Verb.REFUSE, Verb.REDIRECT, Verb.UPHOLD, Verb.DISMISS)
# The grid as it stood is kept with what was answered to the authors.
WITH_A_GRID = (*DECISIONS, Verb.REQUEST_CHANGES)
# What changes where a case stands: the other verbs are said beside its path.
MOVING = (Verb.SUBMIT, *CASE_MOVES)

CLAIM_WORKING_DAYS = 3
FIRST_SIGN_DAYS = 7
DECISION_DAYS = 15
CLAIM_HOURS = 72  # where somebody may be recognised
CHANGES_EXPIRE_DAYS = 60
THIRD_PARTY_DAYS = 15
REMINDER_DAYS = (5, 12)
ESCALATE_AFTER_DAYS = 3  # after the promised day, when the deputy was told and nothing moved
AUTHOR_REMINDER_DAYS = 45  # of the sixty an author has to answer
REMIND_AGAIN_DAYS = 7  # between two reminders a coordinator sends by hand
FRESH_MONTHS, FRESH_REMINDER_MONTHS, STALE_MONTHS, ARCHIVE_MONTHS = 12, 17, 18, 24


# The motive of a centre's agreement with a sheet written in training: who gave it doesn't decide about the sheet.
IN_TRAINING = "training"


class Refused(Exception):
    """A move that can't be made; the message is a French sentence for the person who tried."""


class NotTheOneRead(Refused):
    """The version this person decided about is no longer the one that was sent."""

    def __init__(self) -> None:
        super().__init__(
            "L’auteur a envoyé une nouvelle version depuis que vous avez ouvert ce dossier. La voici : relisez-la."
        )


class SavedElsewhere(Refused):
    """The text was saved from another window, or by another author, since it was opened."""

    def __init__(self) -> None:
        super().__init__("Ce texte a été enregistré ailleurs depuis que vous l’avez ouvert.")


class Overtaken(Refused):
    """Somebody else moved first: who, what and when are in the sentence."""

    def __init__(self, who: str, what: str, when: datetime | None) -> None:
        moment = f" le {when:%d/%m/%Y à %H:%M}" if when else ""
        super().__init__(
            f"Ce dossier a changé entre-temps : {who} {what}{moment}. Rien de ce que vous avez écrit n’est perdu."
        )
