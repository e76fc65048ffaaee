"""Who gets what: every address of the site, in every state of what it shows, asked by everyone.

A row is (address, thing, what others get, who gets something else): the table is the documentation of rights. An
address that no row asks for fails by its name. What is not yours is not found, and looking changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.rights import GUARDED_KINDS
from initiatives.steps import all_steps
from tests import world
from tests.world import CAST, PUBLIC, World

SIGN_IN = "is sent to sign in"
PROVE = "is asked to prove who they are"
SET_UP = "is sent to set up a second factor"
DONE = "does it"
KEPT = "keeps it"  # done too, and answered to a script: no page to go to
ACTS: Mapping[int | str, int] = {DONE: 302, KEPT: 200}

type Outcome = int | str
type Row = tuple[str, str, Outcome, Mapping[str, Outcome]]

# Groups, as the rows name them.
WRITERS = "ana ben"
COORDINATION = "max max_writes nora lise"
LOCAL = "max max_writes nora"
MANAGERS = "nora ada"
EDITORS = "nora gaby"
CALLERS = "max max_writes nora gaby"
PROTECTED = "max nora tess hugo otto dan ada"  # who has a second factor
PARTS = 4  # the longest tests of all, cut so that every core has some
SYNONYMS = (
    ("synonyms", ""), ("synonyms_new", ""), ("synonyms_edit", "synonyms:known"), ("synonyms_remove", "synonyms:known"),
)  # fmt: skip
PLATFORMS = (("lti:home", ""), ("lti:platform", "platform:own"), ("lti:new_platform", "for:own"))
REUSE_PAGES = ("reuse", "reuse_tried", "reuse_adapted", "reuse_dropped", "reuse_forget")
EDITORS = "nora gaby"
UNPROTECTED = "ana stan eve gaby ilan mia"

NOBODY: Mapping[str, Outcome] = {PUBLIC: SIGN_IN}
DECISIONS = ("request_changes", "ask_third_party", "refuse", "redirect", "accept")
TEXTS = ("home", "search", "help", "legal_notice", "privacy", "accessibility", "security", "statistics")
MACHINES = ("sitemap", "robots", "security_txt", "healthz", "readyz")
FOLLOWED = ("in_review", "claimed", "to_complete", "refused", "published", "in_revision")
STEPS = (
    "quoi", "ou", "recit", "droits", "maniere", "moyens", "effets", "leviers", "etapes", "images", "suites",
)  # fmt: skip

# Keeping a centre, and the people of a cohort.
OF_CENTRE = ("centre", "closures", "remove_closure", "competences", "competence")
OF_HEAD = ("name_trainer", "end_trainer")
CARRIED, DOSSIER = ("assignment_pdf", "assignment_epub"), ("dossier_odt", "dossier_pdf")
IN_COHORT = ("student", "student_leaves", "invitation", "group", "remove_group", "student_import")
KEEPING = ("edit_cohort", "add_student", "import_students", "graduates", "groups", *IN_COHORT)
OF_COHORT = ("students", *KEEPING)

# What a trainer does with an assignment that is given.
GIVEN = ("edit_assignment", "preview_assignment", "withdraw_assignment", "extensions", "reuse_assignment")
EXTENDED = ("change_extension", "withdraw_extension")

READING: list[Row] = [
    # Everyone reads the same.
    *((name, "", 200, {}) for name in (*TEXTS, *MACHINES)),
    *((f"guide:{name}", "", 200, {}) for name in ("contents", "original", "methods", "glossary")),
    ("guide:fiche", "fiche:known", 200, {}),
    ("guide:fiche", "fiche:unknown", 404, {}),
    ("guide:fiche_version", "fiche:known", 200, {}),
    ("guide:fiche_version", "number=10 version=99", 404, {}),
    *((f"guide:{name}", "", 200, {}) for name in ("compare", "choose", "offline", "worker", "manifest")),
    ("guide:feedback", "fiche:known", 200, {}),
    ("guide:feedback", "fiche:unknown", 404, {}),
    ("guide:method", "method:known", 200, {}),
    ("guide:method", "slug=telepathie", 404, {}),
    *((f"levers:{name}", "", 200, {}) for name in ("frameworks", "coverage")),
    ("levers:lever", "lever:known", 200, {}),
    ("levers:lever", "number=7", 404, {}),
    ("levers:framework_lever", "lever:known", 200, {}),
    ("levers:framework_lever", "framework=inconnu number=1", 404, {}),
    ("levers:proposal", "proposal:known", 200, {}),
    ("levers:proposal", "number=25", 404, {}),
    ("levers:obstacle", "number=1", 200, {}),
    ("levers:obstacle", "number=99", 404, {}),
    # Calls and notes are read by all; the coordination calls in its territories, the guide's editors write notes.
    *((f"levers:{name}", "", 200, {}) for name in ("calls", "call_new", "notes")),
    *((f"levers:{name}", f"call:{state}", 200, {}) for name in ("call", "call_feed") for state in ("open", "closed")),
    *((f"levers:{name}", "slug=jamais-lance", 404, {}) for name in ("call", "call_feed")),
    ("levers:call_answer", "call:open", 200, NOBODY),
    ("levers:call_answer", "call:closed", 302, NOBODY),
    ("levers:change_call", "call:open", 404, {PUBLIC: SIGN_IN, CALLERS: 200}),
    *((f"levers:{name}", "call:open", 405, NOBODY) for name in ("close_call", "reopen_call")),
    ("levers:withdraw_answer", "answer:ana", 405, NOBODY),
    ("levers:note", "note:published", 200, {}),
    ("levers:note", "note:draft", 404, {EDITORS: 200}),
    ("levers:note_new", "", 404, {PUBLIC: SIGN_IN, EDITORS: 200}),
    *(("levers:edit_note", f"note:{state}", 404, {PUBLIC: SIGN_IN, EDITORS: 200}) for state in ("draft", "published")),
    ("levers:unpublish_note", "note:published", 405, NOBODY),
    ("levers:edition", "", 404, {PUBLIC: SIGN_IN, EDITORS: 200}),
    ("levers:edit_proposal", "proposal:known", 404, {PUBLIC: SIGN_IN, EDITORS: 200}),
    ("levers:edit_proposal", "number=25", 404, NOBODY),
    *((f"initiatives:{name}", "", 200, {}) for name in ("catalogue", "feed", "places", "propose")),
    *((f"initiatives:trame_{kind}", "", 200, {}) for kind in ("odt", "pdf")),
    # A sheet is read, or it is not: who wrote it changes nothing.
    ("initiatives:sheet", "sheet:published", 200, {}),
    ("initiatives:sheet", "sheet:in_revision", 200, {}),
    ("initiatives:sheet", "sheet:being_revised", 200, {}),
    ("initiatives:sheet", "sheet:public_source", 200, {}),
    ("initiatives:sheet", "sheet:stale", 200, {}),
    ("initiatives:sheet", "sheet:archived", 200, {}),
    ("initiatives:sheet", "sheet:withdrawn", 410, {}),
    ("initiatives:sheet", "sheet:merged", 301, {}),
    *(
        ("initiatives:sheet", f"sheet:{state}", 404, {})
        for state in (
            "draft",
            "complete",
            "discarded",
            "in_review",
            "claimed",
            "to_complete",
            "refused",
            "masked",
            "merged_into_masked",
        )
    ),
    ("initiatives:sheet", "slug=jamais-ecrite", 404, {}),
    # On paper, by the same rules.
    ("guide:fiche_pdf", "fiche:known", 200, {}),
    ("guide:fiche_pdf", "fiche:unknown", 404, {}),
    *(
        ("initiatives:sheet_pdf", f"sheet:{state}", 200, {})
        for state in ("published", "in_revision", "being_revised", "public_source", "stale", "archived")
    ),
    ("initiatives:sheet_pdf", "sheet:withdrawn", 410, {}),
    ("initiatives:sheet_pdf", "sheet:merged", 301, {}),
    *(
        ("initiatives:sheet_pdf", f"sheet:{state}", 404, {})
        for state in ("draft", "discarded", "in_review", "claimed", "refused", "masked", "merged_into_masked")
    ),
    ("initiatives:sheet_pdf", "slug=jamais-ecrite", 404, {}),
    # Telling: one's own sheets, and nobody else's.
    ("initiatives:mine", "", 200, NOBODY),
    ("initiatives:draft", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:draft", "sheet:stan", 404, {PUBLIC: SIGN_IN, "stan": 302}),
    ("initiatives:draft", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:draft", "sheet:being_revised", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:draft", "sheet:discarded", 404, NOBODY),
    ("initiatives:draft", "sheet:withdrawn", 404, NOBODY),
    ("initiatives:draft", "sheet:public_source", 404, NOBODY),
    ("initiatives:draft", "pk=999999999", 404, NOBODY),
    *(("initiatives:step", f"sheet:draft step={step}", 404, {PUBLIC: SIGN_IN, WRITERS: 200}) for step in STEPS),
    ("initiatives:step", "sheet:draft step=inconnu", 404, NOBODY),
    ("initiatives:step", "sheet:in_review step=quoi", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:step", "sheet:being_revised step=quoi", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:step", "sheet:discarded step=quoi", 404, NOBODY),
    ("initiatives:step", "sheet:merged step=quoi", 404, NOBODY),
    ("initiatives:typing", "sheet:draft step=quoi", 405, {}),
    *((f"initiatives:{name}", "sheet:draft", 405, NOBODY) for name in ("alike", "anonymity")),
    ("initiatives:check", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:check", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:submit", "sheet:complete", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:discard", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:discard", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:follow", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    *(
        ("initiatives:follow", f"sheet:{state}", 404, {PUBLIC: SIGN_IN, WRITERS: 200})
        for state in (
            "in_review",
            "claimed",
            "to_complete",
            "refused",
            "published",
            "in_revision",
            "archived",
            "masked",
        )
    ),
    ("initiatives:follow", "sheet:withdrawn", 404, NOBODY),
    ("initiatives:cancel", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:cancel", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:edit", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:edit", "sheet:in_revision", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:edit", "sheet:archived", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:edit", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:edit", "sheet:withdrawn", 404, NOBODY),
    ("initiatives:edit", "sheet:public_source", 404, NOBODY),
    # Moderating: the cases of one's territory; those of no territory are the national team's.
    ("initiatives:queue", "", 404, {PUBLIC: SIGN_IN, COORDINATION: 200}),
    *(
        ("initiatives:case", f"case:{state}", 404, {PUBLIC: SIGN_IN, LOCAL: 200})
        for state in (
            "received",
            "claimed",
            "to_complete",
            "refused",
            "revision",
            "mine",
            "waiting",
            "redirected",
            "of_published",
            "of_masked",
            "of_withdrawn",
        )
    ),
    ("initiatives:case", "case:elsewhere", 404, {PUBLIC: SIGN_IN, "lise nora": 200}),
    ("initiatives:case", "case:nowhere", 404, {PUBLIC: SIGN_IN, "nora": 200}),
    ("initiatives:case", "pk=999999999", 404, NOBODY),
    # The address of a gesture leads to its case, for who may see it; some open a page of their own.
    *(
        (f"initiatives:{move}", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: 302})
        for move in ("claim", "release", "fill_grid", "resume", "write", "note", "reopen", *DECISIONS)
    ),
    ("initiatives:reopen", "case:refused", 404, {PUBLIC: SIGN_IN, LOCAL: 200}),
    ("initiatives:reopen", "case:elsewhere", 404, {PUBLIC: SIGN_IN, "lise nora": 302}),
    ("initiatives:reassign", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: 200}),
    ("initiatives:reassign", "case:nowhere", 404, {PUBLIC: SIGN_IN, "nora": 200}),
    ("initiatives:ask_opinion", "case:claimed", 404, {PUBLIC: SIGN_IN, "max": 200, "max_writes nora": 302}),
    ("initiatives:bulk", "", 404, {PUBLIC: SIGN_IN, COORDINATION: 302}),
    # An expert's opinions, while the case is open; its authors and its coordination have their own pages.
    ("initiatives:opinions", "", 404, {PUBLIC: SIGN_IN, "eve": 200}),
    ("initiatives:opinion", "opinion:asked", 404, {PUBLIC: SIGN_IN, "eve": 200}),
    ("initiatives:opinion", "opinion:over", 404, NOBODY),
    ("initiatives:opinion", "pk=999999999", 404, NOBODY),
    ("initiatives:write_to_coordination", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:appeal", "sheet:refused", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    # Files: those of a page anyone reads; the rest, their writers and the coordination they were sent to.
    *(("file", f"file:{state}", 200, {}) for state in ("published", "archived")),
    ("file", "file:draft", 404, {WRITERS: 200}),
    *(("file", f"file:{state}", 404, {WRITERS: 200, LOCAL: 200}) for state in ("claimed", "revision", "masked")),
    ("file", "file:elsewhere", 404, {WRITERS: 200, "lise nora": 200}),
    ("file", "file:nowhere", 404, {WRITERS: 200, "nora": 200}),
    ("file", "file:merged", 404, {LOCAL: 200}),
    ("file", "file:withdrawn", 404, {"ana": 404}),
    ("file", "token=jamais name=480.webp", 404, {}),
    # Around a sheet: anyone says what is wrong, or writes to its team; a hidden one takes no form.
    *(("initiatives:report", f"sheet:{state}", 200, {}) for state in ("published", "archived", "public_source")),
    *(("initiatives:report", f"sheet:{state}", 404, {}) for state in ("masked", "draft", "withdrawn", "merged")),
    ("initiatives:contact", "sheet:published", 200, {}),
    *(("initiatives:contact", f"sheet:{state}", 404, {}) for state in ("masked", "draft", "public_source")),
    ("initiatives:adopt", "sheet:public_source", 200, NOBODY),
    ("initiatives:adopt", "sheet:adopted", 200, NOBODY),
    ("initiatives:adopt", "sheet:published", 404, NOBODY),
    # Who asks to take a sheet over writes their version, and has no right on the page.
    ("initiatives:follow", "sheet:adopted", 404, {PUBLIC: SIGN_IN, "stan": 302}),
    ("initiatives:step", "sheet:adopted step=quoi", 404, {PUBLIC: SIGN_IN, "stan": 200}),
    ("initiatives:edit", "sheet:adopted", 404, {PUBLIC: SIGN_IN, "stan": 302}),
    ("initiatives:withdraw", "sheet:adopted", 404, NOBODY),
    *(
        ("initiatives:withdraw", f"sheet:{state}", 404, {PUBLIC: SIGN_IN, WRITERS: 200})
        for state in ("published", "archived", "masked", "in_revision")
    ),
    ("initiatives:withdraw", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:withdraw", "sheet:withdrawn", 404, NOBODY),
    ("initiatives:withdraw", "sheet:public_source", 404, NOBODY),
    ("initiatives:case", "case:report", 404, {PUBLIC: SIGN_IN, LOCAL: 200}),
    *((f"initiatives:{move}", "case:report", 404, {PUBLIC: SIGN_IN, LOCAL: 302}) for move in ("uphold", "dismiss")),
    *(
        ("initiatives:tend", f"sheet:{state}", 404, {PUBLIC: SIGN_IN, LOCAL: 200})
        for state in ("published", "masked", "withdrawn", "merged", "reported")
    ),
    *(("initiatives:tend", f"sheet:{state}", 404, NOBODY) for state in ("draft", "in_review", "refused")),
    *(
        (f"initiatives:{gesture}", "sheet:published", 405, NOBODY)
        for gesture in ("mask", "unmask", "take_down", "restore", "unmerge")
    ),
    ("initiatives:merge", "sheet:published", 404, {PUBLIC: SIGN_IN, LOCAL: 200}),
    # Taking a sheet up: one's own reuses, nobody else's; who tells a sheet doesn't take it up.
    ("initiatives:inspire", "sheet:published", 200, {WRITERS: 302}),
    ("initiatives:inspire", "sheet:public_source", 200, {}),
    *(("initiatives:inspire", f"sheet:{state}", 404, {}) for state in ("masked", "draft", "withdrawn", "merged")),
    ("initiatives:reuses", "", 200, NOBODY),
    *((f"initiatives:{page}", "reuse:stan", 404, {PUBLIC: SIGN_IN, "stan": 200}) for page in REUSE_PAGES),
    ("initiatives:reuse", "reuse:of_masked", 404, {PUBLIC: SIGN_IN, "stan": 200}),
    ("initiatives:reuse_back", "reuse:stan", 405, {}),
    ("initiatives:reuse", "pk=999999999", 404, NOBODY),
    # Protecting data: the claims and the journal, nobody else's page.
    ("initiatives:data_requests", "", 404, {PUBLIC: SIGN_IN, "dan": 200}),
    *(
        (f"initiatives:{page}", of, 404, {PUBLIC: SIGN_IN, "dan": 200})
        for page in ("data_journal", "redact")
        for of in ("sheet:published", "sheet:withdrawn", "sheet:draft")
    ),
    # People: what is asked by a link shows to who has it; who writes asks; who types for another has that sheet alone.
    ("initiatives:call_me", "", 200, {}),
    ("initiatives:tell_for", "", 404, {PUBLIC: SIGN_IN, COORDINATION: 200}),
    *(("agreement", f"agreement:{state}", 200, {}) for state in ("employer", "author", "invitation", "news")),
    *(("agreement", f"agreement:{state}", 410, {}) for state in ("used", "expired")),
    ("agreement", "token=jamais-vu", 404, {}),
    ("initiatives:people", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:people", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: 200}),
    ("initiatives:people", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": 200}),
    ("initiatives:people", "sheet:adopted", 404, {PUBLIC: SIGN_IN, "stan": 200}),
    ("initiatives:people", "sheet:withdrawn", 404, NOBODY),
    *(
        (f"initiatives:{name}", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302})
        for name in ("ask_agreement", "invite", "hand_over")
    ),
    *((f"initiatives:{name}", "sheet:typed", 404, NOBODY) for name in ("invite", "hand_over", "leave")),
    *((f"initiatives:{name}", "sheet:adopted", 404, NOBODY) for name in ("invite", "hand_over", "leave")),
    ("initiatives:leave", "sheet:draft", 404, {PUBLIC: SIGN_IN, "ana": 302, "ben": 200}),
    ("initiatives:take_back", "agreement:employer", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:take_back", "agreement:author", 404, NOBODY),
    ("initiatives:ask_author", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": 200}),
    ("initiatives:ask_author", "sheet:complete", 404, NOBODY),
    ("initiatives:sign_on_paper", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": 302}),
    ("initiatives:check", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": 200}),
    # Setting aside and being told: one's own, whoever one is; a link shows to who has it.
    ("booklet", "", 200, {}),
    *(("initiatives:collect", f"sheet:{state}", 200, {}) for state in ("published", "archived", "public_source")),
    *(("initiatives:collect", f"sheet:{state}", 404, {}) for state in ("masked", "draft", "withdrawn", "merged")),
    ("collect_fiche", "fiche:known", 200, {}),
    ("collect_fiche", "fiche:unknown", 404, {}),
    ("shared_booklet", "booklet:shared", 200, {}),
    ("shared_booklet", "booklet:stopped", 404, {}),
    ("shared_booklet", "token=jamais-signe", 404, {}),
    # Fixing what is in one's recueil; reading what is fixed, with its files; deleting one's own.
    *((name, "", 302, {"ana": 200}) for name in ("fix_booklet", "make_case")),
    *(("edition", f"edition:{state}", 200, {}) for state in ("own", "nobody", "case")),
    *(("edition_pdf", f"edition:{state}", 200, {}) for state in ("own", "nobody", "case")),
    *((f"edition_{kind}", "edition:own", 200, {}) for kind in ("epub", "pages")),
    *((f"edition_{kind}", "edition:case", 404, {}) for kind in ("epub", "pages")),
    *((name, "token=jamais-signe", 404, {}) for name in ("edition", "edition_pdf", "edition_epub", "edition_pages")),
    ("delete_edition", "edition:own", 404, {PUBLIC: SIGN_IN, "ana": 200}),
    ("delete_edition", "edition:nobody", 404, NOBODY),
    ("delete_edition", "token=jamais-signe", 404, NOBODY),
    *((name, "", 200, {}) for name in ("guide_files", "guide_pdf", "guide_epub", "guide_pages")),
    ("initiatives:alert_new", "", 200, {}),
    ("alerts", "", 200, NOBODY),
    *(("alert", f"alert:{state}", 200, {}) for state in ("asked", "running")),
    ("alert_stop", "alert:running", 200, {}),
    *((name, "token=jamais-signe", 404, {}) for name in ("alert", "alert_stop")),
    ("suggestions", "", 200, {}),
    # Synonyms: who edits the guide, and the national coordination.
    *((name, about, 404, {PUBLIC: SIGN_IN, "nora gaby": 200}) for name, about in SYNONYMS),
    ("synonyms_restore", "", 405, {}),
    # Writing the guide: the same; what isn't being written or proposed leads back.
    *((f"guide:{name}", "", 404, {PUBLIC: SIGN_IN, EDITORS: 200}) for name in ("edition", "edition_feedback")),
    *(
        (f"guide:{name}", of, 404, {PUBLIC: SIGN_IN, EDITORS: outcome})
        for name, of, outcome in (
            ("edit_fiche", "fiche:known", 200),
            ("edit_fiche", "fiche:drafted", 200),
            ("preview_fiche", "fiche:known", 302),
            ("preview_fiche", "fiche:drafted", 200),
            ("discard_fiche", "fiche:known", 302),
            ("discard_fiche", "fiche:drafted", 200),
            ("proposed_fiche", "fiche:known", 302),
            ("proposed_fiche", "fiche:proposed", 200),
            ("publish_fiche", "fiche:drafted", 302),
            ("edit_fiche", "fiche:unknown", 404),
        )
    ),
    # Teaching: the centre's trainers, the cohort's students; heads, coordination and administrators see no work.
    *((f"training:{name}", "", 200, {}) for name in ("home", "join", "what_my_trainer_sees")),
    ("training:join_code", "cohort:own", 200, {}),
    ("training:join_code", "code=BCDFGHJK", 404, {}),
    ("training:centres", "", 404, {PUBLIC: SIGN_IN, "nora": 200}),
    ("training:new_cohort", "", 404, {PUBLIC: SIGN_IN, "tess otto": 200}),
    *(
        row
        for name in ("cohort", "cohort_table", "table_csv", "table_ods", "new_assignment")
        for row in (
            (f"training:{name}", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": 200}),
            (f"training:{name}", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
            (f"training:{name}", "pk=999999999", 404, NOBODY),
        )
    ),
    ("training:renew_code", "cohort:own", 405, NOBODY),
    # One's dates, for who studies or teaches; behind their key, for who has it.
    ("training:calendar", "", 404, {PUBLIC: SIGN_IN, "ilan sam tess otto": 200}),
    ("training:calendar_feed", "calendar:own", 200, {}),
    ("training:calendar_feed", "key=jamais-faite", 404, {}),
    ("training:assignment", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan": 200, "tess tim": 302}),
    ("training:assignment", "assignment:future", 404, {PUBLIC: SIGN_IN, "tess tim": 302}),
    ("training:assignment", "assignment:other", 404, {PUBLIC: SIGN_IN, "sam": 200, "otto": 302}),
    ("training:assignment_table", "assignment:open", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:assignment_table", "assignment:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
    ("training:assigned_fiche", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan tess tim": 200}),
    ("training:assigned_fiche", "assignment:future", 404, {PUBLIC: SIGN_IN, "tess tim": 200}),
    ("training:assigned_fiche", "assignment:open fiche=999999999", 404, NOBODY),
    ("training:declare_read", "assignment:open", 405, NOBODY),
    # Giving, and all that one then does with an assignment.
    *((f"training:{name}", "assignment:open", 404, {PUBLIC: SIGN_IN, "tess": 200}) for name in GIVEN),
    *((f"training:{name}", "assignment:future", 404, {PUBLIC: SIGN_IN, "tess": 200}) for name in GIVEN),
    *((f"training:{name}", "assignment:other", 404, {PUBLIC: SIGN_IN, "otto": 200}) for name in GIVEN),
    *((f"training:{name}", "assignment:extended", 404, {PUBLIC: SIGN_IN, "tess": 200}) for name in EXTENDED),
    *((f"training:{name}", "assignment:crossed", 404, NOBODY) for name in EXTENDED),
    ("training:newer_fiche", "assignment:open", 404, {PUBLIC: SIGN_IN, "tess": 302}),
    ("training:newer_fiche", "assignment:extended", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:newer_fiche", "assignment:crossed", 404, NOBODY),
    ("training:clone_assignments", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:clone_assignments", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
    ("training:save_note", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan": 302}),
    ("training:save_note", "assignment:other", 404, {PUBLIC: SIGN_IN, "sam": 302}),
    # Studying: what is written is its writer's alone; what is to read is carried away by who may read it.
    ("training:typing_note", "assignment:open", 405, {}),
    ("training:typing_answer", "work:sent", 405, {}),
    ("training:note_versions", "assignment:again", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:note_versions", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan": 302}),
    *((f"training:{name}", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan tess tim": 200}) for name in CARRIED),
    *((f"training:{name}", "assignment:future", 404, {PUBLIC: SIGN_IN, "tess tim": 200}) for name in CARRIED),
    *((f"training:{name}", "assignment:other", 404, {PUBLIC: SIGN_IN, "sam otto": 200}) for name in CARRIED),
    *((f"training:{name}", "cohort:own", 404, {PUBLIC: SIGN_IN, "ilan kim": 200}) for name in DOSSIER),
    *((f"training:{name}", "cohort:other", 404, {PUBLIC: SIGN_IN, "sam": 200}) for name in DOSSIER),
    ("training:send_note", "assignment:written", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:send_note", "assignment:accepted", 404, {PUBLIC: SIGN_IN, "ilan": 302}),
    ("training:send_note", "assignment:future", 404, NOBODY),
    ("training:work", "work:sent", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:work", "work:accepted", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:work", "work:left", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:work", "work:begun", 404, NOBODY),
    ("training:work", "work:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
    # What a student makes of an accepted work; a number is checked by anyone.
    ("attestations", "", 200, {}),
    *(("attestation", f"attestation:{state}", 200, {}) for state in ("own", "revoked", "other")),
    ("attestation", "number=BCDF-GHJK-MNPQ", 404, {}),
    ("training:own_attestations", "", 200, NOBODY),
    ("training:attest", "work:accepted", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:attest", "work:sent", 404, NOBODY),
    ("training:attestation_pdf", "attestation:own", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:attestation_pdf", "attestation:revoked", 404, NOBODY),
    ("training:revoke_attestation", "attestation:own", 404, {PUBLIC: SIGN_IN, "ilan tess": 200}),
    ("training:revoke_attestation", "attestation:other", 404, {PUBLIC: SIGN_IN, "sam otto": 200}),
    ("training:revoke_attestation", "attestation:revoked", 404, NOBODY),
    ("training:offer_note", "work:accepted", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:offer_note", "work:waiting", 404, {PUBLIC: SIGN_IN, "ilan": 200}),
    ("training:offer_note", "work:sent", 404, {PUBLIC: SIGN_IN, "ilan": 302}),
    ("training:offers", "", 404, {PUBLIC: SIGN_IN, "tess otto": 200}),
    *(("training:offer", f"offer:{state}", 404, {PUBLIC: SIGN_IN, "tess": 200}) for state in ("waiting", "agreed")),
    ("training:offer", "offer:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
    ("training:statistics", "", 404, {PUBLIC: SIGN_IN, "hugo nora": 200}),
    # From a platform's course: heads and the national team keep platforms; what platforms call knows nobody.
    ("lti:home", "", 404, {PUBLIC: SIGN_IN, "hugo nora": 200}),
    *(
        row
        for name, own, other in (
            ("lti:platform", "platform:own", "platform:other"),
            ("lti:new_platform", "for:own", "for:other"),
        )
        for row in (
            (name, own, 404, {PUBLIC: SIGN_IN, "hugo nora": 200}),
            (name, other, 404, {PUBLIC: SIGN_IN, "nora": 200}),
            (name, "pk=999999999", 404, NOBODY),
        )
    ),
    ("lti:course", "course:own", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("lti:course", "pk=999999999", 404, NOBODY),
    ("lti:register", "registration:open", 200, {}),
    ("lti:register", "token=jamais-signe", 404, {}),
    ("lti:keys", "", 200, {}),
    ("lti:login", "", 400, {}),
    *((name, "", 405, {}) for name in ("lti:launch", "lti:choose")),
    ("lti:chosen", "state=jamais-signe", 405, {}),
    ("lti:arrival", "state=jamais-signe", 404, {}),
    # A centre is kept by its head and its trainers, named by its head; a cohort's people by its trainers alone.
    *((f"training:{name}", "centre:own", 404, {PUBLIC: SIGN_IN, "tess hugo": 200}) for name in OF_CENTRE),
    *((f"training:{name}", "centre:other", 404, {PUBLIC: SIGN_IN, "otto": 200}) for name in OF_CENTRE),
    *((f"training:{name}", "centre:own", 404, {PUBLIC: SIGN_IN, "hugo": 200}) for name in OF_HEAD),
    *((f"training:{name}", "centre:other", 404, NOBODY) for name in OF_HEAD),
    ("training:place_centre", "centre:own", 404, {PUBLIC: SIGN_IN, "hugo": 200}),
    ("training:place_centre", "centre:other", 404, NOBODY),
    *((f"training:{name}", "centre:crossed", 404, NOBODY) for name in ("remove_closure", "competence", "end_trainer")),
    *((f"training:{name}", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": 200}) for name in OF_COHORT),
    *((f"training:{name}", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": 200}) for name in OF_COHORT),
    *((f"training:{name}", f"cohort:{how}", 404, NOBODY) for name in IN_COHORT for how in ("crossed", "crossed_back")),
    ("training:student_returns", "cohort:left", 405, NOBODY),
    ("training:leave_cohort", "cohort:own", 404, {PUBLIC: SIGN_IN, "ilan kim": 200}),
    ("training:leave_cohort", "cohort:other", 404, {PUBLIC: SIGN_IN, "sam": 200}),
    ("training:own_notes", "cohort:own", 404, {PUBLIC: SIGN_IN, "ilan kim": 200}),
    ("training:own_notes", "cohort:other", 404, {PUBLIC: SIGN_IN, "sam": 200}),
    ("training:decline", "invitation:own", 200, {}),
    ("training:decline", "token=jamais-signe", 404, {}),
    ("training:become_trainer", "naming:stan", 200, NOBODY),
    ("training:become_trainer", "token=jamais-signe", 404, NOBODY),
    # One's account.
    *(
        (name, "", 200, NOBODY)
        for name in (
            "accounts:account",
            "accounts:profile",
            "account_email",
            "account_reauthenticate",
            "account_change_password",
            "usersessions_list",
            "mfa_index",
        )
    ),
    *((name, "", 302, {PUBLIC: 200}) for name in ("account_login", "account_signup", "accounts:request_link")),
    ("accounts:welcome", "", 302, NOBODY),
    ("account_logout", "", 200, {PUBLIC: 302}),
    ("account_set_password", "", 302, NOBODY),
    *(
        (name, "", 200, {})
        for name in (
            "account_inactive",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
        )
    ),
    ("account_confirm_email", "key=abc", 200, {}),
    ("account_reset_password_from_key", "uidb36=1 key=abc-def", 200, {}),
    ("accounts:follow_link", "link:stan", 200, {}),
    ("accounts:follow_link", "link:wrong", 200, {}),
    ("accounts:letters", "", 200, NOBODY),
    ("accounts:stop_letters", "stop:ana", 200, {}),
    ("accounts:stop_letters", "token=jamais-signe", 404, {}),
    ("mfa_authenticate", "", 302, NOBODY),
    ("mfa_reauthenticate", "", PROVE, {PUBLIC: SIGN_IN, PROTECTED: 200}),
    ("mfa_activate_totp", "", PROVE, NOBODY),
    ("mfa_deactivate_totp", "", PROVE, {PUBLIC: SIGN_IN, UNPROTECTED: 404}),
    ("mfa_generate_recovery_codes", "", PROVE, NOBODY),
    ("mfa_view_recovery_codes", "", 404, NOBODY),
    ("mfa_download_recovery_codes", "", 404, NOBODY),
    # Roles: all of them for administrators, those of content for the national team; what is over stays over.
    ("accounts:roles", "", 404, {PUBLIC: SIGN_IN, MANAGERS: 200}),
    ("accounts:grant_role", "", 404, {PUBLIC: SIGN_IN, MANAGERS: 200}),
    ("accounts:end_role", "role:current", 404, {PUBLIC: SIGN_IN, MANAGERS: 200}),
    ("accounts:end_role", "role:trainer", 404, {PUBLIC: SIGN_IN, MANAGERS: 200}),
    ("accounts:end_role", "role:dpo", 404, {PUBLIC: SIGN_IN, "ada": 200}),
    ("accounts:end_role", "role:administrator", 404, NOBODY),
    ("accounts:end_role", "role:ended", 404, NOBODY),
]

CALL = {"title": "Qui l’a fait ?", "question": "Dites-nous où.", "territory": "departement:62"}
ANSWERS: dict[str, dict[str, Any]] = {
    "initiatives:step": {"title": "Un titre écrit par quelqu’un", "edition": 0, "seen": ""},
    "initiatives:typing": {"title": "Un titre qui n’est pas fini", "window": "a" * 24, "count": 2},
    "initiatives:request_changes": {"changes-text": "Dites comment cela a commencé."},
    "initiatives:ask_third_party": {"third-who": "La direction du CCAS", "third-text": "Est-il d’accord ?"},
    "initiatives:redirect": {"redirect-where": "La revue", "redirect-text": "Elle y trouvera des lecteurs attentifs."},
    "initiatives:fill_grid": {"grid-seen": "", "grid-answer_recit": "yes"},
    "initiatives:reassign": {"place": "42"},
    "initiatives:reopen": {"text": "Une personne s’est reconnue dans le récit."},
    "initiatives:write": {"message-text": "Une question de la coordination."},
    "initiatives:note": {"note-text": "Une note de la coordination."},
    "initiatives:ask_opinion": {"question": "Le cadre est-il bien posé ?"},
    "initiatives:opinion": {"advice": "for", "text": "Le cadre est bien posé, à mon avis."},
    "initiatives:write_to_coordination": {"message-text": "Une question de l’équipe."},
    "initiatives:appeal": {"appeal-text": "La fiche raconte bien un groupe."},
    "initiatives:refuse": {"refuse-motive": "trop-peu", "refuse-text": "Racontez une séance entière, sans nommer."},
    "initiatives:report": {"kind": "other", "text": "Une phrase blesse."},
    "initiatives:contact": {
        "name": "Zoé", "email": "zoe@exemple.test", "text": "Comment avez-vous trouvé la salle, la première année ?",
    },
    "agreement": {"answer": "yes", "edition": 0},
    "initiatives:call_me": {"name": "Rose", "phone": "03 21 00 00 00", "when": "le mardi", "departement": "62"},
    "initiatives:tell_for": {"name": "Rose", "email": "rose@exemple.test"},
    "initiatives:ask_agreement": {"ask-kind": "people", "ask-name": "Zoé", "ask-email": "zoe@exemple.test"},
    "initiatives:invite": {"invite-name": "Zoé", "invite-email": "zoe@exemple.test"},
    "initiatives:hand_over": {
        "hand-over-name": "Zoé", "hand-over-email": "zoe@exemple.test", "hand-over-after": "reste",
    },
    "initiatives:ask_author": {"link-name": "Rose", "link-email": "rose@exemple.test"},
    "initiatives:sign_on_paper": {
        "paper-name": "Rose", "paper-email": "rose@exemple.test", "paper-held": "on", "edition": 0,
        "paper-signed_on": f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}",
    },
    "initiatives:uphold": {"uphold-outcome": "to_correct", "uphold-text": "Merci de nous l’avoir écrit."},
    "initiatives:dismiss": {"dismiss-text": "Personne n’est reconnaissable ici."},
    **{
        f"initiatives:{gesture}": {f"{gesture}-text": "Une bonne raison de le faire.", **more}
        for gesture, more in {
            "mask": {}, "unmask": {}, "take_down": {"take_down-reason": "error"}, "restore": {"restore-asked": "on"},
            "unmerge": {},
        }.items()
    },
    "initiatives:reuse": {"departement": "42"},
    "initiatives:reuse_tried": {"on": "2026-01-05"},
    "initiatives:reuse_adapted": {"how": "raconter"},
    "booklet": {"geste": "arreter:"},
    "fix_booklet": {"title": "Pour la réunion de mars", "foreword": "Trois textes.", "cover": "band", "paper": "a5"},
    "levers:call_new": CALL,
    "levers:change_call": CALL,
    "levers:call_answer": {"begin": "1"},
    "levers:note_new": {"title": "Une note", "summary": "Une phrase.", "body": "Un brouillon."},
    "levers:edit_note": {"title": "Une note reprise", "summary": "Une phrase.", "body": "Un brouillon."},
    "levers:edit_proposal": {
        "official_status": "listed", "official_source": "Le rapport, annexe 2", "official_wording": "Ses mots",
        "history": "Cette page portait les mots de la synthèse.", "read_at": "",
    },
    "initiatives:alert_new": {"email": "zoe@exemple.test", "rhythm": "weekly"},
    "alert": {"geste": "confirmer"},
    "synonyms_new": {"words": "la permanence mobile\nle bus des droits"},
    "synonyms_edit": {"words": "la permanence mobile\nle camion des droits"},
    "guide:feedback": {"served": "partly", "purpose": "Il manque un exemple."},
    "guide:edit_fiche": {
        "title": "Un titre neuf", "seen": "", "geste": "enregistrer", "section_0": "Une scène.",
        "source-TOTAL_FORMS": "0", "source-INITIAL_FORMS": "0",
    },
    "guide:proposed_fiche": {"geste": "ecarter"},
    "accounts:profile": {"name": "Un nom"},
    "accounts:letters": dict.fromkeys(("cases", "reminders", "thread", "contact", "freshness", "reuse"), "never"),
    "training:centres": {"name": "Un centre de plus"},
    "training:new_cohort": {
        "name": "ES 2026-2029", "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30",
    },
    "training:renew_code": {"action": "renew"},
    "training:calendar": {"action": "renew"},
    "training:new_assignment": {
        "title": "Lire", "fiches": ["10"], "question": "Qu’avez-vous vu ?", "due_time": "23:59",
        "due_on": str(timezone.localdate() + timedelta(days=9)),
    },
    "training:edit_assignment": {"title": "Relire", "audience": "all", "due_time": "12:00",
                                 "due_on": str(timezone.localdate() + timedelta(days=40))},
    "training:reuse_assignment": {"action": "share"},
    "training:extensions": {"due_on": str(timezone.localdate() + timedelta(days=60)), "due_time": "23:59"},
    "training:change_extension": {"due_on": str(timezone.localdate() + timedelta(days=70)), "due_time": "23:59"},
    "training:place_centre": {"departement": "57"},
    "training:closures": {"name": "Été", "first_on": "2027-07-10", "last_on": "2027-08-20"},
    "training:competences": {"code": "C9", "label": "Tenir une réunion"},
    "training:competence": {"code": "C1", "label": "Animer un groupe de parole"},
    "training:edit_cohort": {
        "name": "ASS, deuxième année", "curriculum": "2018", "starts_on": "2026-09-01", "ends_on": "2029-06-30",
    },
    "training:add_student": {"email": "nouvelle@exemple.test", "name": "Nouvelle"},
    "training:student_import": {"action": "confirm"},
    "training:student_leaves": {"why": "left"},
    "training:invitation": {"action": "withdraw"},
    "training:groups": {"name": "TD 9"},
    "training:group": {"name": "TD 8"},
    "training:typing_note": {"text": "Une note qui s’écrit.", "edition": 1, "window": "a" * 24, "count": 2},
    "training:save_note": {"text": "Une note écrite par quelqu’un.", "edition": 1},
    "training:send_note": {"edition": 1},
    "training:typing_answer": {"text": "Une réponse qui s’écrit.", "number": 1, "window": "a" * 24, "count": 2},
    "training:work": {"text": "Merci.", "verdict": "to_redo", "number": 1},
    "training:offer_note": {"action": "ask"},
    "training:offer": {"answer": "agree"},
    "lti:course": {"do": "untie"},
    "lti:platform": {"do": "close"},
}  # fmt: skip
WRITING: list[Row] = [
    ("initiatives:propose", "", DONE, NOBODY),
    ("initiatives:step", "sheet:draft step=quoi", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:step", "sheet:being_revised step=quoi", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:step", "sheet:in_review step=quoi", 404, {PUBLIC: SIGN_IN, WRITERS: 409}),
    ("initiatives:step", "sheet:withdrawn step=quoi", 404, NOBODY),
    # What is typed and not saved: kept for who types it, and read by nobody else (tests/initiatives/test_tell_typing).
    ("initiatives:typing", "sheet:draft step=quoi", 404, {PUBLIC: 401, WRITERS: KEPT}),
    ("initiatives:typing", "sheet:being_revised step=quoi", 404, {PUBLIC: 401, WRITERS: KEPT}),
    ("initiatives:typing", "sheet:in_review step=quoi", 404, {PUBLIC: 401, WRITERS: 409}),
    ("initiatives:typing", "sheet:withdrawn step=quoi", 404, {PUBLIC: 401}),
    ("initiatives:typing", "sheet:draft step=inconnu", 404, {}),
    ("initiatives:anonymity", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:anonymity", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:alike", "sheet:draft", 404, NOBODY),  # no sheet is named: nothing to answer about
    ("initiatives:alike", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:draft", "sheet:refused", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:draft", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:edit", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:edit", "sheet:in_revision", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:edit", "sheet:withdrawn", 404, NOBODY),
    ("initiatives:edit", "sheet:public_source", 404, NOBODY),
    ("initiatives:submit", "sheet:complete", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:submit", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 409}),
    ("initiatives:submit", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:discard", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:discard", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:cancel", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:cancel", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    # Nobody decides of what they wrote, of what they did not take, or of what is decided.
    ("initiatives:claim", "case:received", 404, {PUBLIC: SIGN_IN, LOCAL: DONE}),
    ("initiatives:claim", "case:mine", 404, {PUBLIC: SIGN_IN, "max nora": DONE, "max_writes": 409}),
    ("initiatives:claim", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:claim", "case:refused", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:claim", "case:nowhere", 404, {PUBLIC: SIGN_IN, "nora": DONE}),
    ("initiatives:release", "case:claimed", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
    ("initiatives:release", "case:received", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    *(
        row
        for move in DECISIONS
        for row in (
            (f"initiatives:{move}", "case:claimed", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
            (f"initiatives:{move}", "case:revision", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
            (f"initiatives:{move}", "case:elsewhere", 404, {PUBLIC: SIGN_IN, "lise": DONE, "nora": 409}),
            (f"initiatives:{move}", "case:mine", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
            (f"initiatives:{move}", "case:refused", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
            (f"initiatives:{move}", "case:of_published", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
        )
    ),
    # Around a sheet.
    ("initiatives:report", "sheet:published", DONE, {}),
    ("initiatives:report", "sheet:masked", DONE, {}),
    ("initiatives:report", "sheet:draft", 404, {}),
    ("initiatives:report", "sheet:withdrawn", 404, {}),
    ("initiatives:contact", "sheet:published", DONE, {}),
    ("initiatives:contact", "sheet:public_source", 404, {}),
    ("initiatives:contact", "sheet:masked", 404, {}),
    ("initiatives:adopt", "sheet:public_source", DONE, NOBODY),
    ("initiatives:adopt", "sheet:adopted", 409, {PUBLIC: SIGN_IN, "stan": 302}),
    ("initiatives:adopt", "sheet:published", 404, NOBODY),
    ("initiatives:withdraw", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:withdraw", "sheet:masked", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:withdraw", "sheet:draft", 404, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:withdraw", "sheet:adopted", 404, NOBODY),
    *(
        (f"initiatives:{move}", "case:report", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409})
        for move in ("uphold", "dismiss")
    ),
    *((f"initiatives:{move}", "case:claimed", 404, NOBODY) for move in ("uphold", "dismiss")),
    *(
        (f"initiatives:{gesture}", of, 404, {PUBLIC: SIGN_IN, LOCAL: DONE})
        for gesture, of in {
            "mask": "sheet:published",
            "unmask": "sheet:masked",
            "take_down": "sheet:stale",
            "restore": "sheet:withdrawn",
            "unmerge": "sheet:merged",
            "merge": "sheet:published",
        }.items()
    ),
    *(
        (f"initiatives:{gesture}", "sheet:published", 404, {PUBLIC: SIGN_IN, LOCAL: 409})
        for gesture in ("unmask", "unmerge", "restore")
    ),
    ("initiatives:unmask", "sheet:reported", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:redact", "sheet:published", 404, {PUBLIC: SIGN_IN, "dan": DONE}),
    # A link answers once, whoever has it; an invitation asks for the account of its address.
    *(("agreement", f"agreement:{state}", DONE, {}) for state in ("employer", "author", "news")),
    ("agreement", "agreement:invitation", 200, {PUBLIC: SIGN_IN, "stan": DONE}),
    ("agreement", "agreement:expired", 410, {}),
    ("agreement", "token=jamais-vu", 404, {}),
    ("initiatives:call_me", "", DONE, {}),
    ("initiatives:tell_for", "", 404, {PUBLIC: SIGN_IN, COORDINATION: DONE}),
    *(
        (f"initiatives:{name}", "sheet:complete", 404, {PUBLIC: SIGN_IN, WRITERS: DONE})
        for name in ("ask_agreement", "invite")
    ),
    ("initiatives:ask_agreement", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": DONE}),
    ("initiatives:invite", "sheet:typed", 404, NOBODY),
    ("initiatives:hand_over", "sheet:complete", 404, {PUBLIC: SIGN_IN, "ana": DONE, "ben": 409}),
    ("initiatives:hand_over", "sheet:typed", 404, NOBODY),
    ("initiatives:leave", "sheet:complete", 404, {PUBLIC: SIGN_IN, "ana": 409, "ben": DONE}),
    ("initiatives:take_back", "agreement:employer", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:ask_author", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": DONE}),
    ("initiatives:ask_author", "sheet:complete", 404, NOBODY),
    ("initiatives:sign_on_paper", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": DONE}),
    ("initiatives:sign_on_paper", "sheet:complete", 404, NOBODY),
    ("initiatives:submit", "sheet:typed", 404, {PUBLIC: SIGN_IN, "max": 409}),
    ("initiatives:fill_grid", "case:claimed", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
    ("initiatives:fill_grid", "case:received", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:resume", "case:waiting", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
    ("initiatives:resume", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    # Calls, notes, and what an official list says.
    ("levers:call_new", "", 404, {PUBLIC: SIGN_IN, CALLERS: DONE, "lise": 200}),
    ("levers:change_call", "call:open", 404, {PUBLIC: SIGN_IN, CALLERS: DONE}),
    ("levers:close_call", "call:open", 404, {PUBLIC: SIGN_IN, CALLERS: DONE}),
    ("levers:close_call", "call:closed", 404, {PUBLIC: SIGN_IN, CALLERS: 302}),
    ("levers:reopen_call", "call:closed", 404, {PUBLIC: SIGN_IN, CALLERS: DONE}),
    ("levers:call_answer", "call:open", DONE, NOBODY),
    ("levers:call_answer", "call:closed", 302, NOBODY),
    ("levers:withdraw_answer", "answer:ana", 404, {PUBLIC: SIGN_IN, "ana ben": DONE}),
    ("levers:note_new", "", 404, {PUBLIC: SIGN_IN, EDITORS: DONE}),
    ("levers:edit_note", "note:draft", 404, {PUBLIC: SIGN_IN, EDITORS: DONE}),
    ("levers:unpublish_note", "note:published", 404, {PUBLIC: SIGN_IN, EDITORS: DONE}),
    ("levers:unpublish_note", "note:draft", 404, NOBODY),
    ("levers:edit_proposal", "proposal:known", 404, {PUBLIC: SIGN_IN, EDITORS: DONE}),
    # Taking up elsewhere.
    ("initiatives:inspire", "sheet:published", DONE, {PUBLIC: SIGN_IN, WRITERS: 302}),
    ("initiatives:inspire", "sheet:masked", 404, {}),
    *((f"initiatives:{page}", "reuse:stan", 404, {PUBLIC: SIGN_IN, "stan": DONE}) for page in REUSE_PAGES),
    ("initiatives:reuse_back", "reuse:stan", 404, {PUBLIC: SIGN_IN, "stan": DONE}),
    # Setting aside and being told.
    ("initiatives:collect", "sheet:published", DONE, {}),
    ("initiatives:collect", "sheet:masked", 404, {}),
    ("initiatives:collect", "sheet:draft", 404, {}),
    ("collect_fiche", "fiche:known", DONE, {}),
    ("booklet", "", 302, {"ana": DONE}),
    *((name, "", 302, {"ana": DONE}) for name in ("fix_booklet", "make_case")),
    *((f"edition_{kind}", "edition:own", DONE, {}) for kind in ("pdf", "epub", "pages")),
    ("edition_pdf", "edition:nobody", DONE, {}),
    ("edition_epub", "edition:case", 404, {}),
    ("edition_pdf", "token=jamais-signe", 404, {}),
    ("delete_edition", "edition:own", 404, {PUBLIC: SIGN_IN, "ana": DONE}),
    ("delete_edition", "edition:nobody", 404, NOBODY),
    *((f"guide_{kind}", "", DONE, {}) for kind in ("pdf", "epub", "pages")),
    ("initiatives:alert_new", "", DONE, {}),
    ("alert", "alert:asked", DONE, {}),
    ("alert", "token=jamais-signe", 404, {}),
    ("synonyms_new", "", 404, {PUBLIC: SIGN_IN, "nora gaby": DONE}),
    ("synonyms_edit", "synonyms:known", 404, {PUBLIC: SIGN_IN, "nora gaby": DONE}),
    ("synonyms_remove", "synonyms:known", 404, {PUBLIC: SIGN_IN, "nora gaby": DONE}),
    ("synonyms_restore", "", 404, {PUBLIC: SIGN_IN, "nora gaby": 302}),
    ("guide:feedback", "fiche:known", DONE, {}),
    ("guide:feedback", "fiche:unknown", 404, {}),
    *(
        (f"guide:{name}", of, 404, {PUBLIC: SIGN_IN, EDITORS: DONE})
        for name, of in (
            ("edition_feedback", ""),
            ("edit_fiche", "fiche:known"),
            ("publish_fiche", "fiche:drafted"),
            ("discard_fiche", "fiche:drafted"),
            ("proposed_fiche", "fiche:proposed"),
        )
    ),
    # Who decided undoes nothing, and reads it no more; nor who wrote it.
    ("initiatives:reopen", "case:refused", 404, {PUBLIC: SIGN_IN, "max": 409, "max_writes nora": DONE}),
    ("initiatives:reopen", "case:redirected", 404, {PUBLIC: SIGN_IN, "max": 409, "max_writes nora": DONE}),
    ("initiatives:reopen", "case:of_published", 404, {PUBLIC: SIGN_IN, "max": 409, "max_writes nora": DONE}),
    ("initiatives:reopen", "case:of_withdrawn", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:reopen", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:reassign", "case:received", 404, {PUBLIC: SIGN_IN, LOCAL: DONE}),
    ("initiatives:reassign", "case:claimed", 404, {PUBLIC: SIGN_IN, "max nora": DONE, "max_writes": 409}),
    ("initiatives:reassign", "case:mine", 404, {PUBLIC: SIGN_IN, "max nora": DONE, "max_writes": 409}),
    ("initiatives:reassign", "case:nowhere", 404, {PUBLIC: SIGN_IN, "nora": DONE}),
    ("initiatives:reassign", "case:refused", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:bulk", "", 404, {PUBLIC: SIGN_IN, LOCAL: DONE, "lise": 302}),
    *(
        row
        for move in ("write", "note")
        for row in (
            (f"initiatives:{move}", "case:claimed", 404, {PUBLIC: SIGN_IN, LOCAL: DONE}),
            (f"initiatives:{move}", "case:mine", 404, {PUBLIC: SIGN_IN, "max nora": DONE, "max_writes": 409}),
            (f"initiatives:{move}", "case:elsewhere", 404, {PUBLIC: SIGN_IN, "lise nora": DONE}),
        )
    ),
    ("initiatives:write", "case:of_published", 404, {PUBLIC: SIGN_IN, LOCAL: 409}),
    ("initiatives:ask_opinion", "case:claimed", 404, {PUBLIC: SIGN_IN, "max": DONE, "max_writes nora": 409}),
    ("initiatives:opinion", "opinion:asked", 404, {PUBLIC: SIGN_IN, "eve": DONE}),
    ("initiatives:opinion", "opinion:over", 404, NOBODY),
    ("initiatives:write_to_coordination", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:write_to_coordination", "sheet:published", 404, {PUBLIC: SIGN_IN, WRITERS: 409}),
    ("initiatives:appeal", "sheet:refused", 404, {PUBLIC: SIGN_IN, WRITERS: DONE}),
    ("initiatives:appeal", "sheet:in_review", 404, {PUBLIC: SIGN_IN, WRITERS: 409}),
    ("initiatives:appeal", "sheet:redirected", 404, {PUBLIC: SIGN_IN, WRITERS: 409}),
    # A trainer doesn't do a student's gestures, nor a student a trainer's; what is accepted no longer changes.
    ("training:centres", "", 404, {PUBLIC: SIGN_IN, "nora": DONE}),
    ("training:new_cohort", "", 404, {PUBLIC: SIGN_IN, "tess otto": DONE}),
    ("training:calendar", "", 404, {PUBLIC: SIGN_IN, "ilan sam tess otto": DONE}),
    ("training:renew_code", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    ("training:renew_code", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": DONE}),
    ("training:new_assignment", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    ("training:new_assignment", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": DONE}),
    *((f"training:{name}", "centre:own", 404, {PUBLIC: SIGN_IN, "tess hugo": DONE}) for name in OF_CENTRE[1:]),
    *((f"training:{name}", "centre:other", 404, {PUBLIC: SIGN_IN, "otto": DONE}) for name in OF_CENTRE[1:]),
    *((f"training:{name}", "centre:crossed", 404, NOBODY) for name in ("remove_closure", "competence")),
    *((f"training:{name}", "centre:own", PROVE, NOBODY) for name in OF_HEAD),
    ("training:place_centre", "centre:own", 404, {PUBLIC: SIGN_IN, "hugo": DONE}),
    ("training:place_centre", "centre:other", 404, NOBODY),
    *(
        (f"training:{name}", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": DONE})
        for name in OF_COHORT
        if name != "students"
    ),
    *(
        (f"training:{name}", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": DONE})
        for name in OF_COHORT
        if name != "students"
    ),
    *((f"training:{name}", f"cohort:{how}", 404, NOBODY) for name in IN_COHORT for how in ("crossed", "crossed_back")),
    ("training:student_returns", "cohort:left", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    ("training:leave_cohort", "cohort:own", 404, {PUBLIC: SIGN_IN, "ilan": DONE, "kim": 302}),
    ("training:decline", "invitation:own", KEPT, {}),
    ("training:become_trainer", "naming:stan", 200, {PUBLIC: SIGN_IN, "stan": DONE}),
    ("training:join_code", "cohort:own", DONE, {PUBLIC: SIGN_IN, "tess": 200, "ilan": 302}),
    ("training:declare_read", "assignment:open", 404, {PUBLIC: SIGN_IN, "ilan": DONE}),
    ("training:declare_read", "assignment:future", 404, NOBODY),
    *(
        (f"training:{name}", f"assignment:{whose}", 404, {PUBLIC: SIGN_IN, who: DONE})
        for name in GIVEN
        if name != "preview_assignment"
        for whose, who in (("open", "tess"), ("other", "otto"))
    ),
    *((f"training:{name}", "assignment:extended", 404, {PUBLIC: SIGN_IN, "tess": DONE}) for name in EXTENDED),
    *((f"training:{name}", "assignment:crossed", 404, NOBODY) for name in (*EXTENDED, "newer_fiche")),
    ("training:newer_fiche", "assignment:extended", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    # Without a cohort to take up from, dates are asked for and nothing is given.
    ("training:clone_assignments", "cohort:own", 404, {PUBLIC: SIGN_IN, "tess": 200}),
    ("training:clone_assignments", "cohort:other", 404, {PUBLIC: SIGN_IN, "otto": 200}),
    ("training:typing_note", "assignment:written", 404, {PUBLIC: 401, "ilan": KEPT}),
    ("training:typing_note", "assignment:other", 404, {PUBLIC: 401, "sam": KEPT}),
    ("training:typing_note", "assignment:accepted", 404, {PUBLIC: 401, "ilan": 409}),
    ("training:typing_note", "assignment:future", 404, {PUBLIC: 401}),
    ("training:save_note", "assignment:written", 404, {PUBLIC: SIGN_IN, "ilan": DONE}),
    ("training:save_note", "assignment:other", 404, {PUBLIC: SIGN_IN, "sam": DONE}),
    ("training:save_note", "assignment:accepted", 404, {PUBLIC: SIGN_IN, "ilan": 409}),
    ("training:save_note", "assignment:future", 404, NOBODY),
    ("training:send_note", "assignment:written", 404, {PUBLIC: SIGN_IN, "ilan": DONE}),
    ("training:send_note", "assignment:accepted", 404, {PUBLIC: SIGN_IN, "ilan": 302}),
    ("training:send_note", "assignment:future", 404, NOBODY),
    ("training:work", "work:sent", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    ("training:work", "work:begun", 404, NOBODY),
    ("training:work", "work:other", 404, {PUBLIC: SIGN_IN, "otto": DONE}),
    # Kept for who signed the page, and this one is signed by nobody.
    ("training:typing_answer", "work:sent", 404, {PUBLIC: 401, "tess": 400}),
    ("training:typing_answer", "work:begun", 404, {PUBLIC: 401}),
    ("training:typing_answer", "work:other", 404, {PUBLIC: 401, "otto": 400}),
    ("training:attest", "work:accepted", 404, {PUBLIC: SIGN_IN, "ilan": DONE}),
    ("training:attest", "work:sent", 404, NOBODY),
    ("training:revoke_attestation", "attestation:own", 404, {PUBLIC: SIGN_IN, "ilan tess": DONE}),
    ("training:revoke_attestation", "attestation:other", 404, {PUBLIC: SIGN_IN, "sam otto": DONE}),
    ("training:offer_note", "work:accepted", 404, {PUBLIC: SIGN_IN, "ilan": DONE}),
    ("training:offer", "offer:waiting", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    ("training:offer", "offer:other", 404, {PUBLIC: SIGN_IN, "otto": DONE}),
    ("lti:course", "course:own", 404, {PUBLIC: SIGN_IN, "tess": DONE}),
    *((name, of, PROVE, NOBODY) for name, of in PLATFORMS),
    ("accounts:profile", "", DONE, NOBODY),
    # Who writes no sheet, coordinates nothing and studies nowhere has nothing to choose.
    ("accounts:letters", "", 302, {PUBLIC: SIGN_IN, "ana stan max nora mia ilan sam": DONE}),
    # The gestures that change who can act ask for a fresh proof.
    ("accounts:grant_role", "", PROVE, NOBODY),
    ("accounts:end_role", "role:current", PROVE, NOBODY),
    ("mfa_activate_totp", "", PROVE, NOBODY),
    ("mfa_deactivate_totp", "", PROVE, {PUBLIC: SIGN_IN, UNPROTECTED: 404}),
    ("mfa_generate_recovery_codes", "", PROVE, NOBODY),
    ("usersessions_list", "", 302, NOBODY),
    ("account_change_password", "", 200, NOBODY),
    ("account_set_password", "", 302, NOBODY),
    ("account_email", "", 302, NOBODY),
    ("account_reauthenticate", "", 200, NOBODY),
]
# POST answers to all: forms of people who are nobody yet, each with its own stories in tests/accounts.
OPEN_TO_ALL = {
    "account_login", "account_signup", "account_logout", "account_reset_password", "account_confirm_email",
    "account_reset_password_from_key", "accounts:request_link", "accounts:follow_link", "mfa_authenticate",
    "mfa_reauthenticate", "training:join", "attestations",
}  # fmt: skip
# The link alone says who and what: mail programs post there without a cookie (tests/accounts/test_letter_preferences).
ONE_CLICK = {"accounts:stop_letters", "alert_stop"}
# A learning platform's page sends a browser there: what it signed says who, not a cookie (tests/training/test_lti_*).
CALLED_BY_PLATFORMS = {"lti:login", "lti:launch", "lti:choose", "lti:chosen", "lti:register"}


TOKEN = re.compile(r'value="\w{64}"')  # masked anew for each page


def test_every_address_is_declared():
    served = [(name, str(pattern.pattern)) for name, pattern in world.patterns()]
    assert [pattern for name, pattern in served if not name] == [], "an address without a name"
    declared = {name for name, *_ in READING}
    known = {name for name, _ in served}
    optional = {"components", "demo_mailbox", "demo_letter"}  # DEBUG and DEMO only
    assert known - declared - optional == set(), "addresses that the matrix doesn't ask for"
    assert declared - known == set(), "addresses that no longer exist"
    assert {step.slug for step in all_steps()} == set(STEPS)


@pytest.mark.parametrize("part", range(PARTS))
def test_everyone_gets_what_the_table_says(everything, part):
    before, surprises = world.digest(), []
    for name, of, others, exceptions in READING[part::PARTS]:
        path = everything.path(name, of)
        with world.undone():
            for person in askers(name, exceptions):
                answer = everything.browser(person).get(path)
                surprises += surprise("GET", path, of, person, answer, expected(person, path, others, exceptions))
            if world.digest() != before:
                surprises.append(f"GET {path} ({of}) changes what is written")
    assert not surprises, report(surprises)


@pytest.mark.parametrize("part", range(PARTS))
def test_only_those_who_may_write_do(everything, part):
    surprises: list[str] = []
    for name, of, others, exceptions in WRITING[part::PARTS]:
        before, path = world.digest(), everything.path(name, of)
        data = answers(everything, name, of)
        outcomes = {person: expected(person, path, others, exceptions) for person in askers(name, exceptions)}
        with world.undone():
            for person, outcome in outcomes.items():
                if outcome not in ACTS:
                    answer = everything.browser(person).post(path, data)
                    surprises += surprise("POST", path, of, person, answer, outcome)
            if world.digest() != before:
                surprises.append(f"POST {path} ({of}) changes what is written, by one of those who may not")
        for person, outcome in ((person, outcome) for person, outcome in outcomes.items() if outcome in ACTS):
            with world.undone():
                answer = everything.browser(person).post(path, data)
                surprises += surprise("POST", path, of, person, answer, ACTS[outcome])
                if world.digest() == before:
                    surprises.append(f"POST {path} ({of}) changes nothing, by {person} who may")
    assert not surprises, report(surprises)


def test_a_page_one_reads_takes_nothing_in(everything):
    """What is not in the table of writing refuses a POST, or ignores it."""
    before, surprises = world.digest(), []
    writing = {name for name, *_ in WRITING} | OPEN_TO_ALL | ONE_CLICK
    for name, of in dict.fromkeys((name, of) for name, of, *_ in READING if name not in writing):
        path = everything.path(name, of)
        with world.undone():
            for person in (PUBLIC, "nora"):
                answer = everything.browser(person).post(path, {"title": "x", "text": "x", "q": "x"})
                if answer.status_code >= 500 or world.digest() != before:
                    surprises.append(
                        f"POST {path} by {person}: {answer.status_code}, written: {world.digest() != before}"
                    )
    assert not surprises, report(surprises)


def test_no_gesture_is_taken_from_another_site(everything):
    """Without the token of our own forms, nothing is done, whoever's browser is used."""
    surprises = []
    for name, of, others, exceptions in WRITING:
        path = everything.path(name, of)
        doer = next(
            (p for p in askers(name, exceptions) if expected(p, path, others, exceptions) in (*ACTS, PROVE)), "ana"
        )
        answer = everything.browser(doer, enforce_csrf_checks=True).post(path, answers(everything, name, of))
        if answer.status_code != 403:
            surprises.append(f"POST {path} by {doer} without a token: {answer.status_code}")
    for name in sorted(OPEN_TO_ALL):
        of = next(of for known, of, *_ in READING if known == name)
        answer = everything.browser(PUBLIC, enforce_csrf_checks=True).post(everything.path(name, of))
        if answer.status_code != 403:
            surprises.append(f"POST {name} without a token: {answer.status_code}")
    assert not surprises, report(surprises)
    exempt = {name for name, pattern in world.patterns() if getattr(pattern.callback, "csrf_exempt", False)}
    assert exempt == ONE_CLICK | CALLED_BY_PLATFORMS


