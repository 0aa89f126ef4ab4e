"""Writes the golden trainings of this folder: ten steps of small networks by PyTorch's own optimizers.

    python generate.py      # versions used: see cases.json, "versions"

Every network is written here as its literature writes it, not as this package does: the perceptrons with
torch.nn.functional.linear, the transformer with einsum over all positions and a causal mask. Everything
is computed in float64; the losses once more in float32. A file NAME.safetensors has the examples, the
weights before the first step, and of each training the gradient of its last step and the weights after it.
"""

import hashlib
import json
import math
import os
import platform

import safetensors
import torch
from safetensors.torch import save_file
from torch.nn import functional

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.set_num_threads(1)
torch.manual_seed(2301)
STEPS = 10

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky-relu": lambda x: functional.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": functional.gelu,
    "gelu-tanh": lambda x: functional.gelu(x, approximate="tanh"),
}

SGD = {
    "sgd": dict(rule="sgd", learningRate=0.1),
    "sgd-momentum": dict(rule="sgd", learningRate=0.05, momentum=0.9, weightDecay=0.01),
    "sgd-nesterov": dict(rule="sgd", learningRate=0.05, momentum=0.9, nesterov=True),
    "sgd-dampening": dict(rule="sgd", learningRate=0.1, momentum=0.8, dampening=0.3, weightDecay=0.001),
}
ADAM = {
    "adam": dict(rule="adam", learningRate=0.01, beta1=0.9, beta2=0.999, weightDecay=0.1),
    "adamW": dict(rule="adamW", learningRate=0.01, beta1=0.9, beta2=0.98, weightDecay=1.0),
}


def optimizer(options, parameters):
    common = dict(lr=options["learningRate"], weight_decay=options.get("weightDecay", 0.0))
    if options["rule"] == "sgd":
        return torch.optim.SGD(
            parameters, momentum=options.get("momentum", 0.0), dampening=options.get("dampening", 0.0),
            nesterov=options.get("nesterov", False), **common)
    kind = {"adam": torch.optim.Adam, "adamW": torch.optim.AdamW}[options["rule"]]
    return kind(parameters, betas=(options["beta1"], options["beta2"]), eps=1e-8, **common)


def mean_loss(kind, outputs, labels):
    # Outputs of several positions are rows of their own; a label of -1 is no target.
    outputs, labels = outputs.flatten(0, -2), labels.flatten()
    outputs, labels = outputs[labels >= 0], labels[labels >= 0]
    if kind == "mean-squared-error":
        targets = functional.one_hot(labels, outputs.shape[-1]).to(outputs.dtype)
        return functional.mse_loss(outputs, targets)
    # As the published code: log-softmax in float64 whatever the weights are.
    return -functional.log_softmax(outputs.double(), -1).gather(-1, labels[:, None]).mean()


