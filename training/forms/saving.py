"""The same button pressed twice, or two people at once: the second is told by a sentence, as if they came later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import IntegrityError, transaction


def saved(form: forms.ModelForm[Any]) -> bool:
    """Save a valid form; False when what it says was taken since it was checked, and the form now says so."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.full_clean()
        if form.is_valid():
            raise
        return False
    return True
