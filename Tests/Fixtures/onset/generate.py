"""Golden values of change points, survival, intervals and null comparisons: python generate.py > expected.json

By published packages: ruptures (change points), lifelines (Kaplan-Meier, Brookmeyer-Crowley, log-rank),
statsmodels (Wilson), scipy (BCa and percentile bootstrap, Monte-Carlo test, normal quantiles).
"""
import json, platform, sys
import numpy as np
import lifelines, ruptures, scipy, scipy.stats, statsmodels
from lifelines.statistics import logrank_test
from lifelines.utils import median_survival_times
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20261122)
out = {"versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                    "lifelines": lifelines.__version__, "ruptures": ruptures.__version__,
                    "statsmodels": statsmodels.__version__}}

# Change points: records even in log time, three levels with noise; three lines with noise.
steps = np.unique(np.round(10 ** np.linspace(0, 5, 90)).astype(int))
n = len(steps)
t = np.log10(steps)
levels = np.select([t < 1.5, t < 3.4], [0.1, 0.35], 0.9) + 0.05 * rng.standard_normal(n)
lines = np.interp(t, [0, 1.5, 3.4, 5], [0.1, 0.15, 0.9, 0.92]) + np.where(t > 3.4, 0.2, 0) + 0.02 * rng.standard_normal(n)
changes = {"steps": steps.tolist(), "levels": levels.tolist(), "lines": lines.tolist(), "constant": {}, "linear": {}, "penalty": []}
for name, signal, model, size in (("constant", levels[:, None], "l2", 2),
                                  ("linear", np.column_stack([lines, t, np.ones(n)]), "linear", 3)):
    for count in range(1, 5):
        search = ruptures.Dynp(model=model, min_size=size, jump=1).fit(signal)
        found = search.predict(n_bkps=count)
        changes[name][str(count)] = {"starts": [int(i) for i in found[:-1]], "residual": float(search.cost.sum_of_costs(found))}
for penalty in (0.002, 0.01, 0.05, 0.3, 3.0):
    found = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(levels[:, None]).predict(pen=penalty)
    changes["penalty"].append({"penalty": penalty, "starts": [int(i) for i in found[:-1]]})
out["changes"] = changes

# Survival: ties, censoring among events and at the end; a group in which all events are seen.
groups = {
    "some never": ([500, 700, 700, 900, 1200, 1500, 1500, 2500, 3000, 3000], [1, 1, 1, 0, 1, 1, 0, 1, 0, 0]),
    "most never": ([400, 800, 1000, 1000, 1000], [1, 0, 0, 0, 0]),
    "all": ([60, 200, 200, 310, 450, 470, 800, 1100], [1] * 8),
    "five": ([320, 450, 610, 980, 2000], [1, 1, 1, 1, 1]),
}
out["survival"] = {}
for name, (times, events) in groups.items():
    fit = lifelines.KaplanMeierFitter().fit(times, events)
    at = sorted({a for a, b in zip(times, events) if b})
    band = fit.confidence_interval_
    median = median_survival_times(band)
    finite = lambda v: None if not np.isfinite(v) else float(v)
    out["survival"][name] = {
        "times": times, "events": events, "at": at,
        "survival": [float(fit.survival_function_at_times(a).iloc[0]) for a in at],
        "lower": [float(band.loc[a].iloc[0]) for a in at], "upper": [float(band.loc[a].iloc[1]) for a in at],
        "median": finite(fit.median_survival_time_),
        "medianLower": finite(median.iloc[0, 0]), "medianUpper": finite(median.iloc[0, 1])}
pairs = [("some never", "all"), ("some never", "most never"), ("five", "all")]
out["logRank"] = []
for a, b in pairs:
    r = logrank_test(groups[a][0], groups[b][0], groups[a][1], groups[b][1])
    out["logRank"].append({"first": a, "second": b, "statistic": float(r.test_statistic), "p": float(r.p_value)})

out["wilson"] = [{"count": c, "total": m, "confidence": 1 - alpha,
                  "interval": [float(v) for v in proportion_confint(c, m, alpha, "wilson")]}
                 for c, m, alpha in ((0, 5, 0.05), (3, 5, 0.05), (5, 5, 0.1), (17, 80, 0.01), (1, 1, 0.05))]
out["normal"] = [{"p": p, "z": float(scipy.stats.norm.ppf(p))} for p in (1e-300, 1e-12, 0.001, 0.025, 0.3, 0.5, 0.841, 0.975, 1 - 1e-12)]

# Bootstrap intervals by a million resamples.
samples = rng.exponential(1, 12).tolist()
out["bootstrap"] = {"samples": samples}
for method in ("percentile", "BCa"):
    r = scipy.stats.bootstrap((samples,), np.mean, method=method, n_resamples=1_000_000, batch=50_000, vectorized=True, rng=np.random.default_rng(1))
    out["bootstrap"][method] = [float(r.confidence_interval.low), float(r.confidence_interval.high)]
    out["bootstrap"]["error"] = float(r.standard_error)

# A Monte-Carlo test whose null values are given.
null = rng.standard_normal(99).round(1).tolist()
out["null"] = {"null": null, "cases": []}
for value in (0.3, 1.5, -1.2, 9.0):
    case = {"value": value}
    for alternative in ("greater", "less", "two-sided"):
        draws = iter([np.array(null)])
        r = scipy.stats.monte_carlo_test([value], lambda size: np.array(null).reshape(size), np.mean, vectorized=False,
                                         n_resamples=len(null), alternative=alternative)
        case[alternative] = float(r.pvalue)
    out["null"]["cases"].append(case)
json.dump(out, sys.stdout, indent=1)
