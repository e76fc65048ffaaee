"""Two gestures on one offer at the same instant, each in a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from initiatives.workflow import Refused
from tests import factories
from tests.training.gestures import sent
from training.models import Offer, Work

NOTE = "Le mardi, une vingtaine de parents préparaient un goûter dans la salle du bas, sans animateur. " * 5


def test_agreed_and_taken_back_at_once_never_leaves_a_sheet_nobody_wants(really_written):
    cohort = factories.cohort(factories.centre())
    ilan, tess = factories.person("Ilan"), factories.person("Tess")
    factories.role(tess, "trainer", organisation=cohort.centre.organisation)
    cohort.enrol(ilan)
    work = sent(factories.assignment(cohort), ilan, NOTE)
    work.answer(work.notes.get(), tess, text="Merci.", verdict=Work.Status.ACCEPTED)
    offer = Offer.ask(work)
    start, outcomes = threading.Barrier(2), []

    def press(verb: Callable[[], object]) -> None:
        try:
            start.wait()
            verb()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    other = Offer.objects.get(pk=offer.pk)
    threads = [
        threading.Thread(target=press, args=(lambda: offer.agree(tess),)),
        threading.Thread(target=press, args=(lambda: other.withdraw(ilan),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(outcomes) == 2, "one of them broke, or waits for the other"
    kept = Offer.objects.select_related("initiative").get()
    assert kept.withdrawn_at
    assert kept.initiative is None or kept.initiative.status == "withdrawn"
