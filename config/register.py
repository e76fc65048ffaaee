"""The register of what is done with personal data: one table, from which the page is made and by which tests hold us.

`models` names every table of ours a treatment keeps people's data in. A test refuses a model that points at a person
and stands in no treatment, so that the page can't forget a new one.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC_INTEREST = "Mission d’intérêt public (RGPD, article 6.1.e)"
LEGITIMATE = "Intérêt légitime (RGPD, article 6.1.f)"
CONSENT = "Consentement (RGPD, article 6.1.a)"


@dataclass(frozen=True)
class Treatment:
    slug: str
    name: str
    data: str
    why: str
    basis: str
    seen_by: str
    kept: str
    then: str
    models: tuple[str, ...] = ()
    is_open: bool = True
    """Whether the site does it today; what is only planned is shown as such."""


REGISTER: tuple[Treatment, ...] = (
    Treatment(
        slug="comptes",
        name="Les comptes et les rôles",
        data="Nom affiché, adresse électronique, mot de passe chiffré de façon irréversible, second facteur, "
        "organisation, rôles et leurs dates",
        why="Vous reconnaître, retrouver vos textes, vous répondre, savoir qui peut relire ou enseigner",
        basis=PUBLIC_INTEREST,
        seen_by="Vous ; l’administration des comptes ; votre nom, par les personnes avec qui vous travaillez ici",
        kept="Tant que le compte sert. Un avis après 23 mois sans connexion, la suppression à 24",
        then="Il n’en reste qu’une ligne de statistique, sans nom",
        models=(
            "accounts.Person",
            "accounts.Role",
            "accounts.RoleEvent",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
            "guide.SynonymGroup",
            "guide.FicheVersion",
        ),
    ),
    Treatment(
        slug="sessions",
        name="Les connexions ouvertes",
        data="Adresse IP, navigateur, dates de première et de dernière visite",
        why="Vous garder connecté, et vous montrer d’où votre compte est ouvert",
        basis=LEGITIMATE,
        seen_by="Vous seul, dans votre compte",
        kept="Le temps de la connexion : 12 heures au plus",
        then="Effacées avec la connexion",
        models=("usersessions.UserSession",),
    ),
    Treatment(
        slug="initiatives",
        name="Les initiatives racontées",
        data="Le récit, l’organisation, qui l’a écrit, et l’adresse de contact si vous choisissez de la montrer",
        why="Faire connaître les actions collectives et aider à les reprendre",
        basis=PUBLIC_INTEREST,
        seen_by="Brouillon : ses auteurs. Envoyée : ses auteurs et la coordination. Publiée : tout le monde",
        kept="Publiée : 5 ans, puis réexamen. Brouillon refusé ou abandonné : 12 mois, avec un avis un mois "
        "avant. Ce que vous tapez sans l’enregistrer : 12 mois ; dans votre navigateur, le temps "
        "qu’il arrive ici, et 7 jours au plus",
        then="Dépubliée ou supprimée",
        models=("initiatives.Authorship", "initiatives.Version", "initiatives.TypedText", "initiatives.Likeness"),
    ),
    Treatment(
        slug="photos",
        name="Les photographies et les documents joints",
        data="L’image de personnes, avec ce qui est dit de leur accord ; le texte des documents. Lieu, date, appareil "
        "et auteur écrits dans les fichiers sont retirés à l’arrivée, et l’original n’est pas gardé",
        why="Montrer l’action",
        basis=CONSENT,
        seen_by="Comme l’initiative",
        kept="Comme l’initiative. Envoyées et jamais montrées : 7 jours. Un accord retiré : moins de 24 heures",
        then="Supprimées, dans toutes leurs tailles",
        models=("initiatives.Upload", "initiatives.Picture", "initiatives.Attachment"),
    ),
    Treatment(
        slug="relecture",
        name="La relecture",
        data="Décisions, motifs, demandes de compléments, avec le nom de qui les a écrits et leur date",
        why="Répondre à qui raconte, et pouvoir rendre compte d’une décision",
        basis=PUBLIC_INTEREST,
        seen_by="Les auteurs de la fiche et la coordination",
        kept="3 ans",
        then="Le nom de qui a relu est retiré ; la décision et sa date restent",
        models=("initiatives.Case", "initiatives.Move", "initiatives.Opinion"),
    ),
    Treatment(
        slug="accords",
        name="Les accords demandés par lien",
        data="Nom et adresse de la personne à qui un accord est demandé, sa réponse et sa date",
        why="Savoir qu’un employeur, des participants ou un collègue sont d’accord, sans leur demander de compte",
        basis=PUBLIC_INTEREST,
        seen_by="Les auteurs de la fiche et la coordination",
        kept="Comme l’initiative. Une demande restée sans réponse, ou une fiche retirée : 12 mois de plus",
        then="Supprimés",
        models=("initiatives.Agreement",),
    ),
    Treatment(
        slug="lecteurs",
        name="Les signalements, les messages relayés et les réponses sur le guide",
        data="Le message, le nom et l’adresse que vous donnez pour la réponse, et, pendant 7 jours, une empreinte de "
        "l’adresse IP contre les envois en nombre ; sur une fiche du guide, si elle a servi et à quoi, sans nom",
        why="Cacher une page qui fait reconnaître quelqu’un, corriger une erreur, mettre en relation, récrire le guide",
        basis=PUBLIC_INTEREST,
        seen_by="La coordination et la protection des données ; pour un message relayé, l’équipe de la fiche ; pour "
        "une réponse sur le guide, qui l’écrit",
        kept="12 mois ; ce qui attend encore une décision, jusqu’à elle",
        then="Effacés ; la décision et sa date restent",
        models=("initiatives.Report", "initiatives.Inquiry", "guide.Feedback"),
    ),
    Treatment(
        slug="recueils",
        name="Les recueils et les alertes",
        data="Ce que vous mettez de côté, avec son titre ; pour une alerte, la recherche, le rythme et l’adresse à "
        "laquelle écrire, et, pendant 7 jours, une empreinte de l’adresse IP contre les demandes en nombre. Un "
        "recueil fixé ou un argumentaire : son titre, ce que vous y écrivez et, sans compte, la même empreinte",
        why="Retrouver ce que vous lisez, le donner à lire par un lien, vous prévenir des nouveautés",
        basis=CONSENT,
        seen_by="Vous ; pour un recueil partagé, qui en a le lien, sans votre nom ni votre adresse",
        kept="Recueil sans compte : 90 jours sans y toucher ; avec un compte, autant que lui. Recueil fixé : 24 mois "
        "sans compte, ou quand le compte a été supprimé ; avec un compte, jusqu’à ce que vous le supprimiez. "
        "Alerte : jusqu’à ce que vous l’arrêtiez, puis 30 jours ; jamais confirmée : 7 jours",
        then="Supprimés, avec les fichiers qui en ont été faits",
        models=("initiatives.Booklet", "initiatives.Edition", "initiatives.Alert"),
    ),
    Treatment(
        slug="reprises",
        name="Les reprises d’initiatives",
        data="Les fiches dont vous dites vous inspirer, où vous en êtes et depuis quand, votre département si vous le "
        "dites, votre note, et la fiche que vous en avez tirée",
        why="Savoir ce que deviennent les actions racontées, et vous demander une fois où vous en êtes",
        basis=CONSENT,
        seen_by="Vous seul. La fiche montre des nombres, et un département à partir de trois personnes",
        kept="Jusqu’à ce que vous l’oubliiez d’un bouton, ou aussi longtemps que votre compte",
        then="Supprimées",
        models=("initiatives.Reuse",),
    ),
    Treatment(
        slug="appels",
        name="Les appels à initiatives et les notes de la rédaction",
        data="Qui a lancé un appel, écrit une note ou recopié une liste officielle, et quand ; quelle fiche répond à "
        "quel appel",
        why="Prévenir qui a lancé l’appel quand une réponse est publiée ; savoir qui a écrit au nom du réseau",
        basis=PUBLIC_INTEREST,
        seen_by="La coordination et la rédaction du guide. La page d’un appel ne dit pas qui l’a lancé. Une réponse "
        "qui n’est pas publiée : son équipe, et son nombre pour qui a lancé l’appel",
        kept="Autant que l’appel ou la note",
        then="Le nom est retiré quand le compte est supprimé ; le texte reste",
        models=("levers.Call", "levers.CallAnswer", "levers.Note", "levers.Proposal"),
    ),
    Treatment(
        slug="formation",
        name="La formation",
        data="Nom des étudiants, promotion et sous-groupes, lectures déclarées, brouillons, notes et leurs dates, "
        "commentaires, délais accordés et leur raison, rappels écrits, note proposée au catalogue, adresse de l’agenda",
        why="Donner à lire, rendre un travail, en parler",
        basis=PUBLIC_INTEREST,
        seen_by="Brouillon d’une note, lectures et agenda : l’étudiant seul. Note envoyée : ses formateurs. Jamais la "
        "direction ni la coordination, qui lisent des nombres d’au moins 5 personnes, arrondis",
        kept="Jusqu’à la fin de la promotion, plus 12 mois ; une lettre le dit un mois avant. L’agenda : tant qu’on "
        "étudie ou qu’on forme quelque part, et jusqu’à ce que vous le supprimiez",
        then="Supprimés. La promotion et ses devoirs restent, sans personne",
        models=(
            "training.Centre",
            "training.Cohort",
            "training.Enrolment",
            "training.Assignment",
            "training.Work",
            "training.Comment",
            "training.Extension",
            "training.Reminder",
            "training.Calendar",
            "training.Offer",
        ),
    ),
    Treatment(
        slug="attestations",
        name="Les attestations de travail accepté",
        data="Le nom affiché, le devoir, la promotion, le centre, le jour où le travail a été accepté, un numéro",
        why="Prouver à qui l’on veut qu’un travail a été accepté, sans montrer ce qu’il dit",
        basis=PUBLIC_INTEREST,
        seen_by="Vous, vos formatrices et formateurs, et qui a le numéro que vous donnez. Annulée : son numéro dit "
        "qu’elle l’est, et rien d’autre",
        kept="5 ans, même quand la note est effacée",
        then="Supprimées",
        models=("training.Attestation",),
    ),
    Treatment(
        slug="plateformes",
        name="L’arrivée depuis une plateforme de cours",
        data="Le numéro que la plateforme (Moodle…) vous donne, lié à votre compte ; le temps d’arriver, le nom, "
        "l’adresse et le rôle qu’elle annonce ; « fait » ou « à reprendre », rendu à votre cours",
        why="Ouvrir un devoir depuis un cours sans autre mot de passe, et dire au cours qu’il est fait",
        basis=PUBLIC_INTEREST,
        seen_by="Personne ici. La plateforme apprend qu’un travail est accepté ou à reprendre, jamais ce qu’il dit",
        kept="Le numéro : autant que le compte. Ce que la plateforme annonce : deux heures au plus. La liste d’un "
        "cours est lue quand un formateur la demande, et n’est pas gardée",
        then="Supprimés",
        models=(
            "lti_tool.LtiUser",
            "lti_tool.LtiPlatformInstance",
            "training.Platform",
            "training.RegistrationLink",
            "training.CourseLink",
            "training.Launch",
            "training.GradeReturn",
        ),
    ),
    Treatment(
        slug="etudiants-attendus",
        name="Les étudiants attendus dans une promotion",
        data="L’adresse électronique, le nom et le sous-groupe que le centre donne pour inviter un étudiant, à la main "
        "ou dans un fichier",
        why="Lui écrire une fois, et l’inscrire quand un compte confirme cette adresse",
        basis=PUBLIC_INTEREST,
        seen_by="Les formatrices et formateurs du centre",
        kept="Jusqu’à l’inscription, au refus ou à la fin de la promotion. Le fichier lu : un jour",
        then="Supprimés",
        models=("training.Invitation", "training.StudentImport"),
    ),
    Treatment(
        slug="lettres",
        name="Les lettres envoyées par le site",
        data="Votre adresse électronique, l’objet et le texte de la lettre, la date d’envoi",
        why="Vous prévenir, et ne pas écrire deux fois la même chose",
        basis=PUBLIC_INTEREST,
        seen_by="Personne, sauf une panne d’envoi à réparer",
        kept="12 mois",
        then="Supprimées",
        models=("accounts.Letter", "accounts.LetterPreference"),
    ),
    Treatment(
        slug="journaux",
        name="Les journaux techniques",
        data="Adresse IP, page demandée, tentatives de connexion",
        why="Protéger les comptes, comprendre une panne",
        basis=LEGITIMATE,
        seen_by="L’équipe technique et l’hébergeur",
        kept="12 mois. Le compte des tentatives : une heure",
        then="Supprimés",
    ),
    Treatment(
        slug="courrier",
        name="Ce que vous nous écrivez",
        data="Votre adresse et votre message",
        why="Vous répondre",
        basis=LEGITIMATE,
        seen_by="L’équipe qui répond",
        kept="12 mois après la dernière réponse",
        then="Supprimé",
    ),
    Treatment(
        slug="sauvegardes",
        name="Les sauvegardes",
        data="Tout ce qui précède",
        why="Ne rien perdre",
        basis="Celle de chaque donnée",
        seen_by="L’équipe technique",
        kept="30 jours glissants",
        then="Écrasées. Après une restauration, ce qui avait été effacé l’est de nouveau",
    ),
    Treatment(
        slug="par-erreur",
        name="Ce qui nomme quelqu’un par erreur dans un récit",
        data="Toute donnée qui désigne une personne accompagnée",
        why="Aucune raison de la garder",
        basis="Aucune : on la retire",
        seen_by="Qui la signale et qui la retire",
        kept="0 jour : retirée dès qu’on la voit",
        then="Ôtée du récit et de ses versions ; on note l’incident sans la donnée",
    ),
)
