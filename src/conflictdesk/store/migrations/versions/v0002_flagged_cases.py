"""The few flagged cases are found without a look at the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the index of what is flagged."""
    flagged = sa.text("flagged") if op.get_context().dialect.name == "postgresql" else sa.text("flagged = 1")
    op.create_index(
        "cases_flagged", "cases", ["priority", "article_id"], sqlite_where=flagged, postgresql_where=flagged
    )
