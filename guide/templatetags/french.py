from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from guide import french

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
def safe_html(html: str) -> SafeString:
    """HTML made by guide.french at publication; cleaned once more, so that what is stored needn't be trusted."""
    return mark_safe(french.clean(html or ""))  # noqa: S308
