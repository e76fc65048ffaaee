"""The catalogue's search, behind a narrow door: a question in; ids, total, counts and spelling out."""

from initiatives.search.index import index, rebuild, remove

__all__ = ["index", "rebuild", "remove"]
