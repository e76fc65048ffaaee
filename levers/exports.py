"""How a table of the coverage leaves for a spreadsheet."""

from __future__ import annotations

import csv

from django.http import HttpResponse

from levers.coverage import Matrix

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(matrix: Matrix) -> HttpResponse:
    """Semicolons and a mark for Excel; what could be read as a formula is a text."""
    where = f"-{matrix.region.code}" if matrix.region else ""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="couverture-{matrix.slug}{where}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["code", matrix.corner.lower(), *(plain(column.label) for column in matrix.columns), "ensemble"])
    for row in matrix.rows:
        numbers = (cell.count for cell in row.cells)
        writer.writerow([plain(row.head.value), plain(row.head.label), *numbers, row.total.count])
    writer.writerow(["", "Ensemble", *(cell.count for cell in matrix.totals), matrix.total.count])
    return response


def plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
