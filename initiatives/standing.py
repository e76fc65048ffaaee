"""Where a sheet stands for those who write it: its state in words, and what they may do next. Pure reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from initiatives.models import Case, Initiative, Version
from initiatives.workflow import OPEN, READABLE, CaseStatus, Verb

type Next = Literal["continue", "reopen", "follow", "edit"]


@dataclass(frozen=True)
class Standing:
    """`words` beside a `badge` class, a `sentence`, and the next gesture: its name, and its words on a button."""

    words: str
    badge: str
    sentence: str
    next: Next
    next_words: str


IN_REVIEW: dict[str, Standing] = {
    CaseStatus.RECEIVED: Standing(
        "envoyée", "badge-wait", "La coordination va la lire.", "follow", "Suivre",
    ),
    CaseStatus.CLAIMED: Standing(
        "en cours de relecture", "badge-wait", "Quelqu’un de la coordination la lit.", "follow", "Suivre",
    ),
    CaseStatus.WAITING_THIRD_PARTY: Standing(
        "en attente d’un tiers", "badge-wait", "La coordination attend la réponse d’une autre personne.", "follow",
        "Suivre",
    ),
}  # fmt: skip
CLOSED: dict[str, str] = {
    CaseStatus.REFUSED: "Elle n’a pas été publiée cette fois. La réponse dit ce qui la rendrait acceptable.",
    CaseStatus.REDIRECTED: "Elle n’entre pas dans ce catalogue. La réponse dit où la proposer.",
    CaseStatus.CANCELLED: "Vous avez annulé l’envoi. Rien n’est perdu.",
    CaseStatus.EXPIRED: "Le dossier s’est clos après soixante jours sans réponse. Rien n’est perdu.",
}


def standing(initiative: Initiative, working: Version | None, case: Case | None) -> Standing:
    """`working` is the version being written, `case` the last dossier, if any."""
    is_open = case is not None and case.status in OPEN
    is_public = initiative.status in READABLE
    status = case.status if case else ""
    if is_open and status == CaseStatus.CHANGES_REQUESTED:
        return Standing(
            "publiée, modification à compléter" if is_public else "à compléter", "badge-late",
            "La coordination vous demande quelque chose avant de publier.",
            "continue" if working else "reopen", "Compléter",
        )  # fmt: skip
    if is_open:
        now = IN_REVIEW[status]
        return replace(now, words=f"publiée, modification {now.words}") if is_public else now
    if is_public and initiative.masked_at:
        return Standing("masquée", "badge-off", "La page est cachée en attendant une décision.", "follow", "Suivre")
    if is_public and working:
        return Standing(
            initiative.get_status_display() + ", modification en cours", "badge-ok",
            "Votre modification n’est pas envoyée : la page publique n’a pas changé.",
            "continue", "Continuer la modification",
        )  # fmt: skip
    if is_public:
        return Standing(initiative.get_status_display(), "badge-ok", "", "edit", "Modifier")
    return Standing(
        "refusée, à reprendre" if status == CaseStatus.REFUSED else "brouillon", "badge-off",
        CLOSED.get(status, "Personne d’autre que ses auteurs ne la lit."),
        "continue" if working else "reopen", "Continuer" if working else "Reprendre",
    )  # fmt: skip


# What the journal tells those who wrote: the rest is the coordination's own housekeeping. True: its text is for them.
TOLD: dict[str, tuple[str, bool]] = {
    Verb.SUBMIT: ("La fiche est envoyée.", False),
    Verb.RESUBMIT: ("La fiche complétée est envoyée de nouveau.", False),
    Verb.CLAIM: ("La coordination a commencé à la lire.", False),
    Verb.REQUEST_CHANGES: ("La coordination demande des compléments.", True),
    Verb.ASK_THIRD_PARTY: ("La coordination attend la réponse d’une autre personne.", False),
    Verb.RESUME: ("La lecture a repris.", False),
    Verb.REASSIGN: ("La fiche est confiée à la coordination d’un autre territoire.", False),
    Verb.ACCEPT: ("La fiche est publiée.", True),
    Verb.REFUSE: ("La fiche n’est pas publiée cette fois.", True),
    Verb.REDIRECT: ("La fiche n’entre pas dans ce catalogue.", True),
    Verb.APPEAL: ("Une seconde lecture est demandée.", True),
    Verb.REOPEN: ("La décision est reprise : la fiche est relue de nouveau.", True),
    Verb.ESCALATE: ("La réponse est en retard : nous l’avons signalé.", False),
    Verb.CANCEL: ("L’envoi est annulé.", False),
    Verb.EXPIRE: ("Le dossier s’est clos après soixante jours sans réponse.", False),
    Verb.WITHDRAW: ("La fiche est retirée.", False),
    Verb.MASK: ("La page est cachée en attendant une décision.", False),
    Verb.UNMASK: ("La page est de nouveau visible.", False),
    Verb.RESTORE: ("La fiche est remise en ligne.", False),
    Verb.AGREE: ("Un accord demandé est donné.", False),
    Verb.DISAGREE: ("Un accord demandé n’est pas donné.", False),
    Verb.JOIN: ("Quelqu’un a rejoint l’écriture de la fiche.", False),
    Verb.LEAVE: ("Quelqu’un a quitté l’écriture de la fiche.", False),
    Verb.HAND_OVER: ("La fiche est passée en d’autres mains.", False),
    Verb.ASK_FRESHNESS: ("Nous vous avons demandé si la fiche est toujours juste.", False),
    Verb.VERIFY: ("La fiche est confirmée.", False),
    Verb.AGE: ("Sans nouvelle depuis dix-huit mois, la fiche est marquée « à actualiser ».", False),
    Verb.ARCHIVE: ("Sans nouvelle depuis deux ans, la fiche a quitté le catalogue.", False),
}
