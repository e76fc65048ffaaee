"""What a person may write about a sheet: its screens, and the review."""

from initiatives.forms.path import STEPS

__all__ = ["STEPS"]
