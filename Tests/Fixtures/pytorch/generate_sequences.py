"""Writes golden trainings of transformers and of long short-term memories, as generate.py does.

    python generate_sequences.py      # versions used: see sequences.json, "versions"

The transformers of TransformerLens's form are written here with einsum and explicit masks; those of PyTorch's
form are torch.nn.TransformerEncoder, and the memories torch.nn.LSTM, called with the weights by name.
"""

import json
import math
import platform

import safetensors
import torch
from generate import ADAM, ACTIVATIONS, SGD, write
from torch.nn import functional

torch.manual_seed(2305)


def normal(std, *shape):
    return torch.randn(*shape, dtype=torch.float64) * std


def stream_weights(o):
    """Weights by this package's names; what is usually 0 or 1 at first is not, so that it is seen."""
    d, h, w, m = o["width"], o["headCount"], o["width"] // o["headCount"], o["perceptronWidth"]
    root = 1 / math.sqrt(d)
    weights = {"embed.W_E": normal(root, d, o["vocabularySize"])}
    if o["positions"] != "none":
        weights["pos_embed.W_pos"] = normal(root, o["context"], d)
    for i in range(o["depth"]):
        for name in ["W_Q", "W_K", "W_V"]:
            weights[f"blocks.{i}.attn.{name}"] = normal(root, h, w, d)
        weights[f"blocks.{i}.attn.W_O"] = normal(root, d, h * w)
        if o["hasAttentionBiases"]:
            for name in ["b_Q", "b_K", "b_V"]:
                weights[f"blocks.{i}.attn.{name}"] = normal(0.1, h, w)
            weights[f"blocks.{i}.attn.b_O"] = normal(0.1, d)
        if o["smearsKeys"]:
            weights[f"blocks.{i}.attn.smear"] = normal(1, h)
        if m:
            weights[f"blocks.{i}.mlp.W_in"] = normal(root, m, d)
            weights[f"blocks.{i}.mlp.b_in"] = normal(0.1, m)
            weights[f"blocks.{i}.mlp.W_out"] = normal(root, d, m)
            weights[f"blocks.{i}.mlp.b_out"] = normal(0.1, d)
        if o["normalization"] != "none":
            for name in ["ln1", "ln2"] if m else ["ln1"]:
                weights[f"blocks.{i}.{name}.w"] = 1 + normal(0.1, d)
                weights[f"blocks.{i}.{name}.b"] = normal(0.1, d)
    if o["normalization"] == "before":
        weights["ln_final.w"], weights["ln_final.b"] = 1 + normal(0.1, d), normal(0.1, d)
    if not o["isTied"]:
        weights["unembed.W_U"] = normal(1 / math.sqrt(o["vocabularySize"]), d, o["vocabularySize"])
    return weights


def stream(o, weights, tokens):
    """The transformer in the manner of TransformerLens."""
    norm = lambda x, name: functional.layer_norm(
        x, (o["width"],), weights[name + ".w"], weights[name + ".b"])
    x = weights["embed.W_E"].T[tokens]
    positions = weights.get("pos_embed.W_pos")
    if o["positions"] == "learned":
        x = x + positions
    c = o["context"]
    mask = torch.triu(torch.full((c, c), float("-inf"), dtype=x.dtype), 1) if o["isCausal"] else 0
    for i in range(o["depth"]):
        w = lambda name: weights[f"blocks.{i}.attn.{name}"]
        source = norm(x, f"blocks.{i}.ln1") if o["normalization"] == "before" else x
        located = source + positions if o["positions"] == "queries-and-keys" else source
        q = torch.einsum("bpd,hwd->bphw", located, w("W_Q"))
        k = torch.einsum("bpd,hwd->bphw", located, w("W_K"))
        v = torch.einsum("bpd,hwd->bphw", source, w("W_V"))
        if o["hasAttentionBiases"]:
            q, k, v = q + w("b_Q"), k + w("b_K"), v + w("b_V")
        if o["smearsKeys"]:
            share = torch.sigmoid(w("smear"))[:, None]
            k = torch.cat([k[:, :1], share * k[:, 1:] + (1 - share) * k[:, :-1]], 1)
        scores = torch.einsum("bqhw,bkhw->bhqk", q, k) / math.sqrt(q.shape[-1]) + mask
        z = torch.einsum("bhqk,bkhw->bqhw", scores.softmax(-1), v)
        x = x + z.flatten(2) @ w("W_O").T + (w("b_O") if o["hasAttentionBiases"] else 0)
        if o["perceptronWidth"]:
            m = lambda name: weights[f"blocks.{i}.mlp.{name}"]
            source = norm(x, f"blocks.{i}.ln2") if o["normalization"] == "before" else x
            hidden = ACTIVATIONS[o["activation"]](source @ m("W_in").T + m("b_in"))
            x = x + hidden @ m("W_out").T + m("b_out")
    if o["normalization"] == "before":
        x = norm(x, "ln_final")
    return x


