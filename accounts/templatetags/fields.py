"""A form field and its errors, by the book. Builtin tags; markup lives in the partial templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.widgets import CheckboxInput, Textarea, TextInput
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import kept

register = template.Library()


# A short text says its limit only when it is a sentence (a title), not when it is a name.
COUNTED_INPUT = 140


def _describe(bound: BoundField) -> dict[str, Any]:
    field, widget = bound.field, bound.field.widget
    most = getattr(field, "max_length", None)
    least = getattr(field, "min_length", None)
    counted = bool(most) and getattr(
        field,
        "counter",
        isinstance(widget, Textarea) or (type(widget) is TextInput and 80 <= int(most or 0) <= COUNTED_INPUT),
    )
    single = isinstance(widget, CheckboxInput)
    grouped = bound.use_fieldset
    said = [
        suffix
        for suffix, present in (
            ("helptext", bool(bound.help_text)),
            ("error", bool(bound.errors)),
            ("limit", counted),
        )
        if present
    ]
    described = " ".join(f"{bound.auto_id}_{suffix}" for suffix in said)
    attrs: dict[str, Any] = {}
    if described and not grouped:
        attrs["aria-describedby"] = described
    if counted:
        # The browser would cut a pasted text without a word: the limit is counted, then said by the server.
        attrs |= {"maxlength": False, "minlength": False, "data-max": most}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "id": bound.auto_id,
        "for": bound.id_for_label,
        "grouped": grouped,
        "single": single,
        "described": described,
        "errors": bound.errors,
        "optional": not field.required and getattr(field, "mark_optional", not single),
        "good": getattr(field, "good", ""),
        "bad": getattr(field, "bad", ""),
        "small": getattr(field, "small", False),
        "counted": counted,
        "least": least,
        "most": most,
    }


@register.inclusion_tag("_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field with all that goes with it: label, help, examples, limit, error."""
    return {"hidden": True, "control": bound.as_widget()} if bound.is_hidden else _describe(bound)


def _target(bound: BoundField) -> str:
    """The control a link to the error must reach."""
    if not bound.use_fieldset:
        return bound.id_for_label or bound.auto_id
    for part in bound.subwidgets:
        if part.id_for_label:
            return part.id_for_label
    return bound.auto_id


type Asked = BaseForm | BaseFormSet[Any] | list[Any] | None


def _problems(asked: Iterable[Asked]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for form in asked:
        if isinstance(form, list):
            found += _problems(form)
            continue
        if form is None or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            found += [{"text": str(text), "target": ""} for text in form.non_form_errors()]
            found += _problems(form.forms)
            continue
        found += [{"text": str(text), "target": ""} for text in form.non_field_errors()]
        for bound in form:
            # A list of rows says itself what is wrong in which.
            if hasattr(bound, "problems"):
                found += bound.problems
                continue
            if not bound.errors:
                continue  # its target would read all its choices
            target = "" if bound.is_hidden else _target(bound)
            label = str(bound.label or "")
            found += [{"text": str(text), "target": target, "label": label} for text in bound.errors]
    return found


@register.inclusion_tag("_form_errors.html")
def form_errors(*forms: Asked) -> dict[str, Any]:
    return {"problems": _problems(forms)}


@register.simple_tag(takes_context=True)
def writer_mark(context: RequestContext) -> SafeString:
    """In a form whose text survives the end of the session: who writes it (accounts.kept)."""
    person = context["request"].user
    return format_html('<input type="hidden" name="{}" value="{}">', kept.WRITER, kept.mark_of(person.pk))


@register.simple_tag
def error_prefix(*forms: Asked) -> str:
    """« Erreur : » at the head of the page's title when something must be corrected."""
    return "Erreur : " if _problems(forms) else ""
