"""The screens of the telling, in order, depth by depth (product P3)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts.models import Person
from initiatives.forms.effects import EffectsForm
from initiatives.forms.fields import ScreenForm
from initiatives.forms.heritage import FurtherForm, StagesForm
from initiatives.forms.places import WhereForm
from initiatives.forms.practice import MeansForm, PracticeForm
from initiatives.forms.rows import ListingForm
from initiatives.forms.screens import RightsForm, StoryForm, WhatForm
from initiatives.models import Version
from initiatives.models.choices import Depth
from initiatives.steps import Step


def form_of(kind: type[ScreenForm]) -> Any:
    def form(version: Version, data: QueryDict | None) -> forms.BaseForm:
        return kind(data, instance=version)

    return form


def save(version: Version, form: forms.BaseForm, person: Person) -> None:
    cast(ScreenForm, form).save()


def screen(slug: str, position: int, title: str, form: type[ScreenForm], lede: str, **options: Any) -> Step:
    """One screen, which answers for all its form asks."""
    return Step(
        slug=slug, position=position, title=title, lede=lede, form=form_of(form), save=save,
        fields=tuple(form.base_fields), questions=form.questions(), **options,
    )  # fmt: skip


def further(
    slug: str, position: int, title: str, form: type[ListingForm], lede: str, depth: Depth = Depth.STORY
) -> Step:
    """A screen one goes to when the Instantané is told; nothing there is needed before sending."""
    return screen(slug, position, title, form, lede, depth=depth, template="initiatives/_step_further.html")


STEPS = (
    screen(
        "quoi", 10, "L’essentiel", WhatForm, "Ce que vous faites, en une phrase puis en quelques-unes.",
        template="initiatives/_step_quoi.html",
    ),
    screen(
        "ou", 20, "Qui et où", WhereForm, "L’équipe qui porte l’action, et l’endroit où elle se passe.",
        template="initiatives/_step_ou.html",
    ),
    screen(
        "recit", 30, "L’histoire", StoryForm,
        "Écrivez comme vous le raconteriez à une collègue, à la pause. La coordination vous aidera à relire.",
        template="initiatives/_step_recit.html",
    ),
    screen(
        "droits", 50, "Contact et accords", RightsForm,
        "Comment on vous joint, qui est d’accord, et ce que vous avez vérifié.",
        template="initiatives/_step_droits.html",
    ),
    further(
        "maniere", 110, "Comment on s’y prend", PracticeForm,
        "Ce que vous cherchez, la place des personnes, ceux avec qui vous le faites.",
    ),
    further(
        "moyens", 120, "Le temps et les moyens", MeansForm,
        "Ce que cela demande vraiment, et qui l’a permis : la première question de vos collègues.",
    ),
    further(
        "effets", 130, "Ce que cela change", EffectsForm,
        "Ce qui a bougé, ce qui a coincé, ce que vous feriez autrement. Même petit, même raté.",
    ),
    further(
        "etapes", 210, "Les étapes et les paroles", StagesForm,
        "De quoi refaire le chemin ailleurs, avec les mots de ceux qui l’ont fait.", Depth.CAPITALISATION,
    ),
    further(
        "suites", 230, "Pour aller plus loin", FurtherForm,
        "Des mots simples, des liens, les fiches de la même famille.", Depth.CAPITALISATION,
    ),
)  # fmt: skip
