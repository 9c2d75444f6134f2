"""Sentences and their grammar: Article -> Parse."""
