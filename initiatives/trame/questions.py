"""Reads the screens and their forms: the same questions, in the same order, under the same numbers."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.html import strip_tags

from guide.french import typeset
from initiatives import steps
from initiatives.forms.rows import ListingForm, RowsField
from initiatives.models import Version
from initiatives.models.choices import MAX_TEXT, Depth
from initiatives.trame.outline import SIGNS_A_LINE, Ask, Block, Column, Group, Outline, Part, Path, Question, Screen

# A hand takes more room than a keyboard; beyond this, one goes on with a sheet of paper.
HAND, MOST_LINES = 1.5, 20
# In a row, more choices than this are listed once above the table.
FEW = 5

PATHS = {
    Depth.SNAPSHOT: (
        "L’instantané",
        "Dix minutes, {count} questions, et l’on peut envoyer. Ce qui peut rester vide est marqué « facultatif ».",
    ),
    Depth.STORY: (
        "Le récit",
        "Pour que d’autres puissent s’y mettre. Rien n’est obligatoire ici : prenez ce que vous avez à dire.",
    ),
    Depth.CAPITALISATION: (
        "La capitalisation",
        "Pour aller au bout : les étapes, les paroles, les documents. Rien n’est obligatoire ici non plus.",
    ),
}
BEFORE = (
    (
        "Racontez l’action, pas les personnes",
        (
            "N’écrivez sur ces pages aucun nom de personne accompagnée, même au brouillon : le papier circule. Ni "
            "adresse, ni numéro de dossier, ni date qui désigne quelqu’un, ni situation si rare qu’on reconnaîtrait la "
            "personne.",
            "Dites « une participante », « au printemps », « dans le quartier ».",
        ),
    ),
    (
        "Remplir à la main ou à l’ordinateur",
        (
            "Les numéros sont ceux des écrans du site : on peut commencer ici et finir là-bas. Les cases se cochent "
            "d’une croix. Le fichier PDF s’imprime, le fichier ODT s’écrit aussi à l’ordinateur.",
            "S’il vous manque de la place, continuez sur une feuille libre, avec le numéro de la question.",
        ),
    ),
)
AFTER = (
    "Remettez ou envoyez ces pages à la coordination de votre territoire ; s’il n’y en a pas encore, à l’équipe "
    "nationale. Gardez-en une copie.",
    "Une personne de la coordination les recopie sur le site, sans rien y ajouter. Elle vous appelle si un mot lui "
    "échappe.",
    "Vous relisez, et vous donnez votre accord : par un lien reçu à votre adresse électronique, ou en signant à la "
    "dernière page.",
    "La fiche est alors lue comme toutes les autres : un premier signe sous 7 jours, une décision sous 15 jours. Un "
    "refus dit toujours ce qui rendrait la fiche acceptable.",
)
BLOCKS = (
    Block(
        "Pour vous joindre",
        "Ces lignes servent à vous envoyer le lien et à vous répondre. Elles ne sont jamais publiées.",
        ("Votre nom", "Votre adresse électronique", "Votre téléphone"),
    ),
    Block(
        "Votre accord, si vous préférez signer",
        "J’ai relu ce qui est écrit ici. Je suis d’accord pour qu’une personne de la coordination le recopie sur "
        "Essaim, et pour que la fiche soit publiée sous la licence cochée.",
        ("Fait à", "Le", "Signature"),
        is_signed=True,
    ),
    Block("Pour la coordination", "", ("Reçu le", "Recopié par", "Adresse de la fiche sur le site")),
)


def outline() -> Outline:
    """All the screens registered when the site started, with the words of the database."""
    asked = {depth: [names for step in steps.of_depth(depth) for names in step.questions] for depth in PATHS}
    return Outline(
        title="La trame",
        lede="Pour raconter une initiative collective sans écran, à son rythme, seul ou à plusieurs.",
        before=tuple((title, tuple(map(typeset, sentences))) for title, sentences in BEFORE),
        paths=tuple(
            Path(title, typeset(lede.format(count=len(asked[depth]))), tuple(map(screen, steps.of_depth(depth))))
            for depth, (title, lede) in PATHS.items()
        ),
        after=tuple(map(typeset, AFTER)),
        blocks=tuple(replace(block, text=typeset(block.text)) for block in BLOCKS),
    )


def screen(step: steps.Step) -> Screen:
    if step.on_paper is not None:
        asked = list(zip(step.questions, step.on_paper(), strict=True))
        parts = [Part("", tuple(Question(step.numbers[names[0]], tuple(asks)) for names, asks in asked))]
    else:
        form = step.form(Version(), None)
        cut = [(title, names) for title, _, names in form.parts] if isinstance(form, ListingForm) else []
        parts = [
            Part(title, tuple(_question(step, form, group) for group in step.questions if set(group) & set(names)))
            for title, names in cut or [("", tuple(form.fields))]
        ]
    return Screen(step.title, typeset(step.lede), step.skippable, tuple(parts))


def _question(step: steps.Step, form: forms.BaseForm, names: tuple[str, ...]) -> Question:
    said_optional = step.depth == Depth.SNAPSHOT
    asks = [ask_of(form.fields[name], said_optional=said_optional) for name in names if name in form.fields]
    return Question(step.numbers[names[0]], tuple(asks))


def ask_of(field: forms.Field, *, said_optional: bool = False) -> Ask:
    is_tick = isinstance(field, forms.BooleanField)
    options: dict[str, Any] = {}
    if isinstance(field, RowsField):
        columns, groups = _columns(field)
        tallest = max(max(column.lines, len(column.choices) - 1) for column in columns)
        rows = min(field.limit, {1: 5, 2: 4, 3: 3}.get(tallest, 2))
        options = {"columns": columns, "groups": groups, "rows": rows}
    elif isinstance(field, forms.ChoiceField) and not getattr(field, "small", False):
        options = {"groups": _groups(field), "takes_one": not isinstance(field.widget, forms.CheckboxSelectMultiple)}
    elif not is_tick:
        options = {"lines": _lines(field), "is_small": getattr(field, "small", False)}
    optional = said_optional and not field.required and getattr(field, "mark_optional", not is_tick)
    return Ask(
        str(field.label),
        help=_plain(str(field.help_text)),
        good=getattr(field, "good", ""),
        bad=getattr(field, "bad", ""),
        limit=_limit(field),
        is_optional=bool(optional),
        is_tick=is_tick,
        **options,
    )


def _plain(text: str) -> str:
    """Without its links: paper has nowhere to go."""
    return strip_tags(re.sub(r"(?s)\s*<a\b.*?</a>", "", text)).strip()


def _groups(field: forms.ChoiceField) -> tuple[Group, ...]:
    """What may be ticked; to answer nothing, one ticks nothing."""
    choices = [(str(code), str(label)) for code, label in field.choices if code]  # type: ignore[misc, union-attr]
    return (Group("", tuple(label for _, label in choices)),)


def _lines(field: forms.Field) -> int:
    most: int | None = getattr(field, "max_length", None)
    rows = int(field.widget.attrs.get("rows", 0)) if isinstance(field.widget, forms.Textarea) else 0
    if rows >= 4 and most and most < 1000:
        return min(MOST_LINES, max(2, math.ceil(most / SIGNS_A_LINE)))
    if rows:
        return min(MOST_LINES, math.ceil(rows * HAND))
    return 2 if most and (most > 120 or (most == 120 and _is_counted(field))) else 1


def _limit(field: forms.Field) -> str:
    """How long an answer may be, where the screen says it too; in lines, for who counts no signs."""
    most, least = getattr(field, "max_length", None), getattr(field, "min_length", None)
    if least and most:
        few, many = math.ceil(least / SIGNS_A_LINE), math.ceil(most / SIGNS_A_LINE)
        if most >= MAX_TEXT:
            return typeset(f"{least} signes au moins, soit {few} lignes à la main.")
        return typeset(f"Entre {least} et {most} signes, soit de {few} à {many} lignes à la main.")
    return typeset(f"{most} signes au plus.") if _is_counted(field) and most and most < 1000 else ""


def _is_counted(field: forms.Field) -> bool:
    counts = isinstance(field.widget, forms.Textarea) or 80 <= (getattr(field, "max_length", None) or 0) <= 140
    return bool(getattr(field, "counter", counts))


def _columns(rows: RowsField) -> tuple[tuple[Column, ...], tuple[Group, ...]]:
    """The questions of a row, and what is offered in it where that doesn't fit a cell."""
    columns, groups = [], []
    for name, field in rows.row_form.base_fields.items():
        offered: tuple[str, ...] = ()
        if isinstance(field, forms.ChoiceField):
            choices = rows.offers.get(name) or [(str(code), str(label)) for code, label in field.choices]  # type: ignore[misc, union-attr]
            offered = tuple(label for code, label in choices if code)
        small = getattr(field, "small", False)
        if len(offered) > FEW and not small:
            groups.append(Group(str(field.label), offered))
        columns.append(
            Column(
                str(field.label),
                lines=_lines(field) if isinstance(field, forms.CharField) else 1,
                choices=offered if len(offered) <= FEW else (),
                is_tick=isinstance(field, forms.BooleanField),
                is_small=small or bool(offered),
            )
        )
    return tuple(columns), tuple(groups)
