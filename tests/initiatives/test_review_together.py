"""Several people, several windows, one case: one decision, on the text that was read, and nobody's page breaks."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Case, Initiative, Move
from initiatives.workflow import CaseStatus, SheetStatus
from levers.models import Lever, Mapping
from tests import factories


def url(name, case):
    return reverse(f"initiatives:{name}", args=[case.pk])


def resubmitted(case, author, **fields):
    version = case.initiative.version_to_edit(author)
    factories.fill(version, **fields)
    version.refresh_from_db()
    return Case.submit(version, author)


def test_what_is_published_is_what_was_read(ana, max, as_):
    """A window left open on the first text doesn't publish the second one."""
    case = factories.claimed(ana, max)
    browser = as_(max)
    read = browser.get(url("case", case))
    case.request_changes(max, "Encore un effort.", {})
    resubmitted(case, ana, title="Un titre que personne n’a relu").claim(max)
    field = read.context["forms"]["accept"]["version"]
    answer = browser.post(url("accept", case), {field.html_name: field.value(), "accept-text": "Merci"})
    assert answer.status_code == 409
    assert "une nouvelle version" in answer.text
    assert "Merci" in answer.text
    assert Initiative.objects.get(pk=case.initiative_id).status == SheetStatus.IN_REVIEW


def test_a_stale_window_settles_no_support(ana, max, as_):
    version = factories.complete_draft(ana)
    lever = Lever.objects.of_dagbert().first()
    Mapping.objects.create(version=version, lever=lever, proposal=lever.proposals.first(), sentence="Le groupe vote.")
    case = Case.submit(version, ana)
    case.claim(max)
    browser = as_(max)
    field = browser.get(url("case", case)).context["forms"]["accept"]["version"]
    case.request_changes(max, "Encore un effort.", {})
    resubmitted(case, ana).claim(max)
    browser.post(url("accept", case), {field.html_name: field.value()})
    assert not Mapping.objects.filter(status=Mapping.Status.REJECTED).exists()


def test_two_sheets_of_one_title_published_together(ana, stan, max, nora, monkeypatch):
    """The second takes the next address, though the first took its own after the second had looked."""
    first, second = factories.claimed(ana, max), factories.claimed(stan, nora)
    settle = Initiative.settle_slug

    def interrupted(self, title):
        slug = settle(self, title)
        if self.pk == second.initiative_id and first.status == CaseStatus.CLAIMED:
            first.accept(max)
        return slug

    monkeypatch.setattr(Initiative, "settle_slug", interrupted)
    second.accept(nora)
    slugs = set(Initiative.objects.filter(status=SheetStatus.PUBLISHED).values_list("slug", flat=True))
    assert len(slugs & {s for s in slugs if s.startswith("la-cuisine-partagee")}) == 2


def test_every_move_takes_the_sheet_before_its_case(ana, max):
    """One order for all: two moves at once wait for one another, never in a ring."""

    def order(act):
        with CaptureQueriesContext(connection) as asked:
            act()
        locks = [query["sql"] for query in asked if re.match("UPDATE|SELECT.*FOR (NO KEY )?UPDATE", query["sql"])]
        return "initiatives_initiative" in locks[0]

    case = factories.sent(ana)
    assert order(lambda: case.claim(max))
    assert order(lambda: case.request_changes(max, "Presque.", {}))
    assert order(lambda: resubmitted(case, ana))
    case.refresh_from_db()
    assert order(lambda: case.claim(max))
    assert order(lambda: case.release(max))
    assert order(lambda: case.cancel(ana))


def test_a_change_accepted_after_the_sheet_was_withdrawn_publishes_nothing(ana, max, as_):
    initiative = factories.published(ana, max)
    case = Case.submit(initiative.version_to_edit(ana), ana)
    case.claim(max)
    Initiative.objects.filter(pk=initiative.pk).update(status=SheetStatus.WITHDRAWN, withdrawn_reason="author")
    answer = as_(max).post(url("accept", case), {"accept-version": case.version_id})
    assert answer.status_code == 409
    assert "retirée" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED
    assert Initiative.objects.get(pk=initiative.pk).public_version_id != case.version_id
    assert not Move.objects.filter(case=case, verb="accept").exists()
