"""What the working desk keeps, in SQLite or PostgreSQL: the only SQL of the desk. The door is `opening`."""
