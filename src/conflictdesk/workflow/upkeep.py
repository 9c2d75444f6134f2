"""Is the desk whole? Each question is asked of what is stored, and each fault comes with its mend."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from conflictdesk.decisions import Decision
from conflictdesk.errors import ConfigError, DeskError, StoreError
from conflictdesk.records import Article, hash_id
from conflictdesk.store.opening import Reader, Store, open_store
from conflictdesk.store.record_json import write_record
from conflictdesk.workflow.backups import STORE, back_up, restore
from conflictdesk.workflow.casefiles import read_many_papers
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.projecting import find_articles
from conflictdesk.workflow.rebuilding import rebuild
from conflictdesk.workflow.recording import hash_text
from conflictdesk.workflow.settings import FILE, read_settings, read_sources

__all__ = ["Finding", "back_up", "examine", "examine_store", "restore"]

_Item = TypeVar("_Item")
_LEAST_FREE: Final = 500_000_000
_PIECE: Final = 200
_SHOWN: Final = 3
_MOST_ACTORS: Final = 1_000_000
_BUILT: Final = ("event_mentions", "event_actors", "case_hands")
"""Tables beside the events and cases, built with them."""
_RESTORE: Final = "keep a copy of the store, then `conflictdesk restore` the last backup into a new folder"
_REBUILD: Final = "conflictdesk doctor --rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what it is, whether it is well, what was seen, and the mend where it is not."""

    name: str
    ok: bool
    told: str
    mend: str | None = None


def examine(folder: Path, *, quick: bool = False) -> Iterator[Finding]:
    """Look at a desk from its settings to its last decision, as far as it can be opened.

    `quick` leaves out the one look that takes long: whether events and queue are what they are when built anew.
    """
    try:
        settings = read_settings(folder)
    except ConfigError as error:
        yield Finding(name="settings", ok=False, told=str(error), mend=f"mend {folder / FILE}")
        return
    yield Finding(name="settings", ok=True, told=f"{settings.name}: {FILE} can be read")
    yield _look_at_sources(folder)
    yield _look_at_disk(folder)
    try:
        store = open_store(settings.store_url)
    except StoreError as error:
        yield Finding(name="store", ok=False, told=str(error), mend=_mend_opening(str(error)))
        return
    with store:
        yield Finding(name="store", ok=True, told=f"{store.name} ({store.dialect}) has the shape of this version")
        yield from examine_store(OpenDesk(folder=folder, settings=settings, sources=(), store=store), quick=quick)


def _mend_opening(told: str) -> str:
    if "older shape" in told:
        return "make a backup with the program that made the store, then conflictdesk doctor --migrate"
    return "see what it says; a damaged store: " + _RESTORE


def _look_at_sources(folder: Path) -> Finding:
    try:
        sources = read_sources(folder)
    except ConfigError as error:
        return Finding(name="sources", ok=False, told=str(error), mend="mend the files in sources/")
    feeds = sum(len(source.feeds) + bool(source.sitemap) for source in sources)
    return Finding(name="sources", ok=True, told=f"{len(sources)} sources, {feeds} feeds and sitemaps")


def _look_at_disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    held = sum(path.stat().st_size for path in folder.glob("*.sqlite*"))
    told = f"{free / 1e6:,.0f} MB free; the store takes {held / 1e6:,.1f} MB"
    enough = free >= max(_LEAST_FREE, held)
    mend = None if enough else "make room: a backup or a rebuild needs as much again as the store takes"
    return Finding(name="disk", ok=enough, told=told, mend=mend)


# ---------------------------------------------------------------- the store


def examine_store(desk: OpenDesk, *, quick: bool = False) -> Iterator[Finding]:
    """Look at what the store holds: the journal, every page, article and quote, and what is built of them."""
    looks: tuple[tuple[str, str, Callable[[Reader], Finding]], ...] = (
        ("journal", _RESTORE, _look_at_journal),
        ("pages", _RESTORE, _look_at_pages),
        ("articles", _RESTORE, _look_at_articles),
        ("quotes", _RESTORE, _look_at_quotes),
        ("orphans", _RESTORE, _look_at_orphans),
        ("people", _RESTORE, _look_at_people),
    )
    for name, mend, look in looks:
        try:
            with desk.store.reading() as reader:
                yield look(reader)
        except (DeskError, zlib.error, ValueError, TypeError, KeyError) as error:
            yield Finding(name=name, ok=False, told=f"cannot be read: {error}", mend=mend)
    yield _look_at_file(desk)
    if not quick:
        yield _look_at_projections(desk)


def _look_at_file(desk: OpenDesk) -> Finding:
    """The database's own view of itself, and whether all can be found by the search."""
    try:
        bad = [told for told in desk.store.examine() if not told.startswith("journal:")]
    except StoreError as error:
        return Finding(name="file", ok=False, told=str(error), mend=_RESTORE)
    if not bad:
        return Finding(name="file", ok=True, told="the database and its search index are whole")
    mend = _REBUILD if all(told.startswith("search:") for told in bad) else _RESTORE
    return Finding(name="file", ok=False, told="; ".join(bad[:_SHOWN]), mend=mend)


def _look_at_journal(reader: Reader) -> Finding:
    seq, last = reader.head()
    if wrong := reader.verify_chain():
        return Finding(name="journal", ok=False, told=wrong, mend=_RESTORE)
    told = f"{seq} decisions, the chain is whole" + (f"; the last one is {last[:16]}…" if seq else "")
    return Finding(name="journal", ok=True, told=told)