def test_what_is_missing_and_what_is_forbidden_look_the_same(everything):
    """Nothing tells a stranger that a thing exists."""
    for person in ("stan", "hugo"):
        for name, theirs, nothing in (
            ("initiatives:draft", "sheet:draft", "pk=999999999"),
            ("initiatives:follow", "sheet:claimed", "pk=999999999"),
            ("initiatives:case", "case:claimed", "pk=999999999"),
            ("initiatives:sheet", "sheet:draft", "slug=jamais-ecrite"),
            ("training:assignment", "assignment:open", "pk=999999999"),
            ("training:work", "work:sent", "pk=999999999"),
        ):
            browser = everything.browser(person)
            hidden, missing = (browser.get(everything.path(name, of)) for of in (theirs, nothing))
            assert hidden.status_code == missing.status_code == 404
            assert TOKEN.sub("", hidden.text) == TOKEN.sub("", missing.text), (person, name)


def test_a_role_that_ends_ends_its_rights_at_once(everything):
    """In the middle of a session: the next page is refused."""
    browser = everything.browser("max")
    path = everything.path("initiatives:case", "case:claimed")
    assert browser.get(path).status_code == 200
    everything.max.roles.update(from_on="2020-01-01", until_on="2020-12-31")
    assert browser.get(path).status_code == 404
    assert browser.get(reverse("initiatives:queue")).status_code == 404


