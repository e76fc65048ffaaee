"""What is printed, shown on a page: the blocks and the drawings of `guide.print`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from guide.print import Block, drawings, markup

register = template.Library()


@register.simple_tag
def printed(blocks: list[Block], level: int = 2, mark: str = "") -> SafeString:
    """The blocks of a document; `markup` escapes every text of theirs."""
    return mark_safe(markup.html(blocks, level, mark))  # noqa: S308


@register.simple_tag
def drawn_cover(kind: str) -> SafeString:
    """What stands behind the words of a cover; it only adorns."""
    return mark_safe(markup.drawn(drawings.cover(kind, 148, 210)))  # noqa: S308
