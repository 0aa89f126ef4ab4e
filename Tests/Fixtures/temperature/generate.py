"""Numbers that the tests of temperature, heat and noise are held against.

Everything here is numpy and scipy, and a few lines of formulas written out again. Prints JSON:

    python generate.py > expected.json
"""

import itertools
import json
import sys

import numpy
import scipy
from scipy import special, stats


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    return float(value) if isinstance(value, (numpy.floating, numpy.integer)) else value


def beta():
    cases = [(0.3, 2.0, 5.0), (0.999, 0.5, 40.0), (1e-6, 3.0, 0.5), (0.5, 1500.0, 1490.0), (0.97, 800.0, 3.0)]
    return {
        "cases": cases,
        "values": [special.betainc(a, b, x) for x, a, b in cases],
        "student": [[t, v, 2 * stats.t.sf(t, v)] for t, v in [(0.3, 1), (2.5, 7), (12.0, 30), (5.0, 2000)]],
        "fisher": [[f, a, b, stats.f.sf(f, a, b)] for f, a, b in [(0.5, 2, 9), (4.2, 3, 400), (60.0, 1, 25)]],
    }


def ranks(rng):
    x = numpy.round(rng.normal(size=25), 1)
    y = numpy.round(0.5 * x + rng.normal(size=25), 1)
    both = stats.spearmanr(x, y)
    greater = stats.spearmanr(x, y, alternative="greater")
    return {"x": x, "y": y, "rho": both.statistic, "p": both.pvalue, "pGreater": greater.pvalue}


