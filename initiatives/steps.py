"""The screens on which a sheet is told, in order. Rooms to the right register theirs when the site starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import BaseForm
from django.http import QueryDict

from accounts.models import Person
from initiatives.models import Version


@dataclass(frozen=True)
class Step:
    """One screen. `save` is called with a valid form, inside `Version.saving`: it writes and asks nothing.

    `form(version, data)` gives the bound or unbound form; what the form doesn't declare is never written. `fields` are
    the names of `Version.missing()` answered here, which are also names of the form's fields. `template` shows `form`;
    `reading`, where there is one, shows on the page that is read before sending what this screen adds to `version`.
    """

    slug: str
    position: int
    title: str
    template: str
    form: Callable[[Version, QueryDict | None], BaseForm]
    save: Callable[[Version, BaseForm, Person], None]
    lede: str = ""
    fields: tuple[str, ...] = ()
    skippable: bool = False
    reading: str = ""


_steps: dict[str, Step] = {}


def register(*steps: Step) -> None:
    _steps.update({step.slug: step for step in steps})


def all_steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: step.position)


def named(slug: str) -> Step | None:
    return _steps.get(slug)


def of_field(field: str) -> Step:
    """The screen where a field is written; the first one for what no screen names."""
    return next((step for step in all_steps() if field in step.fields), all_steps()[0])


def neighbours(step: Step) -> tuple[Step | None, Step | None]:
    order = all_steps()
    here = order.index(step)
    return (order[here - 1] if here else None), (order[here + 1] if here + 1 < len(order) else None)


@dataclass(frozen=True)
class Progress:
    """Where a version stands on one screen: what lacks there, as field → sentence."""

    step: Step
    missing: dict[str, str]

    @property
    def is_done(self) -> bool:
        return not self.missing and not self.step.skippable

    @property
    def words(self) -> str:
        if self.step.skippable:
            return "facultatif"
        if not self.missing:
            return "complet"
        count = len(self.missing)
        return f"{count} point{'s' if count > 1 else ''} à compléter"


def progress(missing: dict[str, str]) -> list[Progress]:
    placed = {field: of_field(field).slug for field in missing}
    return [
        Progress(step, {field: text for field, text in missing.items() if placed[field] == step.slug})
        for step in all_steps()
    ]
