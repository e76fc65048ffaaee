"""The forms of this app, imported from here whichever file holds them."""

from training.forms.answering import AnswerForm
from training.forms.centres import CentreForm, CohortForm, JoinForm, PlaceForm
from training.forms.cloning import CloneRow, SourceForm, there
from training.forms.dates import EVENING, MORNING
from training.forms.extending import ExtensionForm
from training.forms.fields import ClockField, day_field, one_line, sensible, small
from training.forms.giving import MAX_INITIATIVES, AssignmentForm, slug_in
from training.forms.people import (
    ClosureForm,
    CompetenceForm,
    EndTrainerForm,
    GroupForm,
    StudentFileForm,
    StudentForm,
    TrainerForm,
)
from training.forms.revising import RevisionForm
from training.forms.saving import saved
from training.forms.studying import NoteForm
from training.forms.trust import AGREE, NumberForm, OfferAnswerForm

__all__ = [
    "AGREE",
    "EVENING",
    "MAX_INITIATIVES",
    "MORNING",
    "AnswerForm",
    "AssignmentForm",
    "CentreForm",
    "ClockField",
    "CloneRow",
    "ClosureForm",
    "CohortForm",
    "CompetenceForm",
    "EndTrainerForm",
    "ExtensionForm",
    "GroupForm",
    "JoinForm",
    "NoteForm",
    "NumberForm",
    "OfferAnswerForm",
    "PlaceForm",
    "RevisionForm",
    "SourceForm",
    "StudentFileForm",
    "StudentForm",
    "TrainerForm",
    "day_field",
    "one_line",
    "saved",
    "sensible",
    "slug_in",
    "small",
    "there",
]
