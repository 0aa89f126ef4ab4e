"""Golden values of similarity, spectra and intrinsic dimension: python generate.py > expected.json

Written from the definitions, in the plainest form there is (n x n kernels, explicit loops), or by
published packages: scipy, scikit-learn, scikit-dimension.
"""
import json
import platform
import sys

import numpy as np
import scipy
import scipy.linalg
import scipy.optimize
import scipy.spatial.distance as distance
import scipy.stats
import skdim
import sklearn
from sklearn.linear_model import Ridge

rng = np.random.default_rng(20261122)
n, d, e = 24, 5, 4
x = rng.standard_normal((n, d)) @ rng.standard_normal((d, d)) + 3
y = np.tanh(x[:, :e]) + 0.5 * rng.standard_normal((n, e)) - 1
labels = np.arange(n) % 3
xc, yc = x - x.mean(0), y - y.mean(0)
H = np.eye(n) - 1 / n


def hsic(k, l, debiased):
    if not debiased:
        return np.trace(H @ k @ H @ H @ l @ H)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)


def cka(k, l, debiased):
    return hsic(k, l, debiased) / np.sqrt(hsic(k, k, debiased) * hsic(l, l, debiased))


def gaussian(a, fraction):
    squares = distance.squareform(distance.pdist(a, "sqeuclidean"))
    # Lower median, rounded to single precision as documented.
    pairs = np.sort(np.float32(distance.pdist(a, "sqeuclidean")))
    median = np.sqrt(np.float64(pairs[(len(pairs) - 1) // 2]))
    return np.exp(-squares / (2 * (fraction * median) ** 2))


out = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                 "scikit-learn": sklearn.__version__, "scikit-dimension": skdim.__version__},
    "x": x.tolist(), "y": y.tolist(), "labels": labels.tolist(),
}
onehot = np.eye(3)[labels]
out["cka"] = {
    "linear biased": cka(x @ x.T, y @ y.T, False), "linear debiased": cka(x @ x.T, y @ y.T, True),
    "gaussian biased": cka(gaussian(x, 0.5), gaussian(y, 0.5), False),
    "gaussian debiased": cka(gaussian(x, 0.5), gaussian(y, 0.5), True),
    "labels biased": cka(x @ x.T, onehot @ onehot.T, False),
    "labels debiased": cka(x @ x.T, onehot @ onehot.T, True),
}

# Shapes: the orthogonal matrix itself, by scipy, after padding with zeros.
padded = np.hstack([yc, np.zeros((n, d - e))])
q, nuclear = scipy.linalg.orthogonal_procrustes(padded, xc)
cosine = np.sum((padded @ q) * xc) / np.linalg.norm(xc) / np.linalg.norm(yc)
kx, ky = scipy.linalg.sqrtm(xc @ xc.T + 1e-14 * np.eye(n)), scipy.linalg.sqrtm(yc @ yc.T + 1e-14 * np.eye(n))
out["shape"] = {
    "procrustes": np.linalg.norm(padded @ q - xc), "angular": np.arccos(cosine),
    "fidelity of kernel roots": np.linalg.svd(np.real(kx @ ky), compute_uv=False).sum()
    / np.sqrt(np.trace(xc @ xc.T) * np.trace(yc @ yc.T)),
}
k0, l0 = xc @ xc.T, yc @ yc.T
np.fill_diagonal(k0, 0), np.fill_diagonal(l0, 0)
out["rv"] = {"plain": cka(x @ x.T, y @ y.T, False), "modified": np.sum(k0 * l0) / np.sqrt(np.sum(k0 * k0) * np.sum(l0 * l0))}


# Canonical correlations through orthonormal bases of the column spaces.
def canonical(a, b):
    qa, qb = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    u, s, vt = np.linalg.svd(qa.T @ qb)
    return s, qa @ u[:, : len(s)]


def truncated(a, kept):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    rank = np.searchsorted(np.cumsum(s**2) / np.sum(s**2), kept) + 1
    return u[:, :rank] * s[:rank]


rho, variates = canonical(xc, yc)
alpha = np.abs(variates.T @ xc).sum(1)
out["cca"] = {
    "correlations": rho.tolist(), "weighted": float(np.sum(alpha * rho) / np.sum(alpha)),
    "svcca 0.9": canonical(truncated(xc, 0.9), truncated(yc, 0.9))[0].tolist(),
}

out["rdm"] = {name: distance.pdist(x, metric).tolist() for name, metric in [
    ("squaredEuclidean", "sqeuclidean"), ("euclidean", "euclidean"), ("cosine", "cosine"), ("correlation", "correlation")]}
a, b = distance.pdist(x, "euclidean"), distance.pdist(np.round(y), "cityblock")
out["rsa"] = {"second": b.tolist(), "spearman": scipy.stats.spearmanr(a, b)[0], "pearson": scipy.stats.pearsonr(a, b)[0],
              "cosine": a @ b / np.linalg.norm(a) / np.linalg.norm(b)}

# Cross-validated distances: three conditions, four partitions, two samples in each.
partitions = np.arange(n) // 6
means = {(c, m): x[(labels == c) & (partitions == m)].mean(0) for c in range(3) for m in range(4)}
residuals = np.array([x[i] - means[labels[i], partitions[i]] for i in range(n)])
sigma = residuals.T @ residuals / (n - 12)


def crossnobis(noise):
    inverse, values = np.linalg.inv(noise), []
    for i in range(3):
        for j in range(i + 1, 3):
            values.append(np.mean([(means[i, p] - means[j, p]) @ inverse @ (means[i, q] - means[j, q]) / d
                                   for p in range(4) for q in range(4) if p != q]))
    return values


out["crossnobis"] = {"partitions": partitions.tolist(), "none": crossnobis(np.eye(d)), "variance": crossnobis(np.diag(np.diag(sigma))),
                     "shrunk 0.3": crossnobis(0.7 * sigma + 0.3 * np.diag(np.diag(sigma)))}

# Ridge in two given folds: coefficients by scikit-learn.
penalty = 0.01


def held_out(train, test):
    mean = x[train].mean(0)
    scale = np.sum((x[train] - mean) ** 2) / d
    model = Ridge(alpha=penalty * scale, solver="cholesky").fit(x[train], y[train])
    return np.sum((y[test] - model.predict(x[test])) ** 2), np.sum((y[test] - y[train].mean(0)) ** 2)


out["ridge"] = {"penalty": penalty, "folds": []}
for fold in range(n):  # leave one out, which does not depend on how folds are drawn
    keep = np.arange(n) != fold
    out["ridge"]["folds"].append([float(v) for v in held_out(keep, ~keep)])

s = np.linalg.svd(xc, compute_uv=False)
p = s / s.sum()
eig = s**2 / (n - 1)
out["spectrum"] = {
    "centered": s.tolist(), "plain": np.linalg.svd(x, compute_uv=False).tolist(),
    "participation": eig.sum() ** 2 / np.sum(eig**2), "effectiveRank": np.exp(scipy.stats.entropy(p)),
    "rankMe": np.exp(-np.sum((p + 1e-7) * np.log(p + 1e-7))), "stableRank": np.sum(s**2) / s[0] ** 2,
}
# Debiased participation ratio by the sum over all sets of four different samples, of the first ten.
small = x[:10]
half = distance.squareform(distance.pdist(small, "sqeuclidean")) / 2
centre = lambda i, j: small[i] - small[j]
top = bottom = count = 0
for i in range(10):
    for j in range(10):
        for k in range(10):
            for l in range(10):
                if len({i, j, k, l}) == 4:
                    top += half[i, j] * half[k, l]
                    # E[((x1 - x2)·(x3 - x4))²] / 4 = tr Σ²
                    bottom += (centre(i, j) @ centre(k, l)) ** 2 / 4
                    count += 1
out["spectrum"]["debiasedOfTen"] = top / bottom
line = scipy.stats.linregress(np.log(np.arange(2, 6)), np.log(eig[1:5]))
out["decay"] = {"exponent": -line.slope, "error": line.stderr, "rSquared": line.rvalue**2}

jacobians = rng.standard_normal((6, 3, 7)) + 1
each = np.array([np.linalg.svd(j, compute_uv=False) for j in jacobians])
pairs = np.array([np.linalg.svd(jacobians[i : i + 2].mean(0), compute_uv=False) for i in (0, 2, 4)])
out["jacobians"] = {"values": jacobians.tolist(), "each": each.mean(0).tolist(),
                    "eachError": (each.std(0, ddof=1) / np.sqrt(6)).tolist(), "batches": pairs.mean(0).tolist()}

points = rng.standard_normal((120, 3)) @ rng.standard_normal((3, 6)) + 0.01 * rng.standard_normal((120, 6))
ordered = np.sort(distance.squareform(distance.pdist(points)), 1)[:, 1:]
mu = ordered[:, 1] / ordered[:, 0]


def gride(rank):
    ratio = ordered[:, 2 * rank - 1] / ordered[:, rank - 1]

    def loss(t):
        return -np.sum(np.log(t) + (rank - 1) * np.log(ratio**t - 1) - ((2 * rank - 1) * t + 1) * np.log(ratio))

    return scipy.optimize.minimize_scalar(loss, bounds=(0.1, 30), method="bounded", options={"xatol": 1e-12}).x


k = 10
kept = np.log(np.sort(mu))[:108]  # 90 % of 120
slope = np.sum(kept * -np.log(1 - np.arange(1, 109) / 120)) / np.sum(kept**2)
out["dimension"] = {
    "points": points.tolist(), "likelihood": (len(mu) - 1) / np.log(mu).sum(),
    "slope 0.1": slope, "skdim twoNN 0.1": skdim.id.TwoNN(discard_fraction=0.1).fit(points).dimension_,
    "skdim MLE 10": scipy.stats.hmean(skdim.id.MLE(K=k).fit(points, n_neighbors=k).dimension_pw_),
    "arithmetic 10": np.mean((k - 2) / np.log(ordered[:, k - 1 : k] / ordered[:, : k - 1]).sum(1)),
    "gride": [gride(r) for r in (1, 2, 4, 8)],
}
upper = distance.pdist(x)
unit = x / np.linalg.norm(x, axis=1, keepdims=True)
angles = np.arccos(np.clip(unit @ unit.T, -1, 1))[np.triu_indices(n, 1)]
out["pairs"] = {"distance": upper.mean(), "square": (upper**2).mean(), "angle": angles.mean()}
json.dump(out, sys.stdout, default=float)
print()
