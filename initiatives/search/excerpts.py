"""The words found, shown in their text: marks are put between private signs, then everything is escaped."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

OPEN, CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{OPEN}(.*?){CLOSE}", re.DOTALL)


def headlines(query: SearchQuery | CombinedSearchQuery) -> dict[str, Any]:
    """Annotations of initiatives: their title and summary marked, and the best passage of the story."""
    space = Value(" ", output_field=TextField())
    parts = [F(f"public_version__{name}") for name in ("story", "beginning", "effects")]
    body = Concat(*(piece for part in parts for piece in (part, space)))

    def marked(text: Any, **options: Any) -> SearchHeadline:
        return SearchHeadline(text, query, config="fr", start_sel=OPEN, stop_sel=CLOSE, **options)

    return {
        "marked_title": marked(F("public_version__title"), highlight_all=True),
        "marked_summary": marked(F("public_version__summary"), highlight_all=True),
        "marked_story": marked(body, max_words=38, min_words=20, max_fragments=1),
    }


def safe(text: str) -> SafeString:
    """The marked text as HTML; what people wrote is escaped, stray signs included."""
    pieces = _MARKED.split(text)
    clean = [piece.replace(OPEN, "").replace(CLOSE, "") for piece in pieces]
    shown = (format_html("<mark>{}</mark>", piece) if place % 2 else piece for place, piece in enumerate(clean))
    return format_html_join("", "{}", ((piece,) for piece in shown))


def excerpt(summary: str, story: str) -> SafeString | str:
    """The summary where it has the words, else the passage of the story that has them; "" when neither does."""
    if OPEN in summary:
        return safe(summary)
    if OPEN in story:
        return format_html("… {} …", safe(story))
    return ""
