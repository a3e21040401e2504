"""Write a trained network as the files that reading needs: encoder.onnx (int8), heads.npz, tokenizer.json, card.json.

python -m training.export --net OUT/net.pt --encoder DIR --to src/dragoman/data/model
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from training.net import Net
from transformers import BertModel

LEFT_TO_NUMPY = ("kind.", "event.", "heads.", "pairs.", "none.")


class Words(nn.Module):
    """The shared part: vectors, tags, triggers."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, pieces: Tensor, mask: Tensor, window: Tensor, position: Tensor, features: Tensor, hot: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        h = self.net.words(pieces, mask, window, position, features, hot)
        return h, self.net.tags(h), self.net.trigger(h)


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--net", required=True)
    a.add_argument("--encoder", required=True)
    a.add_argument("--to", required=True)
    o = a.parse_args()
    encoder = BertModel.from_pretrained(o.encoder, add_pooling_layer=False, attn_implementation="eager").float()
    net = Net(encoder)
    state = torch.load(o.net, map_location="cpu", weights_only=True)
    net.load_state_dict({k: v.float() for k, v in state.items()})
    net.eval()
    to = Path(o.to)
    to.mkdir(parents=True, exist_ok=True)
    from dragoman.network import layout

    n = 7
    example = (
        torch.ones(2, 12, dtype=torch.long), torch.ones(2, 12, dtype=torch.long), torch.tensor([0, 0, 0, 0, 1, 1, 1]),
        torch.tensor([1, 2, 3, 4, 5, 6, 7]), torch.zeros(n, len(layout.WORD_FEATURES), dtype=torch.long),
        torch.zeros(n, layout.MULTI_HOT),
    )  # fmt: skip
    names = ["pieces", "mask", "window", "position", "features", "hot"]
    axes = {"pieces": {0: "w", 1: "l"}, "mask": {0: "w", 1: "l"}} | {
        k: {0: "n"} for k in [*names[2:], "h", "tags", "trigger"]
    }
    with tempfile.TemporaryDirectory() as d:
        raw = Path(d) / "raw.onnx"
        torch.onnx.export(
            Words(net), example, str(raw), input_names=names, output_names=["h", "tags", "trigger"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(raw, to / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True,
                         op_types_to_quantize=["MatMul", "Gather"])  # fmt: skip
    heads = {k: v.half().numpy() for k, v in net.state_dict().items() if k.startswith(LEFT_TO_NUMPY)}
    np.savez_compressed(to / "heads.npz", **heads)
    shutil.copy(Path(o.encoder) / "tokenizer.json", to / "tokenizer.json")
    digest = hashlib.sha256((to / "encoder.onnx").read_bytes() + (to / "heads.npz").read_bytes()).hexdigest()
    card = {
        "name": f"reader-{digest[:10]}",
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0), six layers, tuned throughout, int8",
        "sha256": {
            p: hashlib.sha256((to / p).read_bytes()).hexdigest()
            for p in ("encoder.onnx", "heads.npz", "tokenizer.json")
        },
        "settings": json.loads((Path(o.net).parent / "settings.json").read_text()),
    }
    (to / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")
    print({p.name: p.stat().st_size for p in to.iterdir()})


if __name__ == "__main__":
    main()
