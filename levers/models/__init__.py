"""What an initiative supports: frameworks and mappings with their proof; calls for what isn't known, and notes."""

from levers.models.calls import Call, CallAnswer, CallQuerySet
from levers.models.frameworks import DAGBERT, Crosswalk, Framework, Lever, Proposal, ProposalQuerySet
from levers.models.mappings import Mapping, MappingQuerySet, lever_terms
from levers.models.notes import Note, NoteQuerySet

__all__ = [
    "DAGBERT",
    "Call",
    "CallAnswer",
    "CallQuerySet",
    "Crosswalk",
    "Framework",
    "Lever",
    "Mapping",
    "MappingQuerySet",
    "Note",
    "NoteQuerySet",
    "Proposal",
    "ProposalQuerySet",
    "lever_terms",
]
