"""Arrays larger than memory, and what measures of them must be: python large_arrays.py 250

Writes x.npy [COPIES * 100,000, 200] and y.npy [COPIES * 100,000, 20], float32 (250 copies: 20 and 2 GB), into the working
folder: scaled copies of one block, so that the numbers printed follow from the block alone, in float64.
"""
import json, os, sys
import numpy as np
n, d, e, copies = 100_000, 200, 20, int(sys.argv[1])
rng = np.random.default_rng(1)
b = rng.standard_normal((n, d)).astype(np.float32) / np.sqrt(np.arange(1, d + 1, dtype=np.float32))
c = np.abs(b[:, :e]) + 0.5 * b[:, e : 2 * e]
s = (1 + np.arange(copies) % 3).astype(np.float32); t = (1 + np.arange(copies) % 2).astype(np.float32)
def header(rows, columns):
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (rows, columns)
    text += " " * (118 - len(text) - 1) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()
with open("x.npy", "wb") as fx, open("y.npy", "wb") as fy:
    fx.write(header(n * copies, d)); fy.write(header(n * copies, e))
    for k in range(copies):
        (s[k] * b).tofile(fx); (t[k] * c).tofile(fy)
        if k % 10 == 9:
            for f in (fx, fy):
                f.flush(); os.fdatasync(f.fileno()); os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
B, C = b.astype(float), c.astype(float); N = n * copies
mx, my = s.mean() * B.mean(0), t.mean() * C.mean(0)
xx = (s.astype(float) ** 2).sum() * B.T @ B - N * np.outer(mx, mx)
yy = (t.astype(float) ** 2).sum() * C.T @ C - N * np.outer(my, my)
xy = (s.astype(float) * t).sum() * B.T @ C - N * np.outer(mx, my)
f = np.linalg.norm
print(json.dumps({"cka": f(xy) ** 2 / f(xx) / f(yy), "pr": np.trace(xx) ** 2 / f(xx) ** 2,
  "sigma": np.sqrt(np.linalg.eigvalsh(xx)[::-1][:5]).tolist(), "squaredDistance": 2 * np.trace(xx) / (N - 1)}))
