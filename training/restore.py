"""The weights of an exported network as net.pt again, so that another round of training can go on from what the package carries.

    python -m training.restore --of src/dragoman/data/model --encoder DIR --out build/restored/net.pt

What export made int8 comes back rounded as it was then (per column for matrices), which a round of training mends; what it
kept (biases, norms, the scores over pairs) comes back as written.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from training.net import Net
from transformers import BertModel

Array = np.ndarray[Any, Any]
ONNX_GATES = (0, 2, 3, 1)  # ONNX orders an LSTM's gates i, o, f, c; PyTorch i, f, c, o
SIDES = ("", "_reverse")


def dequantized(held: dict[str, Array], name: str) -> Array:
    """Weight ``name`` of a quantized graph as floats."""
    whole = held[name + "_quantized"].astype(np.int32)
    zero, scale = (
        x[:, None] if whole.ndim > x.ndim > 1 else x for x in (held[name + "_zero_point"], held[name + "_scale"])
    )  # of an LSTM both directions are in one
    return (whole - zero).astype(np.float32) * scale


def weights(path: Path) -> dict[str, Array]:
    """Weights of one exported file by the names PyTorch gives them, matrices as [out, in]."""
    graph = onnx.load(path).graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    users: dict[str, Any] = {i: n for n in graph.node for i in n.input}
    out = {k: v for k, v in held.items() if not k.endswith(("_scale", "_zero_point", "_quantized")) and "::" not in k}
    for name in (k.removesuffix("_quantized") for k in held if k.endswith("_quantized")):
        if name.endswith(".weight"):  # a table that is looked up keeps its name
            out[name] = dequantized(held, name)
    layers = 0
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # a matrix takes the name of the bias that is added to its product
            after = users[users[users[node.output[0]].output[0]].output[0]]
            bias = next(i for i in after.input if i in held)
            out[bias.removesuffix("bias") + "weight"] = dequantized(held, node.input[1].removesuffix("_quantized")).T
        elif node.op_type == "DynamicQuantizeLSTM":  # its matrices stand the other way round than an LSTM's
            inward, across = (
                dequantized(held, i.removesuffix("_quantized")).transpose(0, 2, 1) for i in node.input[1:3]
            )
            out |= lstm(layers, inward, across, held[node.input[3]])
            layers += 1
    return out


def lstm(layer: int, inward: Array, across: Array, bias: Array) -> dict[str, Array]:
    """The weights of one layer of a two-way LSTM by PyTorch's names from ONNX's W, R and B."""
    out = {}
    for i, side in enumerate(SIDES):
        both = np.split(bias[i], 2)
        parts = {"weight_ih": inward[i], "weight_hh": across[i], "bias_ih": both[0], "bias_hh": both[1]}
        for name, value in parts.items():
            gates = np.split(value, 4)
            out[f"net.lstm.{name}_l{layer}{side}"] = np.concatenate([gates[g] for g in ONNX_GATES])
    return out


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--of", type=Path, required=True)
    a.add_argument("--encoder", required=True)
    a.add_argument("--out", type=Path, required=True)
    o = a.parse_args()
    net = Net(BertModel.from_pretrained(o.encoder, add_pooling_layer=False).float())
    found = weights(o.of / "encoder.onnx")
    found |= {k.removeprefix("net."): v for k, v in weights(o.of / "words.onnx").items()}
    with np.load(o.of / "heads.npz") as heads:
        found |= {k: heads[k] for k in heads.files}
    found.pop("encoder.embeddings.word_embeddings.weight")  # never trained: the encoder's own is exact
    state = net.state_dict()
    missing = [k for k in state if k not in found and "word_embeddings" not in k and "position_ids" not in k]
    unknown = [k for k in found if k not in state]
    if missing or unknown:
        raise SystemExit(f"not of this network: missing {missing}, unknown {unknown}")
    state |= {k: torch.from_numpy(np.array(v, dtype=np.float32)).reshape(state[k].shape) for k, v in found.items()}
    o.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({k: v.half() for k, v in state.items()}, o.out)
    print(len(found), "weights restored")


if __name__ == "__main__":
    main()
