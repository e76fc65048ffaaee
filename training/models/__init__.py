"""Teaching with the guide: centres, cohorts, assignments, and the private work of each student."""

from training.models.assignments import Assignment, Revision
from training.models.attestations import Attestation
from training.models.centres import (
    Centre,
    Cohort,
    Competence,
    Enrolment,
    Group,
    by_name,
    centres_of,
    join_code,
    school_year,
)
from training.models.closures import Closure
from training.models.coming import (
    MAX_GROUPS,
    Arrived,
    Expected,
    Invitation,
    StudentImport,
    confirmed_people,
    group_key,
    keep_invitations,
)
from training.models.extensions import Extension
from training.models.fiches import AssignedFiche
from training.models.lti import (
    CourseLink,
    GradeReturn,
    Launch,
    Placement,
    Platform,
    RegistrationLink,
    StateProblem,
)
from training.models.offers import Offer
from training.models.reminders import Calendar, Reminder
from training.models.works import MAX_COMMENT, MAX_NOTE, Comment, Reading, SentNote, Work

__all__ = [
    "MAX_COMMENT",
    "MAX_GROUPS",
    "MAX_NOTE",
    "Arrived",
    "AssignedFiche",
    "Assignment",
    "Attestation",
    "Calendar",
    "Centre",
    "Closure",
    "Cohort",
    "Comment",
    "Competence",
    "CourseLink",
    "Enrolment",
    "Expected",
    "Extension",
    "GradeReturn",
    "Group",
    "Invitation",
    "Launch",
    "Offer",
    "Placement",
    "Platform",
    "Reading",
    "RegistrationLink",
    "Reminder",
    "Revision",
    "SentNote",
    "StateProblem",
    "StudentImport",
    "Work",
    "by_name",
    "centres_of",
    "confirmed_people",
    "group_key",
    "join_code",
    "keep_invitations",
    "school_year",
]
