"""Golden values of the readout measures: python generate.py > expected.json

Written from the definitions, in the plainest form there is (dense covariances, explicit loops), or by
published packages: numpy, scipy, scikit-learn.
"""
import json
import platform
import sys

import numpy as np
import scipy
import scipy.special
import scipy.stats
import sklearn
import sklearn.metrics as metrics
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261122)
names = np.array([2, 5, 9])
d, C = 5, 3
mixing = rng.standard_normal((d, d))
centers = 1.2 * rng.standard_normal((C, d))


def draw(counts):
    classes = rng.permutation(np.repeat(np.arange(C), counts))
    return centers[classes] + rng.standard_normal((len(classes), d)) @ mixing + 4, classes


x, cx = draw([26, 18, 16])
t, ct = draw([12, 10, 14])
n, m = len(x), len(t)
W, b = rng.standard_normal((C, d)), rng.standard_normal(C)
out = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                 "scikit-learn": sklearn.__version__},
    "x": x.tolist(), "labels": names[cx].tolist(), "t": t.tolist(), "tLabels": names[ct].tolist(),
    "W": W.tolist(), "b": b.tolist(),
}
mu = np.array([x[cx == c].mean(0) for c in range(C)])


# Neural collapse.
def simplex(v):
    norms = np.linalg.norm(v, axis=1)
    u = v / norms[:, None]
    cos = np.array([u[i] @ u[j] for i in range(C) for j in range(C) if i < j])
    return [norms.std() / norms.mean(), cos.std(), np.abs(cos + 1 / (C - 1)).mean()]


M = mu - mu.mean(0)
sw = np.mean([np.cov(x[cx == c].T, bias=True) for c in range(C)], axis=0)
sb = M.T @ M / C
largest = np.linalg.eigvalsh(sb)
share = float(largest[-2] / largest[-1])
out["collapse"] = {
    "nc1": np.trace(sw @ np.linalg.pinv(sb, rcond=1e-10, hermitian=True)) / C,
    "eigenvalueShare": share,
    "nc1 cut": np.trace(sw @ np.linalg.pinv(sb, rcond=share * 1.01, hermitian=True)) / C,
    "means": simplex(M), "weights": simplex(W),
    "duality": np.linalg.norm(W / np.linalg.norm(W) - M / np.linalg.norm(M)),
    "disagreements": int(np.sum((x @ W.T + b).argmax(1) !=
                                np.array([np.linalg.norm(mu - v, axis=1).argmin() for v in x]))),
}

# Class separation and few-shot signal.
between = sum((cx == c).sum() * np.sum((mu[c] - x.mean(0)) ** 2) for c in range(C))
within = sum(np.sum((x[cx == c] - mu[c]) ** 2) for c in range(C))
out["separation"] = [between / n, within / n, between / within]
cov = [np.cov(x[cx == c].T, bias=True) for c in range(C)]


def snr(a, o, k, complete):
    delta = mu[a] - mu[o]
    signal = delta @ delta + (np.trace(cov[o]) - np.trace(cov[a])) / k
    noise = delta @ cov[a] @ delta + delta @ cov[o] @ delta / k + np.trace(cov[a] @ cov[a]) / k
    if complete:
        noise += np.trace(cov[a] @ cov[o]) / k
        noise += (np.trace(cov[a] @ cov[a]) + np.trace(cov[o] @ cov[o])) / (2 * k * k)
    return signal / (2 * np.sqrt(noise))


def published(a, o, k):
    radius = np.trace(cov[a])
    dim = radius ** 2 / np.trace(cov[a] @ cov[a])
    delta = (mu[a] - mu[o]) / np.sqrt(radius)
    noise = 1 / dim / k + delta @ cov[o] @ delta / radius / k + delta @ cov[a] @ delta / radius
    return 0.5 * (delta @ delta + (np.trace(cov[o]) / radius - 1) / k) / np.sqrt(noise)


pairs = [(a, o) for a in range(C) for o in range(C) if a != o]
out["signal"] = {"complete": [snr(a, o, 3, True) for a, o in pairs],
                 "published": [published(a, o, 3) for a, o in pairs],
                 "errors": [scipy.stats.norm.sf(snr(a, o, 3, True)) for a, o in pairs]}

# Distances.
out["silhouette"] = metrics.silhouette_samples(x, cx).tolist()


def vote(v, among, classes, k):
    order = np.argsort(np.linalg.norm(among - v, axis=1), kind="stable")[:k]
    votes = np.bincount(classes[order], minlength=C)
    return next(int(classes[i]) for i in order if votes[classes[i]] == votes.max())


out["neighbors"] = {
    "one held out": names[KNeighborsClassifier(1).fit(x, cx).predict(t)].tolist(),
    "four held out": names[[vote(v, x, cx, 4) for v in t]].tolist(),
    "three left out": names[[vote(x[i], np.delete(x, i, 0), np.delete(cx, i), 3) for i in range(n)]].tolist(),
}
out["centers"] = {
    "held out": names[NearestCentroid().fit(x, cx).predict(t)].tolist(),
    "left out": names[[NearestCentroid().fit(np.delete(x, i, 0), np.delete(cx, i)).predict(x[i:i + 1])[0]
                       for i in range(n)]].tolist(),
}

