"""The hand-written training texts, and which of them are kept back from training."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "reports"
NO_EVENT = ("background", "claim", "none")
KEPT_SHARE = 8  # one text in so many is kept back


@dataclass(frozen=True, slots=True)
class Report:
    """A text and its label: a sub-event type, or one of NO_EVENT."""

    name: str
    text: str
    label: str

    @property
    def kept(self) -> bool:
        """True when the text is kept back to measure on; decided by its words, so it never moves."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % KEPT_SHARE == 0


def read_reports(folder: Path = FOLDER) -> list[Report]:
    """Every text of the folder, in the order of the file names.

    Raises:
        ValueError: a line has no text or an unknown verdict, or a text stands twice.
    """
    reports: list[Report] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            label = row["type"] if row["verdict"] == "event" else row["verdict"]
            if not row["text"].strip() or (row["verdict"] != "event" and label not in NO_EVENT):
                raise ValueError(f"{path.name}:{number}: no text, or an unknown verdict {row['verdict']!r}")
            reports.append(Report(row["id"], row["text"].strip(), label))
    texts = [r.text for r in reports]
    if len(set(texts)) != len(texts):
        twice = next(t for t in texts if texts.count(t) > 1)
        raise ValueError(f"a text stands twice: {twice[:60]!r}")
    return reports


def main() -> None:
    """Print how many texts there are of each label."""
    reports = read_reports()
    for label in sorted({r.label for r in reports}):
        own = [r for r in reports if r.label == label]
        print(f"{label:40} {len(own):5} {sum(r.kept for r in own):4} kept")
    print(f"{'all':40} {len(reports):5} {sum(r.kept for r in reports):4} kept")


if __name__ == "__main__":
    main()
