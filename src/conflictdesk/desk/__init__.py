"""The web app on this machine alone: explore a dataset, ask it, and follow each number to its events."""
