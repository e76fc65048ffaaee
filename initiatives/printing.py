"""A sheet on paper: what its page says, in the order it says it, without an address to write to.

Who asks has checked that the sheet is public (`views/sheet.py` says how); what is said here is what its version tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format

from guide.french import NBSP
from guide.print import Block, Chapter, blocks
from initiatives import fate, reading, sections
from initiatives.models import Initiative, Version
from initiatives.models.choices import Depth, State
from initiatives.reading import Told
from initiatives.workflow import SheetStatus

UNKNOWN = "non renseigné"
STALE = "Cette fiche attend d’être actualisée\u00a0: personne ne l’a vérifiée depuis plus d’un an."
ARCHIVED = "Cette fiche est archivée\u00a0: elle reste lisible à son adresse, hors du catalogue."
PUBLIC_SOURCE = "D’après une source publique, non vérifiée par ses auteurs."
IN_TRAINING = "Écrit en formation, par une personne qui étudie, avec l’accord de son centre."
FALC = "FALC, facile à lire et à comprendre\u00a0: écrit et relu avec des personnes concernées."


def chapter(
    initiative: Initiative,
    version: Version,
    told: Told | None = None,
    parts: Sequence[sections.Section] | None = None,
    joined: Sequence[Version] | None = None,
) -> Chapter:
    """One version of a sheet. `told`, `parts` and `joined` (fate.credits) are asked for where they aren't given."""
    told = told or reading.told(version)
    parts = sections.of(version) if parts is None else parts
    found: list[Block] = [blocks.paragraph(version.summary, "lede")] if version.summary else []
    if initiative.status == SheetStatus.STALE:
        found.append(blocks.paragraph(STALE, "meta"))
    if initiative.status == SheetStatus.ARCHIVED:
        found.append(blocks.paragraph(ARCHIVED, "meta"))
    found += _facts(version, told)
    found += _story(version, told)
    for part in parts:
        found += _part(part)
    found += _links(told)
    found += _around(told)
    found += _provenance(initiative, version, told, fate.credits(initiative) if joined is None else joined)
    address = settings.SITE_URL + initiative.get_absolute_url()
    licence = f"Version du {_day(version.frozen_at)}, {version.get_licence_display()}."
    found.append(blocks.colophon([licence, f"Pour citer\u00a0: {cite(initiative, version)} {address}"]))
    place = version.place.label if version.place else ""
    return Chapter(
        title=version.title,
        blocks=found,
        kicker=" · ".join(filter(None, ("Initiative", place))),
        dated=_dated(initiative, version),
        url=address,
        levers=tuple(sorted({_number(lever) for lever in sections.ring(parts)})),
    )


def cite(initiative: Initiative, version: Version) -> str:
    """Who, what, where and when, as one copies it under a text."""
    on = timezone.localdate(version.frozen_at) if version.frozen_at else None
    dated = f", version du {on:%d/%m/%Y}" if on else ""
    who = "Essaim" if initiative.is_from_public_source else version.organisation_name or "Essaim"
    return f"{who}, «{NBSP}{version.title}{NBSP}», Essaim{dated}, {version.get_licence_display()}."


def _dated(initiative: Initiative, version: Version) -> str:
    said = f"Version du {_day(version.frozen_at)}"
    return f"{said}, vérifiée le {_day(initiative.verified_on)}" if initiative.verified_on else said


def _day(on: Any) -> str:
    if on is None:
        return "…"
    return date_format(timezone.localdate(on) if hasattr(on, "hour") else on, "j F Y")


def _number(lever: Any) -> int:
    return lever if isinstance(lever, int) else int(lever.number)


# ── The facts one looks for first


