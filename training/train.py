"""Fine-tune the packaged MiniLM on our own texts and write it as an int8 ONNX file.

    python training/train.py [--epochs 5] [--out src/conflictdesk/coding/minilm]

Writes model.onnx, labels.json, tokenizer.json. The seed fixes the run on one machine and version; see README.md here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from encoder import Classifier, find_package, load_encoder
from reports import Report, read_reports
from tokenizers import Tokenizer
from torch import nn

SEED = 20261122
LENGTH = 112  # word pieces; a longer text is cut
BATCH = 16


def open_tokenizer() -> Tokenizer:
    """The package's tokenizer, cutting at LENGTH and padding to the longest of a batch."""
    tokenizer = Tokenizer.from_file(str(find_package() / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding()
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token numbers and mask of the texts, both (texts, longest)."""
    found = tokenizer.encode_batch(texts)
    return torch.tensor([e.ids for e in found]), torch.tensor([e.attention_mask for e in found])


def make_batches(reports: list[Report], chance: random.Random) -> list[list[Report]]:
    """Batches of texts of like length, in random order."""
    ordered = sorted(reports, key=lambda r: len(r.text) + chance.uniform(-40, 40))
    batches = [ordered[n : n + BATCH] for n in range(0, len(ordered), BATCH)]
    chance.shuffle(batches)
    return batches


def fit(model: Classifier, reports: list[Report], labels: list[str], epochs: int) -> None:
    """Train in place: the head fast, the encoder slowly, the word vectors not at all."""
    chance = random.Random(SEED)
    tokenizer = open_tokenizer()
    model.words.weight.requires_grad_(False)
    model.places.weight.requires_grad_(False)
    slow = [p for n, p in model.named_parameters() if not n.startswith("head") and p.requires_grad]
    rates = [1.5e-4, 2e-3]
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": rates[0]}, {"params": model.head.parameters(), "lr": rates[1]}], weight_decay=0.01
    )
    steps = epochs * -(-len(reports) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    counts = np.array([sum(r.label == label for r in reports) for label in labels])
    weight = torch.tensor((counts.mean() / np.maximum(counts, 1)) ** 0.5, dtype=torch.float32)
    loss_of = nn.CrossEntropyLoss(weight=weight, label_smoothing=0.05)
    model.train()
    for epoch in range(epochs):
        start, total = time.time(), 0.0
        for batch in make_batches(reports, chance):
            ids, mask = encode(tokenizer, [r.text for r in batch])
            loss = loss_of(model(ids, mask), torch.tensor([labels.index(r.label) for r in batch]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(slow, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}: loss {total / len(reports):.3f}, {time.time() - start:.0f} s", flush=True)
    model.eval()


def predict(model: Classifier, texts: list[str]) -> np.ndarray:
    """Logits, (texts, labels)."""
    tokenizer = open_tokenizer()
    with torch.no_grad():
        return np.concatenate([model(*encode(tokenizer, texts[n : n + 32])).numpy() for n in range(0, len(texts), 32)])


def export(model: Classifier, labels: list[str], temperature: float, folder: Path) -> None:
    """Write the int8 file, its labels and its tokenizer."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    ids, mask = encode(
        open_tokenizer(), ["Two people died on Sunday.", "Rockets hit a market in the town, killing two."]
    )
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            model,
            (ids, mask),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "batch", 1: "length"}, "mask": {0: "batch", 1: "length"}, "logits": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    sha256 = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    held = {"sha256": sha256, "temperature": temperature, "length": LENGTH, "labels": labels}
    (folder / "labels.json").write_text(json.dumps(held, indent=1) + "\n")
    shutil.copyfile(find_package() / "tokenizer.json", folder / "tokenizer.json")


def find_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The divisor of the logits that makes the kept texts likeliest (Guo et al. 2017)."""

    def loss(t: float) -> float:
        scaled = logits / t
        scaled = scaled - scaled.max(1, keepdims=True)
        return float(-(scaled[np.arange(len(truth)), truth] - np.log(np.exp(scaled).sum(1))).mean())

    return min((t / 20 for t in range(6, 80)), key=loss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--all", action="store_true", help="train on the kept texts too (after measuring without)")
    parser.add_argument("--save", type=Path, help="also write the weights as a PyTorch file")
    parser.add_argument("--out", type=Path, default=Path("src/conflictdesk/coding/minilm"))
    choice = parser.parse_args()
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # two threads of a shared machine wait for each other
    reports = read_reports()
    labels = sorted({r.label for r in reports})
    kept = [r for r in reports if r.kept]
    train = reports if choice.all else [r for r in reports if not r.kept]
    print(f"{len(train)} texts to train on, {len(kept)} kept, {len(labels)} labels", flush=True)
    model = load_encoder(len(labels))
    fit(model, train, labels, choice.epochs)
    logits = predict(model, [r.text for r in kept])
    truth = np.array([labels.index(r.label) for r in kept])
    print(f"kept texts: right {np.mean(logits.argmax(1) == truth):.3f}", flush=True)
    temperature = find_temperature(logits, truth)
    print(f"temperature {temperature}")
    if choice.save:
        torch.save({"state": model.state_dict(), "labels": labels}, choice.save)
    export(model, labels, temperature, choice.out)
    print(f"{choice.out}: {sum(f.stat().st_size for f in choice.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
