"""Event + Decision -> Event: what a person should look at first, and what was decided."""
