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


SAFETENSORS_TYPES = {
    "BOOL": "bool", "F16": "float16", "F32": "float32", "F64": "float64",
    "I8": "int8", "I16": "int16", "I32": "int32", "I64": "int64",
    "U8": "uint8", "U16": "uint16", "U32": "uint32", "U64": "uint64",
}


def safetensors(path):
    from safetensors import deserialize, safe_open

    # The form without a framework: NumPy alone has no bfloat16.
    with open(path, "rb") as file:
        entries = deserialize(file.read())
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
    arrays = {}
    for name, entry in entries:
        if entry["dtype"] == "BF16":
            bits = np.frombuffer(entry["data"], dtype="<u2").astype("<u4") << 16
            dtype, values = "bfloat16", bits.view("<f4")
        else:
            dtype = SAFETENSORS_TYPES[entry["dtype"]]
            values = np.frombuffer(entry["data"], dtype=dtype)
        arrays[name] = array(values.reshape(entry["shape"]), dtype)
    return {"arrays": arrays, "metadata": metadata}


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