def test_a_closed_account_is_nobody(everything):
    browser = everything.browser("ana")
    path = everything.path("initiatives:check", "sheet:draft")
    assert browser.get(path).status_code == 200
    type(everything.ana).objects.filter(pk=everything.ana.pk).update(is_active=False)
    assert browser.get(path).status_code == 302


def test_the_demo_and_its_letters_are_nowhere_else(everything, settings):
    if settings.DEMO or settings.DEBUG:
        pytest.skip("this environment asks for them")
    for path in ("/demo/courrier/", "/demo/courrier/1/", "/aide/composants/", "/admin/", "/.git/config", "/.env"):
        assert everything.browser(PUBLIC).get(path).status_code == 404


def test_the_world_has_the_roles_it_says(everything):
    """The table means something only if those who almost have a right really almost have it."""
    assert everything.mia.roles.current().filter(kind="coordinator").exists()
    assert everything.fred.roles.exists()
    assert not everything.fred.roles.current().exists()
    assert not everything.gina.roles.current().exists()
    assert not everything.jo.roles.current().exists()
    assert {kind.value for kind in GUARDED_KINDS} == {"coordinator", "trainer", "centre_head", "dpo", "administrator"}


# --- Reading the table ----------------------------------------------------------------------------------------------


def askers(name: str, exceptions: Mapping[str, Outcome]) -> Iterable[str]:
    """The whole cast, and who almost has the rights this room knows of; where all get the same, one of each kind."""
    if not exceptions:
        return (PUBLIC, "stan", "max", "tess", "ilan", "hugo", "dan", "ada", "mia")
    return (PUBLIC, *CAST, *world.ALMOST_IN.get(name.partition(":")[0], ()), "mia")


