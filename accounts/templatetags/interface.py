"""The small pieces every screen is made of: icons, chips, breadcrumbs, pages. Builtin tags: no `{% load %}`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Linked data for machines, as `json_script` writes it: nothing in it can end the element."""
    written = json.dumps(data, ensure_ascii=False)
    for sign, escaped in (
        ("<", "\\u003C"),
        (">", "\\u003E"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        written = written.replace(sign, escaped)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, text: str = "") -> SafeString:
    """A stroke icon; silent unless it stands alone and is given its text. Drawn once a process."""
    said = format_html('role="img" aria-label="{}"', text) if text else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>', said, static("img/icons.svg"), name
    )


class Still(template.Node):
    """What is the same for everyone: drawn once a process for each of its few keys. Nothing of someone is in it."""

    AT_MOST = 64

    def __init__(self, nodes: template.NodeList, keys: list[template.base.FilterExpression]) -> None:
        self.nodelist = nodes
        self.keys = keys
        self.drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        if settings.DEBUG:
            return self.nodelist.render(context)
        key = tuple(one.resolve(context, ignore_failures=True) for one in self.keys)
        found = self.drawn.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(self.drawn) < self.AT_MOST:
                self.drawn[key] = found
        return found


@register.tag
def still(parser: template.base.Parser, token: template.base.Token) -> Still:
    """`{% still nav.section %}…{% endstill %}`: the frame of a page, whose words change with its keys alone."""
    keys = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodes = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(nodes, keys)


@register.inclusion_tag("_chip.html")
def chip(label: object, url: str = "", remove: bool = False, current: bool = False) -> dict[str, Any]:
    return {"label": label, "url": url, "remove": remove, "current": current}


@register.inclusion_tag("_breadcrumb.html")
def breadcrumb(*pairs: str) -> dict[str, Any]:
    """Label, address, label, address…; an empty address for where one is."""
    return {"steps": list(zip(pairs[::2], [*pairs[1::2], ""], strict=False))}


@register.inclusion_tag("_pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any], param: str = "page") -> dict[str, Any]:
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else None
        if query is None:
            return f"?{param}={number}"
        query.pop(param, None)
        if number > 1:
            query[param] = str(number)
        return f"?{query.urlencode()}" if query else (request.path if request else "?")

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": [
            {"number": number, "url": address(number) if isinstance(number, int) else ""} for number in numbers
        ],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def nav_link(context: RequestContext, section: str, label: str, name: str) -> SafeString:
    """An entry of the main menu, marked when the reader is in its section."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return mark_safe("")
    nav = context.get("nav") or {}
    here = nav.get("section", "") if isinstance(nav, dict) else getattr(nav, "section", "")
    request = context.get("request")
    mark = ""
    if request is not None and request.path == address:
        mark = mark_safe(' aria-current="page"')
    elif here and here in section.split():
        mark = mark_safe(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', address, mark, label)


@register.simple_tag(takes_context=True)
def htmx(context: RequestContext) -> SafeString:
    """htmx with a configuration that holds under our policy: no inline style, no eval."""
    from django_htmx.jinja import django_htmx_script, htmx_script

    return format_html(
        '<meta name="htmx-config" content="{}">{}{}',
        json.dumps(
            {
                "includeIndicatorStyles": False,
                "allowEval": False,
                "allowScriptTags": False,
                "selfRequestsOnly": True,
                "historyCacheSize": 0,
                "historyRestoreAsHxRequest": False,
            }
        ),
        htmx_script(),
        django_htmx_script(),
    )