def _look_at_pages(reader: Reader) -> Finding:
    bad, number = list[str](), 0
    for capture in reader.all_pages():
        number += 1
        if hashlib.sha256(capture.raw).hexdigest() != capture.sha256:
            bad.append(f"{capture.page.page_id} ({capture.origin})")
    return _tell("pages", number, "pages have the bytes that came", bad, "are not the bytes that came")


def _look_at_articles(reader: Reader) -> Finding:
    bad, number = list[str](), 0
    for article in reader.all_articles():
        number += 1
        if hash_id("a", article.external_id, article.text) != article.article_id:
            bad.append(f"{article.article_id} ({article.external_id})")
    return _tell("articles", number, "articles have the text that was read", bad, "have another text than was read")


def _look_at_quotes(reader: Reader) -> Finding:
    """Every quote of every decision stands where it says, in the text that the person saw."""
    bad, number = list[str](), 0
    told = (d for d in reader.all_decisions() if d.article_id and (d.evidence or d.text_hash))
    for piece in _cut(told):
        articles = reader.articles({d.article_id for d in piece if d.article_id})
        for decision in piece:
            number += len(decision.evidence)
            if not _stands(decision, articles.get(decision.article_id or "")):
                bad.append(f"decision {decision.seq}")
    return _tell("quotes", number, "quotes stand where they say", bad, "quote words that are not in the text")


def _stands(decision: Decision, article: Article | None) -> bool:
    if article is None or (decision.text_hash and decision.text_hash != hash_text(article.text)):
        return False
    text = article.text
    return all(
        text[q.start : q.end] == q.quote and text[: q.start].endswith(q.prefix) and text[q.end :].startswith(q.suffix)
        for q in decision.evidence
    )


def _look_at_orphans(reader: Reader) -> Finding:
    """Decisions that speak of what is not there."""
    bad = list[str]()
    for piece in _cut(d for d in reader.all_decisions() if d.article_id and d.subject_kind != "match"):
        known = reader.articles({d.article_id for d in piece if d.article_id})
        bad += [f"decision {d.seq} (article {d.article_id})" for d in piece if d.article_id not in known]
    for pairs in _cut(d for d in reader.all_decisions() if d.subject_kind == "match"):
        owners = find_articles(reader, {end for d in pairs for end in d.subject_id.split("|")})
        bad += [f"decision {d.seq} ({d.subject_id})" for d in pairs if not set(d.subject_id.split("|")) <= set(owners)]
    number = 0
    for articles in _cut(reader.all_articles()):
        number += len(articles)
        decided = [a.article_id for a in articles]
        for papers in read_many_papers(reader, decided).values():
            if papers.decisions:
                bad += [f"decision {d.seq} ({d.action} {d.subject_id})" for d in papers.fold().orphans]
    return _tell("orphans", number, "articles: every decision on them has what it speaks of", bad, "speak of nothing")


_NOBODY: Final = "nobody is named yet: whoever opens the folder is its lead"


def _look_at_people(reader: Reader) -> Finding:
    users = reader.users()
    active = [user for user in users if user.active]
    if users and not any(user.role == "lead" for user in active):
        mend = "conflictdesk user add NAME --role lead"
        return Finding(name="people", ok=False, told=f"{len(active)} users, and no lead among them", mend=mend)
    return Finding(name="people", ok=True, told=f"{len(active)} users may work here" if users else _NOBODY)


def _tell(name: str, number: int, well: str, bad: list[str], ill: str) -> Finding:
    if not bad:
        return Finding(name=name, ok=True, told=f"{number} {well}")
    more = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return Finding(name=name, ok=False, told=f"{', '.join(bad[:_SHOWN])}{more}: {ill}", mend=_RESTORE)


def _cut(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    left = iter(items)
    while piece := list(itertools.islice(left, _PIECE)):
        yield piece


# ---------------------------------------------------------------- projections


def _look_at_projections(desk: OpenDesk) -> Finding:
    """Events, tombstones and the queue are what they would be if they were built anew: tried on a copy."""
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=desk.folder) as scratch:
            desk.store.copy_to(Path(scratch) / STORE)
            with open_store(f"sqlite:///{Path(scratch).absolute() / STORE}") as copy:
                before = list_projections(copy)
                rebuild(replace(desk, store=copy))
                bad = _compare(before, list_projections(copy))
    except (DeskError, OSError, ValueError) as error:
        return Finding(name="projections", ok=False, told=f"cannot be built anew: {error}", mend=_REBUILD)
    if not bad:
        return Finding(name="projections", ok=True, told=f"{len(before)} events, cases and counts are as built anew")
    return replace(
        _tell("projections", len(before), "", bad, "differ from what they are when built anew"), mend=_REBUILD
    )


def list_projections(store: Store) -> dict[str, str]:
    """All that is built of a store's rows, by name, as canonical JSON: equal when it is so byte for byte."""
    with store.reading() as reader:
        told, rows = dict[str, str](), reader.count_rows()
        for record in reader.all_events():
            told[f"event {record.event.event_id}"] = write_record(record)
            homes = reader.event_of([mention.mention_id for mention in record.event.mentions])
            told[f"incidents of {record.event.event_id}"] = write_record(homes)
        told |= {f"tombstone {grave.event_id}": write_record(grave) for grave in reader.all_tombstones()}
        told |= {f"case {case.article_id}": write_record(case) for case in reader.all_cases()}
        told |= {"counts of the queue": write_record(reader.count_cases())}
        told |= {"actors": write_record(reader.actor_names("", _MOST_ACTORS))}
        told |= {f"rows of {name}": str(rows[name]) for name in _BUILT}
    return dict(sorted(told.items()))


def _compare(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
