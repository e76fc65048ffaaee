"""The catalogue's search, behind a narrow door: a question in; sheets, total, counts and spelling out.

Decision 0010 says how it works and what was measured.
"""

from initiatives.search.index import index, rebuild, remove, shown_beside_changed, synonyms_changed
from initiatives.search.near import having, latest, neighbours, saying, sharing
from initiatives.search.nightly import forget_what_left
from initiatives.search.postings import version
from initiatives.search.query import PAGE_SIZE, Answer, Found, Question, ask

__all__ = [
    "PAGE_SIZE",
    "Answer",
    "Found",
    "Question",
    "ask",
    "forget_what_left",
    "having",
    "index",
    "latest",
    "neighbours",
    "rebuild",
    "remove",
    "saying",
    "sharing",
    "shown_beside_changed",
    "synonyms_changed",
    "version",
]