def train(case, network, weights, inputs, labels, options, dtype):
    """Losses before each step and after the last, gradients by step, and the weights at the end."""
    weights = {name: value.to(dtype, copy=True).requires_grad_() for name, value in weights.items()}
    if inputs.is_floating_point():
        inputs = inputs.to(dtype)
    update = optimizer(options, list(weights.values()))
    warm_up = options.get("warmUpSteps", 0)
    factor = (lambda step: min(step / warm_up, 1)) if warm_up else (lambda step: 1.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(update, factor)
    losses, gradients = [], []
    for _ in range(STEPS):
        loss = mean_loss(case["loss"], network(weights, inputs), labels)
        update.zero_grad()
        loss.backward()
        losses.append(loss.item())
        gradients.append({name: value.grad.clone() for name, value in weights.items()})
        update.step()
        schedule.step()
    losses.append(mean_loss(case["loss"], network(weights, inputs), labels).item())
    return losses, gradients, {name: value.detach() for name, value in weights.items()}


def write(case, network, weights, inputs, labels, trainings):
    tensors = {"inputs": inputs.float() if inputs.is_floating_point() else inputs.int()}
    tensors["labels"] = labels.int()
    tensors.update({f"initial/{name}": value for name, value in weights.items()})
    case["trainings"] = []
    for name, options in trainings.items():
        single, _, _ = train(case, network, weights, inputs, labels, options, torch.float32)
        losses, gradients, final = train(case, network, weights, inputs, labels, options, torch.float64)
        case["trainings"].append(dict(name=name, **options, losses=losses, floatLosses=single))
        for key in weights:
            tensors[f"gradient/{key}"] = gradients[0][key]  # the same for every training
            tensors[f"{name}/gradient/{key}"] = gradients[-1][key]
            tensors[f"{name}/weights/{key}"] = final[key].clone()
    file = case["name"] + ".safetensors"
    save_file({key: value.contiguous() for key, value in tensors.items()}, file)
    with open(file, "rb") as contents:
        case["sha256"] = hashlib.sha256(contents.read()).hexdigest()
    return case


def perceptron(name, activation, loss, trainings, output_scale=1.0):
    widths = [6, 8, 5, 3]
    function = ACTIVATIONS[activation]
    layers = ["hidden.0", "hidden.1", "output"]
    weights = {}
    for layer, fan_in, fan_out in zip(layers, widths, widths[1:]):
        bound = 1 / math.sqrt(fan_in)
        weights[layer + ".weight"] = (torch.rand(fan_out, fan_in, dtype=torch.float64) * 2 - 1) * bound
        weights[layer + ".bias"] = (torch.rand(fan_out, dtype=torch.float64) * 2 - 1) * bound
    # Examples are numbers that float32 holds exactly.
    inputs = torch.randn(20, widths[0], dtype=torch.float32).double()
    labels = torch.randint(0, widths[-1], (20,))

    def network(weights, x):
        for layer in layers[:-1]:
            x = function(functional.linear(x, weights[layer + ".weight"], weights[layer + ".bias"]))
        return functional.linear(x, weights["output.weight"], weights["output.bias"]) * output_scale

    case = dict(
        name=name, network="mlp", widths=widths, activation=activation, outputScale=output_scale, loss=loss)
    return write(case, network, weights, inputs, labels, trainings)


def transformer(name, activation, trainings):
    """The one-layer transformer of Nanda et al. (2023) on addition modulo 11."""
    p, width, heads, mlp = 11, 16, 4, 32
    d_head = width // heads
    normal = lambda std, *shape: torch.randn(*shape, dtype=torch.float64) * std
    root = 1 / math.sqrt(width)
    weights = {
        "embed.W_E": normal(root, width, p + 1),
        "pos_embed.W_pos": normal(root, 3, width),
        "blocks.0.attn.W_Q": normal(root, heads, d_head, width),
        "blocks.0.attn.W_K": normal(root, heads, d_head, width),
        "blocks.0.attn.W_V": normal(root, heads, d_head, width),
        "blocks.0.attn.W_O": normal(root, width, heads * d_head),
        "blocks.0.mlp.W_in": normal(root, mlp, width),
        "blocks.0.mlp.b_in": normal(0.1, mlp),  # not 0 as in the paper, so that biases are seen
        "blocks.0.mlp.W_out": normal(root, width, mlp),
        "blocks.0.mlp.b_out": normal(0.1, width),
        "unembed.W_U": normal(1 / math.sqrt(p + 1), width, p + 1),
    }
    pairs = torch.cartesian_prod(torch.arange(p), torch.arange(p))[torch.randperm(p * p)[:70]]
    tokens = torch.cat([pairs, torch.full((70, 1), p)], 1)
    labels = pairs.sum(1) % p
    mask = torch.tril(torch.ones(3, 3, dtype=torch.float64))

    def network(weights, tokens):
        w = {key.split(".")[-1]: value for key, value in weights.items()}
        x = torch.einsum("dbp -> bpd", w["W_E"][:, tokens]) + w["W_pos"]
        k = torch.einsum("ihd,bpd->biph", w["W_K"], x)
        q = torch.einsum("ihd,bpd->biph", w["W_Q"], x)
        v = torch.einsum("ihd,bpd->biph", w["W_V"], x)
        scores = torch.einsum("biph,biqh->biqp", k, q)
        masked = scores - 1e10 * (1 - mask.to(scores.dtype))
        pattern = functional.softmax(masked / math.sqrt(d_head), dim=-1)
        z = torch.einsum("biph,biqp->biqh", v, pattern)
        flat = torch.einsum("biqh->bqih", z).flatten(2)
        x = x + torch.einsum("df,bqf->bqd", w["W_O"], flat)
        post = ACTIVATIONS[activation](torch.einsum("md,bpd->bpm", w["W_in"], x) + w["b_in"])
        x = x + torch.einsum("dm,bpm->bpd", w["W_out"], post) + w["b_out"]
        return (x @ w["W_U"])[:, -1]

    case = dict(
        name=name, network="transformer", modulus=p, width=width, headCount=heads, perceptronWidth=mlp,
        activation=activation, outputScale=1.0, loss="cross-entropy")
    return write(case, network, weights, tokens, labels, trainings)


if __name__ == "__main__":
    published = dict(ADAM["adamW"], learningRate=1e-3)
    few = {name: SGD[name] for name in ["sgd-momentum"]} | {"adamW": ADAM["adamW"]}
    cases = [
        perceptron("mlp-relu", "relu", "cross-entropy", SGD | ADAM),
        perceptron("mlp-relu-squared", "relu", "mean-squared-error", SGD | ADAM),
        perceptron("mlp-tanh", "tanh", "mean-squared-error", SGD | ADAM, output_scale=3.0),
        perceptron("mlp-gelu", "gelu", "cross-entropy", SGD | ADAM),
        perceptron("mlp-leaky-relu", "leaky-relu", "cross-entropy", few),
        perceptron("mlp-sigmoid", "sigmoid", "cross-entropy", few),
        perceptron("mlp-gelu-tanh", "gelu-tanh", "mean-squared-error", few),
        transformer(
            "transformer", "relu",
            {
                "adamW": published, "adamW-warm-up": dict(published, warmUpSteps=10),
                "adam": ADAM["adam"], "sgd-momentum": SGD["sgd-momentum"],
            }),
    ]
    versions = dict(
        python=platform.python_version(), torch=torch.__version__, safetensors=safetensors.__version__)
    with open("cases.json", "w") as file:
        json.dump(dict(versions=versions, cases=cases), file, indent=1)
        file.write("\n")
