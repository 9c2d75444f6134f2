"""Mentions of one incident brought together into an Event; every verdict is a Match and can be undone."""
