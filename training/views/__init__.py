from training.views.answering import assignment_table, work
from training.views.cohorts import cohort, cohort_table, join, new_assignment, new_cohort, renew_code
from training.views.home import centres, home, what_my_trainer_sees
from training.views.studying import assigned_fiche, assignment, declare_read, save_note, send_note

__all__ = [
    "assigned_fiche",
    "assignment",
    "assignment_table",
    "centres",
    "cohort",
    "cohort_table",
    "declare_read",
    "home",
    "join",
    "new_assignment",
    "new_cohort",
    "renew_code",
    "save_note",
    "send_note",
    "what_my_trainer_sees",
    "work",
]
