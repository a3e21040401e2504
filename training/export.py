"""Write a trained network as the files that reading needs: encoder.onnx, words.onnx (int8), heads.npz, tokenizer.json, card.json.

python -m training.export --net OUT/net.pt --encoder DIR --to src/dragoman/data/model
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from training.net import Net, trained

from dragoman.network import layout
from dragoman.network.runtime import CARD, FILES, TOKENIZER

LEFT_TO_NUMPY = ("kind.", "event.", "heads.", "pairs.", "none.")


class Pieces(nn.Module):
    """The transformer: vectors of word pieces, window by window, so that long documents can be read in parts."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.encoder = net.encoder

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        out: Tensor = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state
        return out


class Words(nn.Module):
    """The rest of what all share: vectors, tags, triggers of one document's words."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, first: Tensor, features: Tensor, hot: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.net.mixed(first, features, hot)
        y, _ = self.net.lstm(x.unsqueeze(0))
        h = self.net.norm(x + y.squeeze(0))
        return h, self.net.tags(h), self.net.trigger(h)


def write(
    module: nn.Module, example: tuple[Tensor, ...], axes: dict[str, dict[int, str]], outputs: list[str], to: Path
) -> None:
    """A module as an int8 ONNX file; ``axes`` names the inputs, in order, and their free dimensions.

    Weights of products take seven bits of the eight, so that no processor's sums of products run over (docs/decisions/022-seven-bits.md).
    """
    with tempfile.TemporaryDirectory() as d:
        raw = Path(d) / "raw.onnx"
        free = axes | {k: {0: "n"} for k in outputs}
        torch.onnx.export(
            module, example, str(raw), input_names=list(axes), output_names=outputs, dynamic_axes=free, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        looked_up = Path(d) / "looked_up.onnx"
        quantize_dynamic(raw, looked_up, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["Gather"])
        quantize_dynamic(
            looked_up, to, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul", "LSTM"]
        )  # fmt: skip


def write_card(to: Path, settings: dict[str, Any] | None = None) -> None:
    """What the weights in a folder are, with the hash of each file; ``settings`` of the training, None leaves them as they stand."""
    there = [n for n in FILES if (to / n).exists()]
    hashes = {n: hashlib.sha256((to / n).read_bytes()).hexdigest() for n in there}
    name = hashlib.sha256("".join(hashes[n] for n in there if n != TOKENIZER).encode()).hexdigest()
    card = {
        "name": f"reader-{name[:10]}",
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0), six layers, tuned throughout, seven bits as int8",
        "sha256": hashes,
        "settings": json.loads((to / CARD).read_text())["settings"] if settings is None else settings,
    }
    (to / CARD).write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--net", required=True)
    a.add_argument("--encoder", required=True)
    a.add_argument("--to", required=True)
    o = a.parse_args()
    net = trained(o.net, o.encoder)
    to = Path(o.to)
    to.mkdir(parents=True, exist_ok=True)
    n = 7
    ids = torch.ones(2, 12, dtype=torch.long)
    write(
        Pieces(net),
        (ids, ids),
        {"pieces": {0: "w", 1: "l"}, "mask": {0: "w", 1: "l"}},
        ["vectors"],
        to / "encoder.onnx",
    )
    write(
        Words(net),
        (
            torch.zeros(n, 384),
            torch.zeros(n, len(layout.WORD_FEATURES), dtype=torch.long),
            torch.zeros(n, layout.MULTI_HOT),
        ),
        {"first": {0: "n"}, "features": {0: "n"}, "hot": {0: "n"}},
        ["h", "tags", "trigger"],
        to / "words.onnx",
    )
    heads = {k: v.half().numpy() for k, v in net.state_dict().items() if k.startswith(LEFT_TO_NUMPY)}
    np.savez_compressed(to / "heads.npz", **heads)
    shutil.copy(Path(o.encoder) / "tokenizer.json", to / "tokenizer.json")
    write_card(to, json.loads((Path(o.net).parent / "settings.json").read_text()))
    print({p.name: p.stat().st_size for p in to.iterdir()})


if __name__ == "__main__":
    main()
