"""Says in JSON what NumPy and safetensors find in array files: name, type, shape and values of each array.

    python describe.py FILE...

Used by generate.py for what the tests must read, and by the tests for what Python reads of what they wrote.
"""

import csv
import json
import math
import os
import sys

import numpy as np


def number(value):
    """A value that JSON can hold; what is not finite is given by its name."""
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value


def array(values, dtype=None):
    values = np.asarray(values)
    dtype = dtype or values.dtype.name
    return {
        "type": dtype,
        "shape": list(values.shape),
        "values": [number(v) for v in values.flatten().tolist()],
    }


def safetensors(path):
    from safetensors import safe_open

    try:  # NumPy alone has no bfloat16
        import torch  # noqa: F401

        framework = "pt"
    except ImportError:
        framework = "numpy"
    with safe_open(path, framework=framework) as file:
        arrays = {}
        for name in file.keys():
            tensor = file.get_tensor(name)
            dtype = str(tensor.dtype).removeprefix("torch.")
            values = tensor.float() if dtype == "bfloat16" else tensor
            arrays[name] = array(values if framework == "numpy" else values.numpy(), dtype)
        return {"arrays": arrays, "metadata": file.metadata() or {}}


def describe(path):
    extension = os.path.splitext(path)[1]
    if extension == ".npy":
        stem = os.path.splitext(os.path.basename(path))[0]
        return {"arrays": {stem: array(np.load(path))}}
    if extension == ".npz":
        with np.load(path) as file:
            return {"arrays": {name: array(file[name]) for name in file.files}}
    if extension == ".safetensors":
        return safetensors(path)
    if extension == ".csv":
        with open(path, newline="", encoding="utf-8-sig") as file:
            names, *rows = csv.reader(file, skipinitialspace=True)
        arrays = {}
        for index, name in enumerate(names):
            cells = [row[index] for row in rows]
            try:
                arrays[name] = array(np.array([int(c) for c in cells], dtype=np.int64))
            except ValueError:
                arrays[name] = array(np.array([float(c) for c in cells], dtype=np.float64))
        return {"arrays": arrays}
    raise SystemExit(f"{path}: unknown extension")


if __name__ == "__main__":
    json.dump({os.path.basename(path): describe(path) for path in sys.argv[1:]}, sys.stdout)
