"""A cohort's work on one page: students × assignments, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guide.french import slug_of
from training import exports, visibility
from training.models import Cohort, Group
from training.standing import Line, Table, table
from training.views.cohorts import own_cohort

LINES_A_PAGE = 200


def group_asked(request: HttpRequest, cohort: Cohort) -> tuple[list[Group], Group | None, bool]:
    """The groups of a cohort, the one `?groupe=` asks for, and whether it asks for one that isn't there."""
    groups, asked = list(cohort.groups.all()), request.GET.get("groupe", "")
    group = next((each for each in groups if str(each.pk) == asked), None)
    return groups, group, bool(asked and group is None)


def named_like(lines: list[Line], text: str) -> list[Line]:
    """Those whose name holds these words, accents and capitals apart."""
    words = slug_of(text[:80]).split("-")
    return [line for line in lines if all(word in slug_of(str(line.student)) for word in words)]


@login_required
@require_safe
def cohort_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Students × assignments: what was sent, and nothing of what is being written. Counts are of them all."""
    cohort = own_cohort(request, pk)
    groups, group, is_unknown = group_asked(request, cohort)
    whole = table(request.user, cohort)
    shown = whole.of_group(group)
    name = " ".join(request.GET.get("nom", "").split())
    lines = named_like(shown.lines, name) if name else shown.lines
    return render(
        request,
        "training/cohort_table.html",
        {
            "cohort": cohort,
            "groups": groups,
            "group": group,
            "is_unknown": is_unknown,
            "table": shown,
            "page": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
            "name": name,
            "is_long": len(shown.lines) > LINES_A_PAGE,
            "is_empty": not whole.lines,
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


FORMATS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", exports.csv_of),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", exports.ods_of),
}


@login_required
@require_safe
def export_table(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """What the page shows, for a spreadsheet."""
    cohort = own_cohort(request, pk)
    _, group, _ = group_asked(request, cohort)
    content_type, make = FORMATS[format]
    parts = [str(cohort), str(group or ""), timezone.localdate().isoformat()]
    name = "-".join(filter(None, map(slug_of, parts)))[:120]
    return HttpResponse(
        make(table(request.user, cohort, with_groups=True).of_group(group)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{format}"'},
    )
