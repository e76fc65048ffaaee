"""Teaching with the guide: centres, cohorts, assignments, and the private work of each student."""

from training.models.assignments import AssignedFiche, Assignment, Calendar, Extension, Reminder
from training.models.centres import (
    Centre,
    Closure,
    Cohort,
    Competence,
    Enrolment,
    Group,
    Invitation,
    StudentImport,
    centres_of,
    join_code,
    school_year,
)
from training.models.works import MAX_COMMENT, MAX_NOTE, Attestation, Comment, Offer, Reading, SentNote, Work

__all__ = [
    "MAX_COMMENT",
    "MAX_NOTE",
    "AssignedFiche",
    "Assignment",
    "Attestation",
    "Calendar",
    "Centre",
    "Closure",
    "Cohort",
    "Comment",
    "Competence",
    "Enrolment",
    "Extension",
    "Group",
    "Invitation",
    "Offer",
    "Reading",
    "Reminder",
    "SentNote",
    "StudentImport",
    "Work",
    "centres_of",
    "join_code",
    "school_year",
]
