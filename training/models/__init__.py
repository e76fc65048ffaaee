"""Teaching with the guide: centres, cohorts, assignments, and the private work of each student."""

from training.models.assignments import AssignedFiche, Assignment
from training.models.centres import Centre, Cohort, Enrolment, centres_of, join_code, school_year
from training.models.lti import (
    CourseLink,
    GradeReturn,
    Launch,
    Placement,
    Platform,
    RegistrationLink,
    StateProblem,
)
from training.models.works import MAX_COMMENT, MAX_NOTE, Comment, Reading, SentNote, Work

__all__ = [
    "MAX_COMMENT",
    "MAX_NOTE",
    "AssignedFiche",
    "Assignment",
    "Centre",
    "Cohort",
    "Comment",
    "CourseLink",
    "Enrolment",
    "GradeReturn",
    "Launch",
    "Placement",
    "Platform",
    "Reading",
    "RegistrationLink",
    "SentNote",
    "StateProblem",
    "Work",
    "centres_of",
    "join_code",
    "school_year",
]
