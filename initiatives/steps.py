"""The screens on which a sheet is told, in order. Rooms to the right register theirs when the site starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import Person
from initiatives import completeness
from initiatives.models import Version
from initiatives.models.choices import Depth

if TYPE_CHECKING:
    from initiatives.trame.outline import Ask

type Receiver = Callable[[Version, MultiValueDict[str, UploadedFile[bytes]], Person], list[tuple[int, str]]]


@dataclass(frozen=True)
class Step:
    """One screen. `save` is called with a valid form, inside `Version.saving`: it writes and asks nothing.

    `form(version, data)` gives the bound or unbound form; what the form doesn't declare is never written. `fields` are
    the names of what a version says that is answered here: columns, links, and kinds of rows by their model's name.
    `depth` is the path the screen belongs to. `template` shows `form`; `reading`, where there is one, shows on the page
    that is read before sending what this screen adds to `version`. `receive` keeps the files sent with the answers,
    before these are read, and says what came of each: (level of the message, sentence). `questions` are the names of
    the form that bear one number together, in the order of the screen; `on_paper` tells them to the trame where the
    form is not a plain list of them.
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
    depth: Depth = Depth.SNAPSHOT
    receive: Receiver | None = None
    questions: tuple[tuple[str, ...], ...] = ()
    on_paper: Callable[[], list[list[Ask]]] | None = None

    @property
    def numbers(self) -> dict[str, int]:
        return numbers()

    @property
    def count(self) -> int:
        """How many questions its depth asks."""
        return sum(len(step.questions) for step in of_depth(self.depth))


_steps: dict[str, Step] = {}


def register(*steps: Step) -> None:
    _steps.update({step.slug: step for step in steps})


def all_steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: step.position)


def of_depth(depth: str) -> list[Step]:
    """The path of a depth: its screens in order, from the page one is invited from to the one where one reads again."""
    return [step for step in all_steps() if step.depth == depth]


def named(slug: str) -> Step | None:
    return _steps.get(slug)


def of_field(field: str) -> Step:
    """The screen where a field is written; the first one for what no screen names."""
    return next((step for step in all_steps() if field in step.fields), all_steps()[0])


def numbers() -> dict[str, int]:
    """Name in a form → number of its question: one count from the first screen to the last, and on paper."""
    groups = [names for step in all_steps() for names in step.questions]
    return {name: number for number, names in enumerate(groups, 1) for name in names}


def neighbours(step: Step) -> tuple[Step | None, Step | None]:
    """The screens before and after, on the path of its depth; None at either end."""
    path = of_depth(step.depth)
    here = path.index(step)
    return (path[here - 1] if here else None), (path[here + 1] if here + 1 < len(path) else None)


@dataclass(frozen=True)
class Progress:
    """Where a version stands on one screen: what lacks there before it may be sent, as field → sentence; what lacks

    there to reach the screen's depth; and whether anything is told there.
    """

    step: Step
    missing: dict[str, str]
    lacks: dict[str, str] = field(default_factory=dict)
    is_begun: bool = False

    @property
    def is_done(self) -> bool:
        if self.step.depth == Depth.SNAPSHOT and not self.step.skippable:
            return not self.missing
        return self.is_begun and not self.missing and not self.lacks

    @property
    def words(self) -> str:
        if self.missing:
            return f"{len(self.missing)} point{'s' if len(self.missing) > 1 else ''} à compléter"
        if self.is_done:
            return "complet" if self.step.depth == Depth.SNAPSHOT else "rempli"
        return "commencé" if self.is_begun else "facultatif"


@dataclass(frozen=True)
class Comb:
    """The screens of one depth, and what remains to reach it, in words."""

    depth: Depth
    cells: list[Progress]
    lacks: dict[str, str]
    is_reached: bool

    @property
    def words(self) -> str:
        if self.is_reached:
            return "prêt à envoyer" if self.depth == Depth.SNAPSHOT else "atteint"
        if self.depth == Depth.SNAPSHOT:
            return f"encore {len(self.lacks)} point{'s' if len(self.lacks) > 1 else ''} à compléter"
        if not self.lacks:
            return "il manque le récit"
        return "il manque\u00a0: " + ", ".join(self.lacks.values())


def invitation(combs: list[Comb]) -> tuple[Comb, Step] | None:
    """The next depth one may go to, and the screen where it begins; nothing beyond the last."""
    comb = next((comb for comb in combs if comb.depth != Depth.SNAPSHOT and not comb.is_reached and comb.cells), None)
    if comb is None:
        return None
    return comb, next((cell.step for cell in comb.cells if cell.lacks), comb.cells[0].step)


def to_read(said: dict[str, Any]) -> list[Step]:
    """The screens that show something of their own on the page read before sending."""
    return [step for step in all_steps() if step.reading and any(said.get(field) for field in step.fields)]


def progress(missing: dict[str, str]) -> list[Progress]:
    """Each screen and what lacks on it before the version may be sent."""
    placed = {field: of_field(field).slug for field in missing}
    return [
        Progress(step, {field: text for field, text in missing.items() if placed[field] == step.slug})
        for step in all_steps()
    ]


def combs(version: Version, said: dict[str, Any] | None = None) -> list[Comb]:
    """Instantané, récit, capitalisation: all the screens, filled or not. `said`: what `completeness.told` answers."""
    told = completeness.told(version) if said is None else said
    missing = completeness.missing(version, told)
    lacking = {depth: completeness.lacking(version, depth, told) for depth in (Depth.STORY, Depth.CAPITALISATION)}
    wanted = {field: words for lacks in lacking.values() for field, words in lacks.items()}
    reached = not missing
    found = []
    parts = progress(missing)
    for depth in Depth:
        lacks = lacking.get(depth, missing)
        reached = not lacks and (reached or depth == Depth.STORY)
        cells = [
            Progress(
                part.step,
                part.missing,
                {field: wanted[field] for field in part.step.fields if field in wanted},
                any(told.get(field) for field in part.step.fields),
            )
            for part in parts
            if part.step.depth == depth
        ]
        found.append(Comb(depth, cells, lacks, reached))
    return found
