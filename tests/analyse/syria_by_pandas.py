"""The same before and after as `conflictdesk compare`, in a few lines of pandas on UCDP's own file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def compare_by_pandas(path: Path, actor: str, split: str, months: int) -> dict[str, tuple[int, int, int, int]]:
    """Events and low, best, high deaths of both windows."""
    ged = pd.read_csv(path, low_memory=False)
    start, day = pd.to_datetime(ged["date_start"].str[:10]), pd.Timestamp(split)
    party = (ged["side_a"] == actor) | (ged["side_b"] == actor)
    before = ged[party & (start >= day - pd.DateOffset(months=months)) & (start < day)]
    after = ged[party & (start >= day) & (start < day + pd.DateOffset(months=months))]
    return {
        name: (len(part), *(int(part[figure].sum()) for figure in ("low", "best", "high")))  # type: ignore[misc]
        for name, part in (("before", before), ("after", after))
    }
