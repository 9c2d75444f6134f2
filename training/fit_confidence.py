"""Learn how much each sign of `conflictdesk.coding.signs` counts, and write `confidence.toml`.

    python -m training.fit_confidence [--out src/conflictdesk/coding/confidence.toml]

A logistic regression for each field over its named signs, on our own tuning texts (gold_pairs.py). A sign that speaks
against may only lower, one that speaks for may only raise; our texts hold few errors, so each weight is held near what
is expected of its sign. The log loss printed is on whole texts left out. Run it again whenever the coder or the signs
have changed: two or three minutes. The texts held back and other people's take no part.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conflictdesk.coding.confidence import START
from conflictdesk.coding.signs import SIGNS
from training.gold_pairs import Example, read_examples

OUT = Path(__file__).parent.parent / "src" / "conflictdesk" / "coding" / "confidence.toml"
SEED = 20261122
PENALTY = 2.0  # on the square of how far a weight goes from what is expected of its sign
UNSEEN = 4.0  # values without any sign, half of them wrong: the rules were written with these texts in view
FOLDS = 10
STEPS, RATE = 1500, 0.5
Matrix = NDArray[np.float64]


def main() -> None:
    """Fit every field, say how well it does on texts left out, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    examples = read_examples()
    parts = [_HEAD]
    for name in SIGNS:
        mine = [e for e in examples if e.field == name]
        parts.append(_write_field(name, mine))
    out.write_text("\n".join(parts), encoding="utf-8")
    print(f"{out}: {len(examples)} values of {len({e.text for e in examples})} texts")


_HEAD = """\
# How much each sign counts in the probability of a field. Written by training/fit_confidence.py from our own
# hand-coded texts; do not edit by hand. p = 1 / (1 + e^-(start + the weights of the signs that hold)).
"""


def _write_field(name: str, examples: Sequence[Example]) -> str:
    signs = [s.name for s in SIGNS[name]]
    x = np.array([[1.0, *(float(s in e.signs) for s in signs)] for e in examples])
    y = np.array([float(e.right) for e in examples])
    loss = _cross_validate(name, x, y, _number_folds([e.text for e in examples]))
    weights = fit_field(name, x, y)
    rate = float(y.mean())
    plain = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)) if 0 < rate < 1 else 0.0
    print(
        f"{name}: {len(y)} values, {rate:.3f} right; log loss on texts left out {loss:.3f} (without signs {plain:.3f})"
    )
    lines = [f"[{name}]", f"{START} = {weights[0]:.2f}"]
    for sign, weight, held in zip(signs, weights[1:], x[:, 1:].sum(axis=0)):
        lines.append(f'"{sign}" = {weight + 0.0:.2f}  # held {int(held)} times')
    return "\n".join(lines) + "\n"


def fit_field(name: str, x: Matrix, y: Matrix) -> Matrix:
    """The start and the weights of a field's signs; `x` is (values, 1 + signs) of 0 and 1, `y` 1 where right."""
    signs = SIGNS[name]
    expected = np.array([1.0, *(s.expected for s in signs)])
    below = np.array([-np.inf, *(0.0 if s.speaks_for else -np.inf for s in signs)])
    above = np.array([np.inf, *(np.inf if s.speaks_for else 0.0 for s in signs)])
    held = np.array([0.0, *([PENALTY] * len(signs))])
    weights = expected.copy()
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        slope = x.T @ (p - y) + held * (weights - expected)
        slope[0] += UNSEEN * (1 / (1 + np.exp(-weights[0])) - 0.5)
        weights = np.clip(weights - RATE * slope / (len(y) / 4 + PENALTY), below, above)
    return weights


def _number_folds(texts: Sequence[str]) -> NDArray[np.int64]:
    names = sorted(set(texts))
    order = np.random.default_rng(SEED).permutation(len(names))
    fold = {name: int(order[n]) % FOLDS for n, name in enumerate(names)}
    return np.array([fold[t] for t in texts])


def _cross_validate(name: str, x: Matrix, y: Matrix, folds: NDArray[np.int64]) -> float:
    losses: list[float] = []
    for fold in range(FOLDS):
        out = folds == fold
        if out.any() and (~out).any():
            weights = fit_field(name, x[~out], y[~out])
            p = np.clip(1 / (1 + np.exp(-(x[out] @ weights))), 0.02, 0.98)
            losses += list(-(y[out] * np.log(p) + (1 - y[out]) * np.log(1 - p)))
    return round(float(np.mean(losses)), 4)


if __name__ == "__main__":
    main()