def _facts(version: Version, told: Told) -> list[Block]:
    where = ", ".join(filter(None, (version.place.label, version.place_note))) if version.place else UNKNOWN
    when = version.period
    if version.state and version.state != State.UNKNOWN:
        when = f"{when}, {version.get_state_display()}"
    granted = version.time_granted_by or (UNKNOWN if told.times else "")
    met = len(told.obstacles)
    rows = [
        ("Où", where),
        ("Étendue", version.get_scope_display() if version.scope else ""),
        ("Quand", when),
        ("Portée par", version.organisation_name or UNKNOWN),
        ("Temps par mois", _hours(told)),
        ("Temps accordé par", granted),
        ("Ce qui a coincé", f"{met} frein{'s' if met > 1 else ''}" if met else UNKNOWN),
        ("Participants", told.participants),
        ("Métiers", version.trades),
        ("Budget par an", told.budget),
        ("Financements", version.funding),
        ("Langues", ", ".join(told.languages)),
        ("Profondeur", Depth(told.depth).label if told.depth else ""),
    ]
    found: list[Block] = [
        blocks.heading("En un coup d’œil"),
        blocks.facts((term, words) for term, words in rows if words),
    ]
    if version.means:
        found += [blocks.heading("Moyens", 2), *blocks.plain(version.means)]
    return found


def _hours(told: Told) -> str:
    if not told.times:
        return UNKNOWN
    lines = [f"{row['role']}{NBSP}: {_rounded(row['hours'])}{NBSP}h" for row in told.times]
    if len(told.times) > 1:
        lines.append(f"{_rounded(told.hours)}{NBSP}h en tout")
    return "\n".join(lines)


def _rounded(hours: float) -> str:
    return number_format(round(float(hours), 1), decimal_pos=0 if float(hours).is_integer() else 1)


# ── The story


def _story(version: Version, told: Told) -> list[Block]:
    found: list[Block] = []
    if version.plain_summary:
        said = [blocks.heading("En mots simples"), *blocks.plain(version.plain_summary)]
        if version.plain_with_people:
            said.append(blocks.paragraph(FALC, "meta"))
        found.append(blocks.callout("key", said))
    found += _section("Au départ…", version.beginning)
    found += _section("Ce qu’on voulait", version.objectives)
    found += _section("Ce qui s’est passé", version.story)
    if told.milestones:
        found.append(blocks.heading("Les étapes"))
        found.append(blocks.facts((row["when"], blocks.plain(row["text"])) for row in told.milestones))
    found += _people(version)
    if told.voices:
        found.append(blocks.heading("Ce que disent les personnes"))
        found += [blocks.quote(blocks.plain(row["text"]), row["speaker"]) for row in told.voices]
    found += _obstacles(told)
    found += _effects(version)
    found += _section("Si c’était à refaire", version.if_again)
    if told.conditions:
        said = [blocks.numbered(told.conditions)] if len(told.conditions) > 1 else blocks.plain(version.conditions)
        found += [blocks.heading("Ce qu’il faut pour commencer"), blocks.callout("key", said)]
    found += _section("Ailleurs, autrement", version.variants)
    if version.ethics:
        found.append(blocks.heading("Ce à quoi il faut faire attention"))
        found.append(blocks.callout("care", blocks.plain(version.ethics)))
    return found


def _section(title: str, words: str, level: int = 1) -> list[Block]:
    return [blocks.heading(title, level), *blocks.plain(words)] if words else []


def _people(version: Version) -> list[Block]:
    if not (version.participation or version.participation_degree or version.decisions):
        return []
    found: list[Block] = [blocks.heading("La place des personnes")]
    if version.participation_degree:
        verb = "" if version.participation_degree in ("codecident", "pilotent") else "sont "
        found.append(blocks.paragraph([blocks.strong(f"Elles {verb}{version.get_participation_degree_display()}.")]))
    found += blocks.plain(version.participation)
    return found + _section("Qui a décidé quoi", version.decisions, 2)


def _obstacles(told: Told) -> list[Block]:
    found: list[Block] = [blocks.heading("Ce qui a coincé")]
    if not told.obstacles:
        return [*found, blocks.paragraph("Non renseigné.", "meta")]
    for met in told.obstacles:
        label = met["label"]
        said = [blocks.heading(f"Frein{NBSP}: {label[:1].lower()}{label[1:]}", 2), *blocks.plain(met["text"])]
        found.append(blocks.callout("obstacle", said + _section("Comment on s’en est sorti", met["lifted"], 3)))
    return found


