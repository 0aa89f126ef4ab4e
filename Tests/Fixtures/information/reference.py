"""Arrays and what numpy, scipy and scikit-learn make of them, as JSON on standard output.

The formulas are written out here from the papers: binned information as in the code of Shwartz-Ziv & Tishby and of Saxe et
al., pairwise bounds of Kolchinsky & Tracey (2017), Gaussian information from determinants, principal components, ranks.
"""

import json

import numpy as np
from scipy import stats
from sklearn.decomposition import PCA

rng = np.random.default_rng(6)
n, d = 300, 4
latent = rng.normal(size=(n, 3))
layer = np.tanh(latent @ rng.normal(size=(3, d)) * 1.5).astype(np.float32)
layer[:5] = 1.0
labels = (latent[:, 0] + 0.3 * rng.normal(size=n) > 0).astype(int) + (latent[:, 1] > 1).astype(int)
other = (latent @ rng.normal(size=(3, 2)) + rng.normal(size=(n, 2))).astype(np.float64)


def entropy(rows):
    counts = np.unique(rows, axis=0, return_counts=True)[1]
    p = counts / counts.sum()
    return float(-(p * np.log(p)).sum())


def conditional(rows):
    return sum(np.mean(labels == c) * entropy(rows[labels == c]) for c in np.unique(labels))


edges = np.linspace(-1, 1, 30, dtype="float32")
digitized = np.digitize(layer, edges)
widths = np.floor(layer.astype(np.float64) / 0.07).astype(int)


def pairwise(x, s2, factor):
    square = ((x[:, None, :] - x[None, :, :]) ** 2).sum(-1)
    return float(-np.mean(np.log(np.mean(np.exp(-square / (factor * s2)), axis=1))))


def by_class(s2, factor):
    return sum(
        np.mean(labels == c) * pairwise(layer64[labels == c], s2, factor) for c in np.unique(labels)
    )


layer64 = layer.astype(np.float64)
bounds = []
for s2 in (1e-3, 0.1, 10.0):
    lower, upper = pairwise(layer64, s2, 8), pairwise(layer64, s2, 2)
    bounds.append(
        {
            "variance": s2,
            "lower": lower,
            "upper": upper,
            "fromLower": lower - by_class(s2, 8),
            "fromUpper": upper - by_class(s2, 2),
            "outputLower": lower - by_class(s2, 2),
            "outputUpper": upper - by_class(s2, 8),
        }
    )

both = np.hstack([layer64, other])


def logdet(x):
    return np.linalg.slogdet(np.atleast_2d(np.cov(x.T)))[1]


gaussian = 0.5 * (logdet(layer64) + logdet(other) - logdet(both))
pca = PCA(n_components=3, whiten=True).fit(layer64)
signs = np.sign(pca.components_[np.arange(3), np.abs(pca.components_).argmax(1)])
scores = stats.norm.ppf((stats.rankdata(layer64[:, 0]) - 0.5) / n)

print(
    json.dumps(
        {
            "layer": layer64.tolist(),
            "labels": labels.tolist(),
            "other": other.tolist(),
            "edges": {"input": entropy(digitized), "output": entropy(digitized) - conditional(digitized)},
            "width": {"input": entropy(widths), "output": entropy(widths) - conditional(widths)},
            "bounds": bounds,
            "gaussian": gaussian,
            "chi": stats.chi2.sf([0.5, 3, 40, 200], [1, 4, 13, 150]).tolist(),
            "whitened": (pca.transform(layer64) * signs).tolist(),
            "eigenvalues": PCA().fit(layer64).explained_variance_.tolist(),
            "scores": scores.tolist(),
        }
    )
)
