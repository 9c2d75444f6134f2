"""The first shape of the store: tables, words, and triggers that keep what is only added to."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORDS: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT: Final = sa.DateTime(timezone=True)
ONLY_ADDED: Final = "captures pages page_reads articles codings mentions claims matches decisions problems runs".split()


def upgrade() -> None:
    """Make everything."""
    for make in (_make_pages, _make_articles, _make_codings, _make_matches, _make_journal, _make_people):
        make()
    for make in (_make_events, _make_actors, _make_queue):
        make()
    op.execute("INSERT INTO chain_head (id, seq, hash) VALUES (1, 0, '')")
    if op.get_context().dialect.name == "sqlite":
        _finish_sqlite()
    else:
        _finish_postgresql()


def _make_pages() -> None:
    op.create_table(
        "captures",
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "pages",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("page_id", WORDS, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("document", WORDS, nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("origin", WORDS, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["captures.sha256"],
        ),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("page_id"),
    )
    op.create_index("ix_pages_sha256", "pages", ["sha256"])
    op.create_table(
        "page_reads",
        sa.Column("page_id", WORDS, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["pages.page_id"],
        ),
        sa.PrimaryKeyConstraint("page_id"),
    )
    op.create_table(
        "urls",
        sa.Column("url", WORDS, nullable=False),
        sa.Column("etag", WORDS),
        sa.Column("modified", WORDS),
        sa.Column("sha256", WORDS),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.PrimaryKeyConstraint("url"),
    )


def _make_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("key", BIG, nullable=False),
        sa.Column("page_id", WORDS, nullable=False),
        sa.Column("page", WORDS, nullable=False),
        sa.Column("external_id", WORDS, nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_basis", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=False),
        sa.Column("source", WORDS),
        sa.Column("url", WORDS),
        sa.Column("duplicate_of", WORDS),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["pages.page_id"],
        ),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("article_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("articles_of_source", "articles", ["source", "published_on"])
    op.create_index("ix_articles_page_id", "articles", ["page_id"])
    op.create_table(
        "problems",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("stage", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.Column("file", WORDS),
        sa.Column("line", sa.Integer()),
        sa.Column("source", WORDS),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("ix_problems_source", "problems", ["source"])


def _make_codings() -> None:
    op.create_table(
        "codings",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("coding_id", WORDS, nullable=False),
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("after_decision", BIG, nullable=False),
        sa.Column("sentences", WORDS, nullable=False),
        sa.Column("problems", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.article_id"],
        ),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("coding_id"),
    )
    op.create_index("codings_of_article", "codings", ["article_id", "row"])
    op.create_table(
        "mentions",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("mention_id", WORDS, nullable=False),
        sa.Column("coding_id", WORDS, nullable=False),
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_id"],
            ["codings.coding_id"],
        ),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("coding_id", "mention_id", name="mentions_once"),
    )
    op.create_index("ix_mentions_article_id", "mentions", ["article_id"])
    op.create_index("ix_mentions_coding_id", "mentions", ["coding_id"])
    op.create_index("mentions_by_id", "mentions", ["mention_id", "row"])


def _make_matches() -> None:
    op.create_table(
        "claims",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("claim_id", WORDS, nullable=False),
        sa.Column("coding_id", WORDS, nullable=False),
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_id"],
            ["codings.coding_id"],
        ),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("ix_claims_article_id", "claims", ["article_id"])
    op.create_index("ix_claims_claim_id", "claims", ["claim_id"])
    op.create_index("ix_claims_coding_id", "claims", ["coding_id"])
    op.create_table(
        "matches",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("between", WORDS, nullable=False),
        sa.Column("left_id", WORDS, nullable=False),
        sa.Column("right_id", WORDS, nullable=False),
        sa.Column("verdict", WORDS, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("matches_by_left", "matches", ["between", "left_id", "right_id"])
    op.create_index("matches_by_right", "matches", ["between", "right_id"])


def _make_journal() -> None:
    op.create_table(
        "decisions",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("decision_id", WORDS, nullable=False),
        sa.Column("subject_kind", WORDS, nullable=False),
        sa.Column("subject_id", WORDS, nullable=False),
        sa.Column("article_id", WORDS),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("previous", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("decision_id"),
    )
    op.create_index("decisions_by_action", "decisions", ["action", "seq"])
    op.create_index("decisions_by_person", "decisions", ["by", "seq"])
    op.create_index("decisions_of_article", "decisions", ["article_id", "seq"])
    op.create_index("decisions_of_subject", "decisions", ["subject_id", "seq"])
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_people() -> None:
    op.create_table(
        "runs",
        sa.Column("row", BIG, autoincrement=True, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("run_id"),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    op.create_table(
        "users",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", WORDS),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", WORDS, nullable=False),
        sa.Column("user", WORDS, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.name"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_table(
        "locks",
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("event_id", WORDS, nullable=False),
        sa.Column("key", BIG, nullable=False),
        sa.Column("iso3", WORDS),
        sa.Column("start_day", sa.Date()),
        sa.Column("end_day", sa.Date()),
        sa.Column("days", sa.Integer()),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("events_by_day", "events", ["start_day", "end_day", "days", "event_id"])
    op.create_index("events_by_land", "events", "iso3 start_day end_day days event_id".split())
    op.create_index("events_by_length", "events", "days iso3 start_day end_day event_id".split())
    op.create_index("ix_events_status", "events", ["status"])
    op.create_table(
        "event_mentions",
        sa.Column("event_id", WORDS, nullable=False),
        sa.Column("mention_id", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "mention_id"),
    )
    op.create_index("ix_event_mentions_mention_id", "event_mentions", ["mention_id"])


def _make_actors() -> None:
    op.create_table(
        "event_actors",
        sa.Column("event_id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("key", BIG, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "name"),
    )
    op.create_index("event_actors_by_name", "event_actors", ["name", "key"])
    op.create_table(
        "actors",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("folded", WORDS, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "kind"),
    )
    op.create_index("ix_actors_folded", "actors", ["folded"])
    op.create_table(
        "tombstones",
        sa.Column("event_id", WORDS, nullable=False),
        sa.Column("into", WORDS),
        sa.Column("reason", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )


def _make_queue() -> None:
    op.create_table(
        "cases",
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("key", BIG, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=False),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("newest", WORDS, nullable=False),
        sa.Column("oldest", WORDS, nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("added_on", sa.Date()),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_index("cases_by_deaths", "cases", ["deaths", "article_id"])
    op.create_index("cases_by_key", "cases", ["key"])
    op.create_index("cases_by_language", "cases", ["language", "priority", "article_id"])
    op.create_index("cases_by_newest", "cases", ["newest", "article_id"])
    op.create_index("cases_by_oldest", "cases", ["oldest", "article_id"])
    op.create_index("cases_by_priority", "cases", ["priority", "article_id"])
    op.create_index("cases_by_source", "cases", ["source", "priority", "article_id"])
    op.create_index("cases_by_status", "cases", ["status", "priority", "article_id"])
    op.create_index(
        "cases_told",
        "cases",
        "status source language flagged deaths added_on newest oldest priority article_id key".split(),
    )
    op.create_table(
        "case_hands",
        sa.Column("article_id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "name"),
    )
    op.create_index("case_hands_by_name", "case_hands", ["name", "article_id"])
    op.create_table(
        "counters",
        sa.Column("status", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("status", "source", "language"),
    )


def _finish_sqlite() -> None:
    # Articles' words without their text, which `articles` holds; events' words change, so they are held whole.
    op.execute("CREATE VIRTUAL TABLE article_words USING fts5(title, body, content='', detail=column)")
    op.execute("CREATE VIRTUAL TABLE event_words USING fts5(title, body, detail=column)")
    for table in ONLY_ADDED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keep_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are only ever added to'); END"
            )


def _finish_postgresql() -> None:
    for words in ("article_words", "event_words"):
        op.execute(f"CREATE TABLE {words} (key BIGINT PRIMARY KEY, title TSVECTOR NOT NULL, words TSVECTOR NOT NULL)")
        for column in ("title", "words"):
            op.execute(f"CREATE INDEX {words}_{column} ON {words} USING gin ({column})")
    op.execute(
        "CREATE FUNCTION keep_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are only ever added to', TG_TABLE_NAME; END $$"
    )
    for table in ONLY_ADDED:
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_added()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_added()"
        )
