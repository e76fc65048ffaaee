"""Letters about calls. `tell_answers` turns the answers published and not yet told into letters."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import post
from levers.models import CallAnswer

log = logging.getLogger(__name__)


def tell_answers() -> int:
    """Tell whoever opened a call that an answer is published, once; how many answers were told."""
    told = 0
    for pk in CallAnswer.objects.untold().order_by("pk").values_list("pk", flat=True)[:100]:
        try:
            told += _tell(pk)
        except Exception:  # one that breaks doesn't hold the others back
            log.exception("answer %s", pk)
    return told


def _tell(pk: int) -> bool:
    with transaction.atomic():
        held = CallAnswer.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, told_at=None)
        answer = held.select_related("call__opened_by", "initiative__public_version").first()
        if answer is None:
            return False
        answer_published(answer)
        CallAnswer.objects.filter(pk=pk).update(told_at=timezone.now())
    return True


def answer_published(answer: CallAnswer) -> None:
    """To whoever opened the call, unless they wrote the sheet themselves."""
    person = answer.call.opened_by
    if person is None or answer.initiative.authorships.signing().filter(person=person).exists():
        return
    post.write(
        person,
        "levers/answer_published",
        key=f"answer-{answer.pk}",
        call=answer.call,
        title=str(answer.initiative),
        sheet_url=settings.SITE_URL + answer.initiative.get_absolute_url(),
        call_url=settings.SITE_URL + answer.call.get_absolute_url(),
    )
