"""What Alembic runs for each command: the scripts, over the connection that `store.schema.migrate` hands in."""

from __future__ import annotations

from alembic import context


def run_scripts() -> None:
    """Run the scripts inside the transaction that is open already."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
    context.run_migrations()


# Alembic loads this file under that name; whoever else imports it wants to read it.
if __name__ == "env_py":
    run_scripts()
