"""Counts, comparisons, checks of claims and chronicles of a dataset; each number with the filter of its events."""