def trend(rng):
    values = numpy.round(0.03 * numpy.arange(40) + rng.normal(size=40), 1)
    n = len(values)
    score = sum(numpy.sign(values[j] - values[i]) for i in range(n) for j in range(i + 1, n))
    _, ties = numpy.unique(values, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    z = (score - numpy.sign(score)) / numpy.sqrt(variance)
    return {
        "values": values, "score": score, "z": z, "p": 2 * stats.norm.sf(abs(z)),
        "tau": stats.kendalltau(numpy.arange(n), values).statistic,
    }


def signed_ranks(rng):
    few = rng.normal(size=12) + 0.4
    many = rng.normal(size=70) + 0.2
    tied = numpy.round(2 * rng.normal(size=11) + 0.7)
    kept = tied[tied != 0]
    ranks = stats.rankdata(abs(kept))
    found = ranks[kept > 0].sum()
    sums = numpy.array([ranks[list(signs)].sum() for signs in itertools.product([False, True], repeat=len(kept))])
    return {
        "few": few, "fewP": stats.wilcoxon(few, method="exact").pvalue,
        "fewGreater": stats.wilcoxon(few, method="exact", alternative="greater").pvalue,
        "fewSum": stats.wilcoxon(few, method="exact", alternative="greater").statistic,
        "many": many, "manyP": stats.wilcoxon(many, method="approx", correction=False).pvalue,
        "tied": tied, "tiedSum": found, "tiedGreater": (sums >= found).mean(),
    }


def discovery(rng):
    values = numpy.concatenate([rng.uniform(size=12), rng.uniform(size=6) ** 6])
    return {"values": values, "adjusted": stats.false_discovery_control(values, method="bh")}


def noise(rng):
    b, n = 7, 5
    g = rng.normal(size=(b, n)) + numpy.array([0.5, -0.3, 0.0, 1.0, 0.2])
    mean = g.mean(axis=0)
    square = mean @ mean
    projections = g @ mean
    covariance = numpy.cov(g, rowvar=False)
    hessian = rng.normal(size=(n, n))
    hessian = hessian @ hessian.T
    diagonal = numpy.diag(hessian)
    return {
        "gradients": g, "hessian": hessian,
        "norm": numpy.sqrt(numpy.trace(covariance) / (b * square)),
        "inner": numpy.sqrt(((projections**2).sum() - b * square**2) / (b - 1) / (b * square**2)),
        "orthogonality": numpy.sqrt(
            ((g**2).sum() - (projections**2).sum() / square) / ((b - 1) * b * square)),
        "cabs": 0.1 * g.var(axis=0).sum() / 0.7,
        "gsnr": (mean**2 / (g.var(axis=0) + 1e-5)).mean(),
        "evidence": 1 - b * (mean**2 / (g.var(axis=0, ddof=1) + 1e-5)).mean(),
        "ticTrace": (g**2).sum(axis=1).mean() / (numpy.trace(hessian) + 1e-7),
        "ticTraceCentered": g.var(axis=0).sum() / (numpy.trace(hessian) + 1e-7),
        "ticDiagonal": ((g**2).mean(axis=0) / (diagonal + 1e-7)).sum(),
        "ticDiagonalCentered": (g.var(axis=0) / (diagonal + 1e-7)).sum(),
        "diversity": (g**2).sum() / (g.sum(axis=0) ** 2).sum(),
        "confusion": min(g[i] @ g[j] for i in range(b) for j in range(i)),
        "curvedNoise": numpy.trace(hessian @ covariance),
        "curvedSignal": mean @ hessian @ mean - numpy.trace(hessian @ covariance) / b,
        "histogram": numpy.histogram(numpy.clip(g, -1, 1), bins=6, range=(-1, 1))[0],
        "grid": numpy.histogram2d(
            numpy.clip(g, -1, 1).ravel(), numpy.clip(numpy.tile(diagonal, b), -2, 2).ravel(), bins=(4, 3),
            range=((-1, 1), (-2, 2)))[0],
    }


def steps():
    cases = [
        # losses, slopes, their variances, length of the step
        [1.0, 0.7, -0.5, -0.1, 0.01, 0.02, 0.001, 0.003, 0.8],
        [1.0, 0.9, -0.5, 0.4, 0.0, 0.0, 0.0, 0.0, 0.5],
        [1.0, 0.2, -0.5, -1.5, 0.1, 0.1, 0.2, 0.2, 0.5],
    ]
    alphas = []
    for f0, f1, s0, s1, *variances, t in cases:
        design = numpy.array([[1, 0, 0], [1, t, t * t], [0, 1, 0], [0, 1, 2 * t]], dtype=float)
        weights = numpy.array([1 / (v if v > 0 else 1e-10) for v in variances])
        normal = design.T @ (weights[:, None] * design)
        c = numpy.linalg.solve(normal, design.T @ (weights * numpy.array([f0, f1, s0, s1])))
        alphas.append(-1.0 if c[2] < 0 else 2 * t / (-c[1] / c[2]) - 1)
    return {"cases": cases, "alphas": alphas}


def granger(rng):
    n, p = 90, 2
    x, y, z = rng.normal(size=(3, n))
    for t in range(1, n):
        y[t] += 0.6 * x[t - 1]
        z[t] += 0.5 * y[t - 1]
    series = numpy.stack([x, y, z], axis=1)

    def residual(target, sources):
        rows = range(p, n)
        design = numpy.array([[1.0] + [series[t - k, s] for k in range(1, p + 1) for s in sources] for t in rows])
        values = series[p:, target]
        fit = numpy.linalg.lstsq(design, values, rcond=None)[0]
        return ((values - design @ fit) ** 2).sum(), design.shape

    def test(source, target, others):
        without = [s for s in others if s != source]
        (r1, shape), (r0, _) = residual(target, others), residual(target, without)
        freedom = shape[0] - shape[1]
        f = (r0 - r1) / p / (r1 / freedom)
        return [f, freedom, stats.f.sf(f, p, freedom)]

    return {
        "series": series, "order": p,
        "pair": [[None if a == b else test(a, b, [a, b]) for b in range(3)] for a in range(3)],
        "all": [[None if a == b else test(a, b, [0, 1, 2]) for b in range(3)] for a in range(3)],
    }


def cooling(rng):
    steps = numpy.arange(10, 410, 10)
    values = numpy.exp(0.3 - 0.004 * steps + 0.05 * rng.normal(size=len(steps)))
    logs = numpy.log(values)
    result = {"steps": steps, "values": values}
    for name, times in [("exponential", steps.astype(float)), ("power", numpy.log(steps))]:
        fit = stats.linregress(times, logs)
        residual = ((logs - fit.intercept - fit.slope * times) ** 2).sum()
        result[name] = {
            "rate": -fit.slope, "error": fit.stderr, "intercept": fit.intercept, "r2": fit.rvalue**2,
            "aic": len(steps) * numpy.log(residual / len(steps)) + 6,
        }
    return result


rng = numpy.random.default_rng(7)
print(json.dumps(plain({
    "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__},
    "beta": beta(), "ranks": ranks(rng), "trend": trend(rng), "signedRanks": signed_ranks(rng),
    "discovery": discovery(rng), "noise": noise(rng), "steps": steps(), "granger": granger(rng),
    "cooling": cooling(rng),
}), indent=1))
