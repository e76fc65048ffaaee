"""A tagged PDF as who listens to it has it: its structure, and its words in the order of that structure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf


@dataclass(frozen=True)
class Tag:
    kind: str
    node: Any
    above: tuple[str, ...]

    @property
    def alternative(self) -> str:
        return str(self.node.get("/Alt", ""))


class Tagged:
    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(content))
        self.root = self.pdf.Root

    @cached_property
    def tags(self) -> list[Tag]:
        return [Tag(*found) for found in self._tags(self.root.StructTreeRoot.K, ())]

    def kinds(self) -> list[str]:
        return [tag.kind for tag in self.tags]

    def _tags(self, node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        for each in node if isinstance(node, pikepdf.Array) else [node]:
            if isinstance(each, pikepdf.Dictionary) and "/S" in each:
                kind = str(each.S).strip("/")
                yield kind, each, above
                yield from self._tags(each.get("/K", pikepdf.Array()), (*above, kind))

    @cached_property
    def said(self) -> str:
        """All that is tagged, in reading order."""
        texts = {n: self._marked(page) for n, page in enumerate(self.pdf.pages)}
        numbers = {page.obj.objgen: n for n, page in enumerate(self.pdf.pages)}
        return " ".join(self._read(self.root.StructTreeRoot.K, None, texts, numbers))

    def _read(self, node: Any, page: Any, texts: dict[int, dict[int, str]], numbers: dict[Any, int]) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for each in node:
                yield from self._read(each, page, texts, numbers)
        elif isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            if "/MCID" in node:
                yield texts[numbers[page.objgen]].get(int(node.MCID), "")
            elif "/K" in node:
                yield from self._read(node.K, page, texts, numbers)
        elif node is not None and page is not None:
            yield texts[numbers[page.objgen]].get(int(node), "")

    def _marked(self, page: Any) -> dict[int, str]:
        """What each marked content of a page says."""
        maps = {str(name): _map(font) for name, font in page.Resources.get("/Font", {}).items()}
        found: dict[int, str] = {}
        stack: list[int | None] = []
        letters: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                marked = operands[1] if len(operands) > 1 else None
                is_ours = isinstance(marked, pikepdf.Dictionary) and "/MCID" in marked
                stack.append(int(marked.MCID) if is_ours else None)
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                letters = maps.get(str(operands[0]), {})
            elif name in ("Tj", "TJ"):
                current = next((mark for mark in reversed(stack) if mark is not None), None)
                strings = operands[0] if name == "TJ" else [operands[0]]
                said = "".join(_decoded(bytes(each), letters) for each in strings if isinstance(each, pikepdf.String))
                if current is not None:
                    found[current] = found.get(current, "") + said
        return found


def _decoded(raw: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(raw[n : n + 2]), "") for n in range(0, len(raw), 2))


def _map(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    said = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", said, re.DOTALL):
        for code, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", said, re.DOTALL):
        for first, last, letter in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for n in range(int(first, 16), int(last, 16) + 1):
                found[n] = chr(int(letter, 16) + n - int(first, 16))
    return found


def flat(text: str) -> str:
    """Without spaces nor hyphens: a page cuts a sentence where it likes."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


def in_order(parts: list[str], text: str) -> None:
    place, text = 0, flat(text)
    for part in parts:
        found = text.find(flat(part), place)
        assert found >= 0, f"« {part} » is missing, or comes too early"
        place = found + len(flat(part))
