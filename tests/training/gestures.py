"""What people do on the pages of training: write, send, answer."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from training.models import Assignment, Work


def url(name: str, *args: Any) -> str:
    return reverse(f"training:{name}", args=args)


def save(browser: Client, assignment: Assignment, text: str, edition: int | str = 0, **more: Any) -> Any:
    return browser.post(url("save_note", assignment.pk), {"text": text, "edition": edition, **more})


def sent(assignment: Assignment, student: Any, text: str = "J’ai vu un groupe de parole s’entraider.") -> Work:
    """A note saved and sent by its student."""
    work = assignment.work_of(student)
    work.save_draft(text, work.edition)
    work.send()
    return work


def answer(
    browser: Client, work: Work, text: str = "Lu.", verdict: str = "accepted", number: int = 1, **more: Any
) -> Any:
    data = {"text": text, "verdict": verdict, "number": number, **more}
    return browser.post(url("work", work.pk), data)
