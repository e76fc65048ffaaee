from training.views.answering import assignment_table, typing_answer, work
from training.views.attesting import attest, attestation_pdf, own_attestations, revoke_attestation
from training.views.calendar import calendar, calendar_feed
from training.views.carrying import assignment_epub, assignment_pdf, dossier_odt, dossier_pdf
from training.views.centre import (
    become_trainer,
    centre,
    closures,
    competence,
    competences,
    edit_cohort,
    end_trainer,
    name_trainer,
    place_centre,
    remove_closure,
)
from training.views.cohorts import cohort, join, new_cohort, renew_code
from training.views.extending import change_extension, extensions, withdraw_extension
from training.views.giving import (
    edit_assignment,
    new_assignment,
    newer_fiche,
    preview_assignment,
    withdraw_assignment,
)
from training.views.home import centres, home, what_my_trainer_sees
from training.views.leaving import leave_cohort, own_notes
from training.views.offering import offer, offer_note, offers
from training.views.people import (
    add_student,
    decline,
    graduates,
    group,
    groups,
    import_students,
    invitation,
    remove_group,
    student,
    student_import,
    student_leaves,
    student_returns,
    students,
)
from training.views.reusing import clone_assignments, reuse_assignment
from training.views.sending import send_note
from training.views.statistics import statistics
from training.views.studying import assigned_fiche, assignment, declare_read
from training.views.table import cohort_table, export_table
from training.views.versions import note_versions
from training.views.writing import save_note, typing_note

__all__ = [
    "add_student",
    "assigned_fiche",
    "assignment",
    "assignment_epub",
    "assignment_pdf",
    "assignment_table",
    "attest",
    "attestation_pdf",
    "become_trainer",
    "calendar",
    "calendar_feed",
    "centre",
    "centres",
    "change_extension",
    "clone_assignments",
    "closures",
    "cohort",
    "cohort_table",
    "competence",
    "competences",
    "declare_read",
    "decline",
    "dossier_odt",
    "dossier_pdf",
    "edit_assignment",
    "edit_cohort",
    "end_trainer",
    "export_table",
    "extensions",
    "graduates",
    "group",
    "groups",
    "home",
    "import_students",
    "invitation",
    "join",
    "leave_cohort",
    "name_trainer",
    "new_assignment",
    "new_cohort",
    "newer_fiche",
    "note_versions",
    "offer",
    "offer_note",
    "offers",
    "own_attestations",
    "own_notes",
    "place_centre",
    "preview_assignment",
    "remove_closure",
    "remove_group",
    "renew_code",
    "reuse_assignment",
    "revoke_attestation",
    "save_note",
    "send_note",
    "statistics",
    "student",
    "student_import",
    "student_leaves",
    "student_returns",
    "students",
    "typing_answer",
    "typing_note",
    "what_my_trainer_sees",
    "withdraw_assignment",
    "withdraw_extension",
    "work",
]
