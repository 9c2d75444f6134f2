"""The tables of the store, as the newest schema has them; the migrations lead there from every earlier one.

`ONLY_ADDED` are the sources of truth: the database itself refuses to change or remove their rows. `PROJECTIONS` can be
built again from them at any time. Times are UTC. A `row` counts up in the order of adding.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from conflictdesk.store.columns import Moment, Packed, Words

METADATA: Final = MetaData()
BIG: Final[TypeEngine[int]] = BigInteger().with_variant(Integer(), "sqlite")


def _row() -> Column[int]:
    return Column("row", BIG, primary_key=True, autoincrement=True)


# ---------------------------------------------------------------- only added to

CAPTURES: Final = Table(
    "captures",
    METADATA,
    Column("sha256", Words, primary_key=True),
    Column("raw", Packed, nullable=False),
)
PAGES: Final = Table(
    "pages",
    METADATA,
    _row(),
    Column("page_id", Words, nullable=False, unique=True),
    Column("sha256", Words, ForeignKey("captures.sha256"), nullable=False, index=True),
    Column("document", Words, nullable=False),
    Column("body", Packed),
    Column("origin", Words, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("by", Words, nullable=False),
)
PAGE_READS: Final = Table(
    "page_reads",
    METADATA,
    Column("page_id", Words, ForeignKey("pages.page_id"), primary_key=True),
    Column("articles", Integer, nullable=False),
)
ARTICLES: Final = Table(
    "articles",
    METADATA,
    _row(),
    Column("article_id", Words, nullable=False, unique=True),
    Column("key", BIG, nullable=False, unique=True),
    Column("page_id", Words, ForeignKey("pages.page_id"), nullable=False, index=True),
    Column("page", Words, nullable=False),
    Column("external_id", Words, nullable=False),
    Column("published_on", Date),
    Column("published_basis", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("source", Words),
    Column("url", Words),
    Column("duplicate_of", Words),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Index("articles_of_source", "source", "published_on"),
)
CODINGS: Final = Table(
    "codings",
    METADATA,
    _row(),
    Column("coding_id", Words, nullable=False, unique=True),
    Column("article_id", Words, ForeignKey("articles.article_id"), nullable=False),
    Column("coder", Words, nullable=False),
    Column("after_decision", BIG, nullable=False),
    Column("sentences", Words, nullable=False),
    Column("problems", Words, nullable=False),
    Index("codings_of_article", "article_id", "row"),
)
MENTIONS: Final = Table(
    "mentions",
    METADATA,
    _row(),
    Column("mention_id", Words, nullable=False),
    Column("coding_id", Words, ForeignKey("codings.coding_id"), nullable=False, index=True),
    Column("article_id", Words, nullable=False, index=True),
    Column("body", Words, nullable=False),
    Index("mentions_by_id", "mention_id", "row"),
    UniqueConstraint("coding_id", "mention_id", name="mentions_once"),
)
CLAIMS: Final = Table(
    "claims",
    METADATA,
    _row(),
    Column("claim_id", Words, nullable=False, index=True),
    Column("coding_id", Words, ForeignKey("codings.coding_id"), nullable=False, index=True),
    Column("article_id", Words, nullable=False, index=True),
    Column("body", Words, nullable=False),
)
MATCHES: Final = Table(
    "matches",
    METADATA,
    _row(),
    Column("between", Words, nullable=False),
    Column("left_id", Words, nullable=False),
    Column("right_id", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("score", Double, nullable=False),
    Column("by", Words, nullable=False),
    Index("matches_by_left", "between", "left_id", "right_id"),
    Index("matches_by_right", "between", "right_id"),
)
DECISIONS: Final = Table(
    "decisions",
    METADATA,
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("decision_id", Words, nullable=False, unique=True),
    Column("subject_kind", Words, nullable=False),
    Column("subject_id", Words, nullable=False),
    Column("article_id", Words),
    Column("action", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("previous", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Column("body", Words, nullable=False),
    Index("decisions_of_article", "article_id", "seq"),
    Index("decisions_of_subject", "subject_id", "seq"),
    Index("decisions_by_person", "by", "seq"),
    Index("decisions_by_action", "action", "seq"),
)
PROBLEMS: Final = Table(
    "problems",
    METADATA,
    _row(),
    Column("stage", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("file", Words),
    Column("line", Integer),
    Column("source", Words, index=True),
)
RUNS: Final = Table(
    "runs",
    METADATA,
    _row(),
    Column("run_id", Words, nullable=False, unique=True),
    Column("started_at", Moment, nullable=False, index=True),
    Column("body", Words, nullable=False),
)

# ---------------------------------------------------------------- kept up to date

CHAIN_HEAD: Final = Table(
    "chain_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BIG, nullable=False),
    Column("hash", Words, nullable=False),
)
URLS: Final = Table(
    "urls",
    METADATA,
    Column("url", Words, primary_key=True),
    Column("etag", Words),
    Column("modified", Words),
    Column("sha256", Words),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
)
USERS: Final = Table(
    "users",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("role", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Words),
)
SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("token_hash", Words, primary_key=True),
    Column("user", Words, ForeignKey("users.name"), nullable=False, index=True),
    Column("expires", Moment, nullable=False, index=True),
)
LOCKS: Final = Table(
    "locks",
    METADATA,
    Column("article_id", Words, primary_key=True),
    Column("by", Words, nullable=False),
    Column("until", Moment, nullable=False),
)

# ---------------------------------------------------------------- projections

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("event_id", Words, primary_key=True),
    Column("key", BIG, nullable=False, unique=True),
    Column("iso3", Words),
    Column("start_day", Date),
    Column("end_day", Date),
    Column("days", Integer),
    Column("status", Words, nullable=False, index=True),
    Column("title", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("body", Words, nullable=False),
    Index("events_by_day", "start_day", "end_day", "days", "event_id"),
    Index("events_by_land", "iso3", "start_day", "end_day", "days", "event_id"),
    Index("events_by_length", "days", "iso3", "start_day", "end_day", "event_id"),
)
EVENT_MENTIONS: Final = Table(
    "event_mentions",
    METADATA,
    Column("event_id", Words, primary_key=True),
    Column("mention_id", Words, primary_key=True, index=True),
)
EVENT_ACTORS: Final = Table(
    "event_actors",
    METADATA,
    Column("event_id", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("key", BIG, nullable=False),
    Index("event_actors_by_name", "name", "key"),
)
ACTORS: Final = Table(
    "actors",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("folded", Words, nullable=False, index=True),
    Column("events", Integer, nullable=False),
)
TOMBSTONES: Final = Table(
    "tombstones",
    METADATA,
    Column("event_id", Words, primary_key=True),
    Column("into", Words),
    Column("reason", Words, nullable=False),
)
_PLACED: Final = ("newest", "oldest", "priority", "article_id", "key")
CASES: Final = Table(
    "cases",
    METADATA,
    Column("article_id", Words, primary_key=True),
    Column("key", BIG, nullable=False),
    Column("status", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("priority", Double, nullable=False),
    Column("newest", Words, nullable=False),
    Column("oldest", Words, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("added_on", Date),
    Column("body", Words, nullable=False),
    Index("cases_by_priority", "priority", "article_id"),
    Index("cases_by_newest", "newest", "article_id"),
    Index("cases_by_oldest", "oldest", "article_id"),
    Index("cases_by_deaths", "deaths", "article_id"),
    Index("cases_by_status", "status", "priority", "article_id"),
    Index("cases_by_source", "source", "priority", "article_id"),
    Index("cases_by_language", "language", "priority", "article_id"),
    Index("cases_by_key", "key"),
    Index(
        "cases_flagged", "priority", "article_id", sqlite_where=text("flagged = 1"), postgresql_where=text("flagged")
    ),
    # Everything that a view asks of a row, so that counting and sorting never read the rows themselves.
    Index("cases_told", *("status", "source", "language", "flagged", "deaths", "added_on"), *_PLACED),
)
CASE_HANDS: Final = Table(
    "case_hands",
    METADATA,
    Column("article_id", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Index("case_hands_by_name", "name", "article_id"),
)
COUNTERS: Final = Table(
    "counters",
    METADATA,
    Column("status", Words, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("language", Words, primary_key=True),
    Column("n", Integer, nullable=False),
)

ONLY_ADDED: Final = (
    *("captures", "pages", "page_reads", "articles", "codings", "mentions", "claims", "matches", "decisions"),
    *("problems", "runs"),
)
"""The database refuses to change or remove a row of these."""
PROJECTIONS: Final = (
    *(EVENTS, EVENT_MENTIONS, EVENT_ACTORS, ACTORS, TOMBSTONES),
    *(CASES, CASE_HANDS, COUNTERS),
)
