"""Writes the golden array files of this folder, and expected.json with what is in them.

    python generate.py      # versions used: see expected.json, "versions"
"""

import csv
import gzip
import io
import json
import os
import platform
import struct
import sys
import zipfile

import numpy as np
import safetensors
import safetensors.torch
import torch

from describe import describe

os.chdir(os.path.dirname(os.path.abspath(__file__)))

FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 65504.0, 6e-8, 6.1e-5, float("inf"), -float("inf"), float("nan"), 1e-3]
TYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split()


def sample(dtype):
    """Twelve values of a type, its extremes among them, as a 3 × 4 array."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        values = np.array(FLOATS).astype(dtype)
        values[-2] = np.finfo(dtype).max
        values[-1] = np.finfo(dtype).smallest_subnormal
        values[4] = np.array(0.1).astype(dtype)
        values[5] = np.nan
        return values.reshape(3, 4)
    if dtype.kind == "b":
        return (np.arange(12) % 3 == 0).reshape(3, 4)
    limits = np.iinfo(dtype)
    values = np.arange(12).astype(dtype)
    values[0], values[11], values[5] = limits.min, limits.max, limits.max // 3
    return values.reshape(3, 4)


def npy():
    for dtype in TYPES:
        np.save(f"{dtype}.npy", sample(dtype))
    for dtype in ["float16", "float32", "float64", "int16", "int32", "int64", "uint16", "uint32", "uint64"]:
        np.save(f"big-endian-{dtype}.npy", sample(dtype).astype(np.dtype(dtype).newbyteorder(">")))
    cube = np.arange(2 * 3 * 4 * 2).reshape(2, 3, 4, 2)
    for dtype in ["uint8", "int16", "float32", "float64"]:
        np.save(f"fortran-{dtype}.npy", np.asfortranarray(cube.astype(dtype)))
    np.save("fortran-big-endian.npy", np.asfortranarray(cube.astype(">f4")))
    np.save("scalar.npy", np.float64(2.5))
    np.save("one-axis.npy", np.arange(5, dtype=np.float32) / 8)
    np.save("empty.npy", np.zeros((0, 3), dtype=np.float32))
    np.save("empty-inside.npy", np.zeros((2, 0, 3), dtype=np.int32))
    for version in [(2, 0), (3, 0)]:
        with open(f"version-{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, sample("float32"), version=version)


def npz():
    arrays = {
        "weights": sample("float32"),
        "labels": np.arange(7, dtype=np.int64),
        "blocks.0.attn.W_Q": sample("float64"),
        "folder/inside": sample("uint8"),
        "μ": np.float32(0.5),
        "zeros": np.zeros((40, 50)),
    }
    np.savez("stored.npz", **arrays)
    np.savez_compressed("deflated.npz", **arrays)
    np.savez("no-arrays.npz")

    def member(array):
        file = io.BytesIO()
        np.save(file, array)
        return file.getvalue()

    class Pipe(io.RawIOBase):
        """Cannot seek, so that zipfile writes data descriptors after the members."""

        def __init__(self, file):
            self.file = file

        def writable(self):
            return True

        def write(self, data):
            return self.file.write(data)

    with open("data-descriptors.npz", "wb") as file:
        with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ["weights", "labels"]:
                archive.writestr(name + ".npy", member(arrays[name]))
    with zipfile.ZipFile("zip64.npz", "w") as archive:
        for name in ["weights", "labels"]:
            with archive.open(name + ".npy", "w", force_zip64=True) as entry:
                entry.write(member(arrays[name]))
    with zipfile.ZipFile("comment.npz", "w") as archive:
        archive.writestr("labels.npy", member(arrays["labels"]))
        archive.comment = b"a comment after the directory"


def tensors():
    arrays = {f"{dtype}s": torch.from_numpy(sample(dtype)) for dtype in TYPES}
    arrays["bfloat16s"] = torch.tensor(FLOATS).to(torch.bfloat16).reshape(2, 6)
    arrays["scalar"] = torch.tensor(3.5)
    arrays["empty"] = torch.zeros(0, 4)
    arrays["blocks.0.attn.W_Q"] = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    safetensors.torch.save_file(arrays, "all-types.safetensors")
    safetensors.torch.save_file(
        {"weight": torch.ones(2, 2)}, "metadata.safetensors", metadata={"step": "1000, \"μ\""})
    safetensors.torch.save_file({}, "no-arrays.safetensors")
    # Legal for our reader: arrays in another order than their bytes, a hole between and bytes after them.
    header = json.dumps({
        "second": {"dtype": "I16", "shape": [3], "data_offsets": [10, 16]},
        "first": {"dtype": "U8", "shape": [2, 4], "data_offsets": [0, 8]},
    }).encode()
    data = bytes(range(8)) + b"\xff\xff" + struct.pack("<3h", -1, 300, 7) + b"\xff"
    with open("holes.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


def tables():
    with open("table.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)  # CRLF
        writer.writerow(["step", "loss", "a, \"quoted\" name", "μ"])
        for step in range(4):
            writer.writerow([step * 100, 0.1 * step, 1e-300 * step, ["nan", "inf", "-inf", "-0.0"][step]])
    np.savetxt("savetxt.csv", sample("float64")[:2, :3], delimiter=",", header="a,b,c", comments="")
    with open("spreadsheet.csv", "w", encoding="utf-8-sig", newline="\n") as file:
        file.write("\"x\", y\n1, -2\n\"3\", +4")


def gzips():
    with open("two-members.gz", "wb") as file:
        file.write(gzip.compress(b"first, ", mtime=0) + gzip.compress(bytes(range(256)) * 40, mtime=0))


for old in os.listdir("."):
    if os.path.splitext(old)[1] in [".npy", ".npz", ".safetensors", ".csv", ".gz"]:
        os.remove(old)
npy(), npz(), tensors(), tables(), gzips()
files = sorted(f for f in os.listdir(".") if os.path.splitext(f)[1] in [".npy", ".npz", ".safetensors", ".csv"])
contents = {file: describe(file) for file in files if file != "holes.safetensors"}
contents["holes.safetensors"] = {  # the reference reader refuses it
    "arrays": {
        "second": {"type": "int16", "shape": [3], "values": [-1, 300, 7]},
        "first": {"type": "uint8", "shape": [2, 4], "values": list(range(8))},
    },
    "metadata": {},
}
versions = {
    "python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__,
    "safetensors": safetensors.__version__, "zlib": __import__("zlib").ZLIB_RUNTIME_VERSION,
}
with open("expected.json", "w") as file:
    json.dump({"versions": versions, "files": contents}, file, separators=(",", ":"), sort_keys=True)
    file.write("\n")
print(len(files), "files, Python", sys.version.split()[0])
