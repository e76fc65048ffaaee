from initiatives.models.entry import Entry, Word
from initiatives.models.review import Case, Move, Remark
from initiatives.models.rows import ObstacleMet, Partner, Source, TimeShare
from initiatives.models.sheet import Authorship, Initiative, Tag, TaggedVersion, Version, VersionRow
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