def encoder(o, weights, tokens):
    """The same by torch.nn.TransformerEncoder, which normalizes after each addition."""
    d = o["width"]
    layer = torch.nn.TransformerEncoderLayer(
        d, o["headCount"], o["perceptronWidth"], dropout=0, activation=o["activation"], batch_first=True)
    module = torch.nn.TransformerEncoder(layer, o["depth"], enable_nested_tensor=False)
    state = {}
    for i in range(o["depth"]):
        w = lambda name: weights[f"blocks.{i}.{name}"]
        own = {
            "self_attn.in_proj_weight": torch.cat([w(f"attn.W_{x}").reshape(d, d) for x in "QKV"]),
            "self_attn.in_proj_bias": torch.cat([w(f"attn.b_{x}").reshape(d) for x in "QKV"]),
            "self_attn.out_proj.weight": w("attn.W_O"), "self_attn.out_proj.bias": w("attn.b_O"),
            "linear1.weight": w("mlp.W_in"), "linear1.bias": w("mlp.b_in"),
            "linear2.weight": w("mlp.W_out"), "linear2.bias": w("mlp.b_out"),
            "norm1.weight": w("ln1.w"), "norm1.bias": w("ln1.b"),
            "norm2.weight": w("ln2.w"), "norm2.bias": w("ln2.b"),
        }
        state |= {f"layers.{i}.{name}": value for name, value in own.items()}
    x = weights["embed.W_E"].T[tokens] + weights["pos_embed.W_pos"]
    mask = None
    if o["isCausal"]:
        mask = torch.triu(torch.full((o["context"], o["context"]), float("-inf"), dtype=x.dtype), 1)
    return torch.func.functional_call(module, state, (x,), dict(mask=mask))


def transformer(name, trainings, run=stream, **changes):
    o = dict(
        vocabularySize=11, context=9, width=16, depth=2, headCount=2, perceptronWidth=0,
        activation="relu", normalization="none", positions="learned", isTied=False,
        hasAttentionBiases=False, smearsKeys=False, isCausal=True, reading="every-position") | changes
    weights = stream_weights(o)
    tokens = torch.randint(0, o["vocabularySize"], (14, o["context"]))
    if o["reading"] == "every-position":
        labels = torch.randint(0, o["vocabularySize"], tokens.shape)
        labels[:, 0] = -1
        labels[3:5, 4:] = -1
    else:
        labels = torch.randint(0, o["vocabularySize"], (14,))

    def network(weights, tokens):
        x = run(o, weights, tokens)
        logits = x @ weights["embed.W_E" if o["isTied"] else "unembed.W_U"]
        return logits if o["reading"] == "every-position" else logits[:, -1]

    case = dict(
        name=name, network="transformer", activation=o["activation"], outputScale=1.0,
        loss="cross-entropy", transformer=o)
    return write(case, network, weights, tokens, labels, trainings)


def memory(name, trainings, **options):
    o = dict(context=7, width=5, units=[6, 6], outputs=3, vocabularySize=None) | options
    inputs = o["width"]
    module = torch.nn.LSTM(inputs, o["units"][0], len(o["units"]), batch_first=True)
    weights = {f"lstm.{key}": normal(0.4, *value.shape) for key, value in module.named_parameters()}
    weights["output.weight"] = normal(0.5, o["outputs"], o["units"][-1])
    weights["output.bias"] = normal(0.1, o["outputs"])
    if o["vocabularySize"]:
        weights["embedding.weight"] = normal(1, o["vocabularySize"], inputs)
        examples = torch.randint(0, o["vocabularySize"], (13, o["context"]))
    else:
        examples = torch.randn(13, o["context"] * inputs, dtype=torch.float32).double()
    labels = torch.randint(0, o["outputs"], (13,))

    def network(weights, x):
        x = weights["embedding.weight"][x] if o["vocabularySize"] else x.unflatten(1, (-1, inputs))
        state = {key[5:]: value for key, value in weights.items() if key.startswith("lstm.")}
        hidden, _ = torch.func.functional_call(module, state, (x,))
        return functional.linear(hidden[:, -1], weights["output.weight"], weights["output.bias"])

    case = dict(
        name=name, network="lstm", activation="tanh", outputScale=1.0, loss="cross-entropy", memory=o)
    return write(case, network, weights, examples, labels, trainings)


published = dict(ADAM["adamW"], learningRate=1e-3)
few = {"adam": ADAM["adam"], "sgd-momentum": SGD["sgd-momentum"]}
cases = [
    transformer("attention-only", few | {"adamW-warm-up": dict(published, warmUpSteps=10)}),
    transformer(
        "transformer-before", few, headCount=4, perceptronWidth=24, activation="gelu",
        normalization="before", isTied=True, hasAttentionBiases=True, smearsKeys=True),
    transformer(
        "transformer-shortformer", few, depth=3, perceptronWidth=20, normalization="before",
        positions="queries-and-keys", reading="last-position"),
    transformer(
        "transformer-encoder", few, run=encoder, perceptronWidth=24, normalization="after",
        hasAttentionBiases=True, isCausal=False),
    memory("lstm", few | {"adamW": ADAM["adamW"]}, units=[8]),
    memory("lstm-tokens", few, vocabularySize=9, units=[6, 6]),
]
versions = dict(
    python=platform.python_version(), torch=torch.__version__, safetensors=safetensors.__version__)
with open("sequences.json", "w") as file:
    json.dump(dict(versions=versions, cases=cases), file, indent=1)
    file.write("\n")
