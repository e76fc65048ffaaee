"""Motives one meets again and again, each with a paragraph to begin with and to make one's own."""

MOTIVES = {
    "hors-champ": "Ce n’est pas une action collective de travail social",
    "anonymat": "Des personnes peuvent être reconnues",
    "accord": "Un accord manque (employeur, personnes, collègues)",
    "doublon": "Cette initiative est déjà dans le catalogue",
    "trop-peu": "Le récit ne permet pas de comprendre ce qui s’est passé",
    "promotion": "Le texte fait la promotion d’un produit ou d’un service",
}
PREPARED = {
    "hors-champ": (
        "Vous racontez un accompagnement, et il compte. Ici, on rassemble des actions où des personnes agissent "
        "ensemble : un groupe, un quartier, des habitants qui décident. Si une part de votre action est collective, "
        "racontez celle-là : qui se réunit, ce que le groupe fait, ce qu’il décide. La fiche aura alors sa place."
    ),
    "anonymat": (
        "En vous lisant, quelqu’un du quartier pourrait reconnaître une personne. Remplacez les prénoms par « une "
        "participante », les âges par une tranche, les dates précises par un mois, et retirez les détails qui "
        "n’appartiennent qu’à une seule famille. Le récit y perd peu, et la personne garde son histoire."
    ),
    "accord": (
        "Il manque un accord pour publier. Demandez-le d’ici, depuis la page de suivi de votre fiche : la personne "
        "reçoit un lien, répond en deux gestes, sans compte. Dès que l’accord est là, renvoyez la fiche."
    ),
    "doublon": (
        "Cette action est déjà racontée dans le catalogue. Si vous y avez pris part, proposez une correction ou "
        "demandez à ses auteurs d’écrire avec eux. Si la vôtre est une suite ou une autre action, dites en une phrase "
        "ce qui l’en distingue, et renvoyez la fiche."
    ),
    "trop-peu": (
        "On devine une belle action, et on aimerait la comprendre. Racontez une séance du début à la fin : qui était "
        "là, ce que vous avez proposé, ce que les personnes en ont fait, ce qui n’a pas marché. Quinze lignes "
        "suffisent."
    ),
    "promotion": (
        "Le texte présente une structure ou un service plus qu’il ne raconte une action. Retirez ce qui vante, "
        "gardez ce qui s’est passé : avec qui, comment, ce que cela a demandé, ce que vous feriez autrement."
    ),
}
