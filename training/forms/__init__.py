"""The forms of this app, imported from here whichever file holds them."""

from training.forms.answering import AnswerForm
from training.forms.centres import CentreForm, CohortForm, JoinForm
from training.forms.fields import ClockField, day_field, one_line, sensible, small
from training.forms.giving import MAX_INITIATIVES, MORNING, AssignmentForm, slug_in
from training.forms.people import (
    ClosureForm,
    CompetenceForm,
    EndTrainerForm,
    GroupForm,
    StudentFileForm,
    StudentForm,
    TrainerForm,
)
from training.forms.studying import NoteForm
from training.forms.trust import AGREE, NumberForm, OfferAnswerForm

__all__ = [
    "AGREE",
    "MAX_INITIATIVES",
    "MORNING",
    "AnswerForm",
    "AssignmentForm",
    "CentreForm",
    "ClockField",
    "ClosureForm",
    "CohortForm",
    "CompetenceForm",
    "EndTrainerForm",
    "GroupForm",
    "JoinForm",
    "NoteForm",
    "NumberForm",
    "OfferAnswerForm",
    "StudentFileForm",
    "StudentForm",
    "TrainerForm",
    "day_field",
    "one_line",
    "sensible",
    "slug_in",
    "small",
]
