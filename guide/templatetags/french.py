from __future__ import annotations

import re
from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from guide import french
from guide.models import Term

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Safe HTML of a Markdown text (guide.french cleans it)."""
    return mark_safe(french.markdown(text or ""))  # noqa: S308


@register.filter
def typeset(text: object) -> str:
    """Of anything that is said: a text, a message, a lazy label."""
    return french.typeset(str(text or ""))


@register.filter
def paragraphs(text: str) -> SafeString:
    """A person's plain text as paragraphs: escaped, French spaces, nothing interpreted."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    lines = ((french.typeset(block),) for block in blocks if block)
    return format_html_join("", '<p class="written">{}</p>', lines)


@register.filter
def fiche_html(html: str, terms: Iterable[Term]) -> SafeString:
    """HTML of a fiche made at publication, cleaned once more, so that what is stored needn't be trusted.

    A marked word opens its definition where it stands: a button and what it shows, without a script. A word whose
    term is gone stays a word.
    """
    known = {term.slug: term for term in terms}

    def defined(found: re.Match[str]) -> str:
        before, term, word = found[1] or "", known.get(found[2]), mark_safe(found[3])  # noqa: S308 - cleaned below
        if term is None:
            return before + word
        status = "" if term.status == Term.Status.USUAL else f"Mot {term.get_status_display()}. "
        button = format_html('<button type="button" class="term" popovertarget="mot-{}">{}</button>', term.slug, word)
        return format_html(
            '{}<span class="definition" id="mot-{}" popover role="note"><strong>{}</strong> {} '
            '<span class="meta">{}<a href="{}">Lire au glossaire</a></span></span>',
            format_html('<span class="elided">{}{}</span>', before, button) if before else button,
            term.slug,
            term.name,
            term.definition,
            status,
            term.get_absolute_url(),
        )

    return mark_safe(MARKED.sub(defined, french.clean_fiche(html or "")))  # noqa: S308


MARKED = re.compile(r'(?<!\w)(\w{1,2}’)?<a class="term" href="#terme-([\w-]+)"[^>]*>(.*?)</a>')
"""A marked word, with the elided article that must not be left alone at the end of a line."""
