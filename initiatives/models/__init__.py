from initiatives.models.agreement import Agreement
from initiatives.models.alert import Alert
from initiatives.models.booklet import Booklet, BookletItem
from initiatives.models.edition import Edition, EditionItem, Printing
from initiatives.models.entry import Catalogue, Entry, Posting, PostingChange, Word
from initiatives.models.files import Attachment, Picture, Upload
from initiatives.models.journal import Move, Remark
from initiatives.models.opinion import Opinion
from initiatives.models.reader import Inquiry, Report
from initiatives.models.reuse import Reuse
from initiatives.models.review import Case
from initiatives.models.rows import (
    Kinship,
    Milestone,
    NameKept,
    ObstacleMet,
    Partner,
    Source,
    TimeShare,
    VersionRow,
    Voice,
    WebLink,
)
from initiatives.models.sheet import Authorship, Initiative
from initiatives.models.tags import Tag, TaggedVersion
from initiatives.models.version import Version
from initiatives.models.vocabulary import Obstacle, Public, Theme
from initiatives.models.writing import Likeness, TypedText

__all__ = [
    "Agreement",
    "Alert",
    "Attachment",
    "Authorship",
    "Booklet",
    "BookletItem",
    "Case",
    "Catalogue",
    "Edition",
    "EditionItem",
    "Entry",
    "Initiative",
    "Inquiry",
    "Kinship",
    "Likeness",
    "Milestone",
    "Move",
    "NameKept",
    "Obstacle",
    "ObstacleMet",
    "Opinion",
    "Partner",
    "Picture",
    "Posting",
    "PostingChange",
    "Printing",
    "Public",
    "Remark",
    "Report",
    "Reuse",
    "Source",
    "Tag",
    "TaggedVersion",
    "Theme",
    "TimeShare",
    "TypedText",
    "Upload",
    "Version",
    "VersionRow",
    "Voice",
    "WebLink",
    "Word",
]