def _effects(version: Version) -> list[Block]:
    kinds = (
        ("Pour les personnes", version.effects_people),
        ("Pour les professionnels", version.effects_professionals),
        ("Pour l’institution et le territoire", version.effects_territory),
    )
    if not (version.effects or any(words for _, words in kinds)):
        return []
    found = [blocks.heading("Ce que cela a changé"), *blocks.plain(version.effects)]
    for title, words in kinds:
        found += _section(title, words, 2)
    if version.proof:
        found.append(blocks.paragraph(f"D’où on le sait{NBSP}: {version.get_proof_display()}.", "meta"))
    return found


# ── What stands beside the story


def _part(part: sections.Section) -> list[Block]:
    """What another room tells of it, in its words for paper."""
    found: list[Block] = []
    for title, lines in part.on_paper:
        found += [blocks.heading(title, 2)] if title else []
        found += [blocks.paragraph(line, "" if title else "meta") for line in lines]
    return [blocks.heading(part.title), *found] if found else []


def _links(told: Told) -> list[Block]:
    if not told.links:
        return []
    found: list[Block] = [blocks.heading("À voir, à écouter, à lire")]
    for row in told.links:
        kind = f"{row['kind'][:1].upper()}{row['kind'][1:]}{NBSP}: "
        found.append(blocks.paragraph([blocks.text(kind), blocks.link(row["title"], row["url"])]))
        found += blocks.plain(row["transcript"])
    return found


def _around(told: Told) -> list[Block]:
    """What the margin of the page says after the story."""
    partners = [f"{row['name']} ({row['role']})" if row["role"] else row["name"] for row in told.partners]
    words = [word["label"] for word in (*told.publics, *told.themes, *told.tags)]
    rows = [
        (f"Méthode{'s' if len(told.methods) > 1 else ''}", [method["name"] for method in told.methods] or [UNKNOWN]),
        ("Dans le guide", [_fiche(fiche) for fiche in told.fiches]),
        ("Avec qui, sur quoi", [", ".join(words)] if words else []),
        ("Partenaires", partners),
        ("On peut vous accueillir", [label for _, label in told.hosting]),
        ("De la même famille", [_kin(row) for row in told.kin]),
    ]
    said = blocks.facts((term, "\n".join(lines)) for term, lines in rows if lines)
    return [blocks.heading("Autour de cette action"), said]


def _fiche(fiche: dict[str, Any]) -> str:
    used = " (utilisée par l’équipe)" if fiche.get("used") else ""
    return f"Fiche {fiche['number']} · {fiche['title']}{used}"


def _kin(row: dict[str, Any]) -> str:
    return f"{row['words'][:1].upper()}{row['words'][1:]} {row['title']}"


def _provenance(initiative: Initiative, version: Version, told: Told, joined: Sequence[Version]) -> list[Block]:
    found: list[Block] = [blocks.heading("D’où cela vient")]
    if initiative.is_from_public_source:
        found.append(blocks.paragraph(PUBLIC_SOURCE))
    if initiative.is_written_in_training:
        found.append(blocks.paragraph(IN_TRAINING))
    if joined:
        found.append(blocks.paragraph(_joined(joined)))
    if initiative.verified_on:
        by = f" par {initiative.verified_by}" if initiative.verified_by else ""
        found.append(blocks.paragraph(f"Vérifiée le {_day(initiative.verified_on)}{by}."))
    if told.sources:
        rows = [
            {**row, "title": f"{row['title']} ({row['date']})" if row["date"] else row["title"]} for row in told.sources
        ]
        found.append(blocks.sources(rows))
    if version.doubts:
        found += [blocks.heading("Ce dont on n’est pas sûr", 2), blocks.bullets(version.doubts)]
    return found if len(found) > 1 else []


def _joined(versions: Iterable[Version]) -> str:
    names = [version.organisation_name or version.title for version in versions]
    return f"Réunie avec {'les fiches' if len(names) > 1 else 'la fiche'} de {', '.join(names)}."
