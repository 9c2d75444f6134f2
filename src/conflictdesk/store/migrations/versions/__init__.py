"""One script a change of the tables, never altered once a release has held it."""
