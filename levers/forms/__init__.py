"""What a person may write about what is weighed: supports, calls, notes, and what an official list says."""

from levers.forms.supports import SETTLING, STEP

__all__ = ["SETTLING", "STEP"]