def expected(person: str, path: str, others: Outcome, exceptions: Mapping[str, Outcome]) -> Outcome:
    if person in ("mia", "tim") and not is_open_without_second_factor(path):
        return SET_UP
    return next((outcome for people, outcome in exceptions.items() if person in people.split()), others)


def is_open_without_second_factor(path: str) -> bool:
    """One's own account, and a text begun before the role was given: nothing of other people's."""
    account = path.startswith("/compte/") and not path.startswith("/compte/roles/")
    trained = re.search("/(table|modifier|apercu|retirer|reprendre|delais|recente)/", path)
    own_text = path.startswith(("/initiatives/brouillons/", "/formation/devoirs/")) and not trained
    called = path.startswith(
        ("/lti/connexion/", "/lti/lancer/", "/lti/choisir/", "/lti/inscription/", "/lti/cles.json")
    )
    return account or own_text or called or path in ("/healthz", "/readyz")


class FileAgain(SimpleUploadedFile):
    """A file that everyone sends in turn: read whole each time."""

    def read(self, *args: Any) -> bytes:
        self.seek(0)
        return bytes(self.file.read())


def given_again(everything: World, of: str) -> dict[str, Any]:
    """What was read of an assignment, and of the guide's newer version; a student it is given to."""
    from training.models import AssignedFiche, Assignment

    thing = everything.things[of]
    given = Assignment.objects.get(pk=thing["pk"])
    fiche = AssignedFiche.objects.select_related("version__fiche").get(pk=thing["fiche"])
    said = {"seen": given.mark, "question": given.question, "fiches": ["10", "21"], "student": given.recipients()[0].pk}
    return said | ({"seen": fiche.version.fiche.current_id} if of == "assignment:extended" else {})


