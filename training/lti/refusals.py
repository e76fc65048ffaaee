"""Why one doesn't come in, said plainly: who clicked in a course reads this, and who administers it can act."""

from __future__ import annotations

from dataclasses import dataclass

from pylti1p3.exception import LtiException


@dataclass(frozen=True)
class Reason:
    title: str
    what: str
    do: str
    status: int = 403


AGAIN = "Revenez à votre cours et ouvrez de nouveau l’activité."
TELL = "Montrez cette page à qui administre votre plateforme, ou à la direction de votre centre."

REASONS = {
    "unknown": Reason(
        "Cette plateforme n’est pas inscrite",
        "Le cours d’où vous venez est sur une plateforme que nous ne connaissons pas, ou que son centre a fermée.",
        TELL,
    ),
    "key": Reason(
        "La signature n’est pas celle de la plateforme",
        "Ce qui nous a été envoyé n’est pas signé par une clé de votre plateforme.",
        f"{AGAIN} Si cela recommence, {TELL[0].lower()}{TELL[1:]}",
    ),
    "keys": Reason(
        "Votre plateforme ne répond pas",
        "Pour vérifier d’où vous venez, nous lui demandons ses clés\u00a0: elle ne les a pas données.",
        f"Attendez un moment. {AGAIN}",
        502,
    ),
    "audience": Reason(
        "Ce message est adressé à quelqu’un d’autre",
        "Votre plateforme a préparé cette arrivée pour un autre outil que celui-ci.",
        TELL,
    ),
    "expired": Reason(
        "Ce passage a expiré",
        "Il s’est écoulé trop de temps depuis que vous avez ouvert l’activité.",
        AGAIN,
    ),
    "replayed": Reason(
        "Ce passage a déjà servi",
        "Chaque clic dans votre cours ouvre un passage qui ne sert qu’une fois.",
        AGAIN,
    ),
    "nonce": Reason(
        "Ce passage n’est pas le vôtre",
        "La réponse de la plateforme ne correspond à aucune demande faite d’ici.",
        AGAIN,
    ),
    "state": Reason(
        "Ce passage n’est pas le vôtre",
        "La réponse de la plateforme ne correspond à aucune demande faite d’ici.",
        AGAIN,
    ),
    "cookie": Reason(
        "Votre navigateur n’a pas gardé le passage",
        "L’activité s’est ouverte dans un cadre de la page de cours, où le navigateur refuse de garder un témoin.",
        "Ouvrez l’activité dans une nouvelle fenêtre. Dans les réglages de l’activité, choisissez «\u00a0Nouvelle "
        "fenêtre\u00a0» comme conteneur.",
    ),
    "deployment": Reason(
        "Ce déploiement n’est pas encore accepté",
        "La plateforme est connue, mais pas la partie d’où vous venez.",
        "La direction de votre centre peut l’accepter sur Essaim, à la page «\u00a0Plateformes\u00a0».",
    ),
    "claims": Reason(
        "Il manque quelque chose",
        "Votre plateforme n’a pas dit tout ce qu’il faut pour vous ouvrir cette page.",
        TELL,
        400,
    ),
    "platform": Reason(
        "Votre plateforme a refusé",
        "Elle n’a pas voulu confirmer qui vous êtes.",
        AGAIN,
    ),
    "role": Reason(
        "Votre rôle dans ce cours n’ouvre rien ici",
        "Essaim s’ouvre depuis un cours à qui y étudie ou y enseigne.",
        "Tout ce qui est public se lit sans passer par le cours.",
    ),
    "message": Reason(
        "Nous ne savons pas répondre à cette demande",
        "Votre plateforme demande autre chose que d’ouvrir une activité ou d’en choisir une.",
        TELL,
        400,
    ),
}


class Refusal(LtiException):
    """One of the reasons above; an exception of the library, so that its own walk stops there."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def reason(self) -> Reason:
        return REASONS[self.code]