# Probes.
scaler = StandardScaler().fit(x)
z, zt = scaler.transform(x), scaler.transform(t)
out["logistic"] = []
for penalty in [1e-3, 1e-1]:
    fit = LogisticRegression(C=1 / (n * penalty), tol=1e-12, max_iter=100_000).fit(z, cx)
    # One more Newton step, dense, to go as far as Double does.
    w = np.hstack([fit.coef_, fit.intercept_[:, None]])
    z1, y = np.hstack([z, np.ones((n, 1))]), np.eye(C)[cx]
    for _ in range(5):
        p = scipy.special.softmax(z1 @ w.T, axis=1)
        ridge = np.diag([penalty] * d + [0])
        g = ((p - y).T @ z1 / n + w @ ridge).ravel()
        H = np.zeros((C * (d + 1), C * (d + 1)))
        for i in range(n):
            H += np.kron(np.diag(p[i]) - np.outer(p[i], p[i]), np.outer(z1[i], z1[i])) / n
        H += np.kron(np.eye(C), ridge)
        w = w - (np.linalg.pinv(H, rcond=1e-12) @ g).reshape(C, d + 1)
    w[:, d] -= w[:, d].mean()
    weights = w[:, :d] / scaler.scale_
    biases = w[:, d] - weights @ scaler.mean_
    scores = t @ weights.T + biases
    losses = scipy.special.logsumexp(scores, axis=1) - scores[np.arange(m), ct]
    out["logistic"].append({
        "penalty": penalty, "weights": weights.tolist(), "biases": biases.tolist(),
        "package": float(np.abs(fit.coef_ - w[:, :d]).max()),
        "correct": int(np.sum(scores.argmax(1) == ct)),
        "trainCorrect": int(np.sum((x @ weights.T + biases).argmax(1) == cx)),
        "loss": [losses.mean(), losses.std(ddof=1) / np.sqrt(m)]})
onehot = np.eye(C)[cx]
penalties = [1e-4, 1e-2, 1.0]


def gcv(penalty):
    zc, yc = z - z.mean(0), onehot - onehot.mean(0)
    hat = zc @ np.linalg.solve(zc.T @ zc + n * penalty * np.eye(d), zc.T)
    return n * np.sum((yc - hat @ yc) ** 2) / (n - 1 - np.trace(hat)) ** 2


errors = [gcv(p) for p in penalties]
best = penalties[int(np.argmin(errors))]
fit = Ridge(alpha=n * best, tol=1e-12).fit(z, onehot)
out["ridge"] = {"errors": errors, "penalty": best, "weights": (fit.coef_ / scaler.scale_).tolist(),
                "biases": (fit.intercept_ - fit.coef_ @ (scaler.mean_ / scaler.scale_)).tolist(),
                "correct": int(np.sum(fit.predict(zt).argmax(1) == ct))}

# Confusion.
found = names[rng.integers(0, C, m)]
found[:3] = 7
confusion = metrics.confusion_matrix(names[ct], found)
precision, recall, f1, support = metrics.precision_recall_fscore_support(names[ct], found, zero_division=0)
out["confusion"] = {"predicted": found.tolist(), "labels": sorted(set(found) | set(names)),
                    "counts": confusion.tolist(), "precision": precision.tolist(), "recall": recall.tolist(),
                    "f1": f1.tolist(), "balanced": recall[support > 0].mean()}
intervals = []
for k, total, level in [(7, 10, 0.95), (0, 12, 0.95), (12, 12, 0.9), (311, 1000, 0.99)]:
    ci = scipy.stats.binomtest(k, total).proportion_ci(level, method="wilson")
    intervals.append([k, total, level, ci.low, ci.high])
out["wilson"] = intervals

# Outputs.
k = 4
logits = 2 * rng.standard_normal((m, k))
truth = rng.integers(0, k, m)
truth[::2] = logits[::2].argmax(1)
p = scipy.special.softmax(logits, axis=1)
right = logits.argmax(1) == truth
conf = p.max(1)
other = np.where(np.eye(k, dtype=bool)[truth], -np.inf, logits).max(1)
bins, ece, mce = [], 0.0, 0.0
for i in range(10):
    inside = (conf > i / 10) & (conf <= (i + 1) / 10)
    if inside.any():
        gap = abs(right[inside].mean() - conf[inside].mean())
        bins.append([i / 10, inside.sum(), right[inside].sum(), conf[inside].mean()])
        ece, mce = ece + inside.mean() * gap, max(mce, gap)
pos, neg = conf[right], conf[~right]
greater = (pos[:, None] > neg).astype(float) + 0.5 * (pos[:, None] == neg)
variance = greater.mean(1).var(ddof=1) / len(pos) + greater.mean(0).var(ddof=1) / len(neg)
levels = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
target = scipy.special.softmax(2 * rng.standard_normal((25, k)), axis=1).max(1)
threshold = np.sort(conf)[(~right).sum()]
out["outputs"] = {
    "logits": logits.tolist(), "labels": truth.tolist(),
    "margins": (logits[np.arange(m), truth] - other).tolist(), "confidences": conf.tolist(),
    "logOdds": np.log(conf / (1 - conf)).tolist(), "entropies": scipy.stats.entropy(p, axis=1).tolist(),
    "energies": (-scipy.special.logsumexp(logits, axis=1)).tolist(),
    "losses": (-np.log(p[np.arange(m), truth])).tolist(),
    "marginQuantiles": np.quantile(logits[np.arange(m), truth] - other, levels).tolist(),
    "auroc": [metrics.roc_auc_score(right, conf), np.sqrt(variance)], "bins": np.array(bins, float).tolist(),
    "ece": ece, "mce": mce, "among": (logits[:, [3, 1]].argmax(1) * -2 + 3).tolist(),
    "target": target.tolist(), "predictedCount": int((target >= threshold).sum()),
}
json.dump(out, sys.stdout, default=float)
print()
