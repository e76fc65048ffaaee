"""The catalogue's search, behind a narrow door: a question in; ids, total, counts and spelling out."""

from initiatives.search.index import index, rebuild, remove
from initiatives.search.query import PAGE_SIZE, Answer, Found, Question, ask, having, latest, neighbours

__all__ = [
    "PAGE_SIZE",
    "Answer",
    "Found",
    "Question",
    "ask",
    "having",
    "index",
    "latest",
    "neighbours",
    "rebuild",
    "remove",
]
