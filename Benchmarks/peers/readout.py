"""Logistic probe, nearest neighbours and silhouette of 5,000 samples with 200 features and 10 classes, float32."""
import common

options = common.arguments(peers=["scikit-learn"], works=["probe", "neighbors", "silhouette"])
common.setup_threads(options.threads, pin=False)
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import silhouette_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

shared = np.random.default_rng(1)
centers, mixing = shared.standard_normal((10, 40)), shared.standard_normal((40, 200))


def clouds(seed, count):
    labels = np.arange(count) % 10
    hidden = np.random.default_rng(seed).standard_normal((count, 40)) + 0.5 * centers[labels]
    return np.maximum(hidden @ mixing, 0).astype(np.float32), labels


(x, y), (t, ty) = clouds(2, 5000), clouds(3, 2000)


def probe():
    scaler = StandardScaler().fit(x.astype(np.float64))
    # Mean loss + 1e-2/2 |W|^2; the tolerance is that of ours.
    fit = LogisticRegression(C=1 / (len(x) * 1e-2), tol=1e-6, max_iter=5000)
    fit.fit(scaler.transform(x.astype(np.float64)), y)
    return fit.score(scaler.transform(t.astype(np.float64)), ty)


works = {
    "probe": probe,
    "neighbors": lambda: KNeighborsClassifier(5, algorithm="brute").fit(x, y).score(t, ty),
    "silhouette": lambda: silhouette_score(x, y),
}
common.serve(works[options.work], warm_up=1)
