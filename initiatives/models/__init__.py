from initiatives.models.entry import Entry, Word
from initiatives.models.review import Case, Move, Remark
from initiatives.models.rows import ObstacleMet, Partner, Source, TimeShare, VersionRow
from initiatives.models.sheet import Authorship, Initiative, Version
from initiatives.models.tags import Tag, TaggedVersion
from initiatives.models.vocabulary import Obstacle, Public, Theme

__all__ = [
    "Authorship",
    "Case",
    "Entry",
    "Initiative",
    "Move",
    "Obstacle",
    "ObstacleMet",
    "Partner",
    "Public",
    "Remark",
    "Source",
    "Tag",
    "TaggedVersion",
    "Theme",
    "TimeShare",
    "Version",
    "VersionRow",
    "Word",
]