def answers(everything: World, name: str, of: str) -> dict[str, Any]:
    """What a form of this page would send."""
    data = dict(ANSWERS.get(name, {}))
    if name.startswith("initiatives:reuse_") or name == "initiatives:reuse":
        from initiatives.models import Reuse

        data["mark"] = Reuse.objects.get(pk=everything.things[of]["pk"]).mark
    if name == "initiatives:submit":
        from initiatives.models import Version

        thing = everything.things[of]
        working = Version.objects.working().filter(initiative=thing["pk"]).first()
        data["edition"] = working.edition if working else 0
    if name == "levers:edit_note":
        from levers.models import Note

        data["read_at"] = Note.objects.get(slug=everything.things[of]["slug"]).touched_at.isoformat()
    if name in ("training:edit_assignment", "training:extensions", "training:newer_fiche"):
        data |= given_again(everything, of)
    if name == "training:graduates":
        data["enrolment"] = [everything.things[of]["enrolment"]]
    if name == "training:import_students":
        data["file"] = FileAgain("liste.csv", b"mail;nom\nlea@exemple.test;Lea\n")
    if name == "initiatives:ask_opinion":
        data["expert"] = everything.eve.pk
    if name == "make_case":
        sheet = everything.things["sheet:published"]["pk"]
        data |= {"title": "Du temps pour le collectif", "addressee": "La direction", "sheets": [sheet]}
    if name == "initiatives:bulk":
        data |= {"geste": "confier", "dossier": [everything.things["case:received"]["pk"]], "place": "42"}
    if name == "guide:edition_feedback":
        data["lue"] = everything.things["feedback:given"]["pk"]
    if name in ("guide:publish_fiche", "guide:discard_fiche", "guide:proposed_fiche"):
        data |= {key: everything.things[of][key] for key in ("seen", "current")}
    if name == "initiatives:accept":
        data |= settled(everything, of)
    if name == "initiatives:merge":
        into = everything.things["sheet:stale"]
        data |= {"fiche": into["slug"], "garder": into["pk"], "text": "La même action, deux fois."}
    if name == "initiatives:redact":
        from initiatives.models import Initiative

        version = Initiative.objects.get(pk=everything.things[of]["pk"]).public_version_id
        data |= {
            "mot": "cuisine",
            "textes": [f"version:{version}:story"],
            "geste": "vider",
            "why": "La loi le demande.",
        }
    return data


def settled(everything: World, of: str) -> dict[str, Any]:
    """The decision's form as the page shows it to who holds the case, sent without a change."""
    from tests.initiatives.telling import tree

    for person in ("max", "lise"):
        page = everything.browser(person).get(everything.path("initiatives:case", of))
        if page.status_code == 200:
            return {
                field.get("name"): field.get("value", "")
                for field in tree(page).findall(".//main//input[@type='hidden']")
                if field.get("name") != "csrfmiddlewaretoken"
            }
    return {}


def surprise(method: str, path: str, of: str, person: str, answer: Any, outcome: Outcome) -> Iterable[str]:
    got = said(answer)
    if got != outcome:
        yield f"{method} {path} ({of}) by {person}: {got}, and not {outcome}"


def said(answer: Any) -> Outcome:
    if answer.status_code == 302:
        for place, outcome in {
            reverse("account_login"): SIGN_IN,
            reverse("account_reauthenticate"): PROVE,
            reverse("mfa_reauthenticate"): PROVE,
        }.items():
            if answer["Location"].startswith(place):
                return outcome
        if answer["Location"] == reverse("mfa_activate_totp"):
            return SET_UP
    return int(answer.status_code)


def report(surprises: list[str]) -> str:
    shown = "\n".join(surprises[:60])
    return f"{len(surprises)} surprises:\n{shown}"
