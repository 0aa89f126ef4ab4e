"""Golden values of manifold capacity and GLUE: python3 generate.py > expected.json

Written from the formulas of the doc comments. Every projection is a quadratic program of its own, solved
by scipy's non-negative least squares on the points (not on their products), anchors and figures with numpy;
probes come from the documentation of RandomKey (../random-key/generate.py), so that they are the same.
"""
import json, os, platform
import numpy, scipy
from scipy.optimize import nnls

here = os.path.dirname(os.path.abspath(__file__))
source = open(os.path.join(here, "../random-key/generate.py")).read()
exec(source[: source.index("cases = []")])


def normals(key, rows, columns):
    return numpy.array([normal(key, i) for i in range(rows * columns)]).reshape(rows, columns)


def clouds(seed, sizes, features, radius):
    """Rounded to a millionth, so that JSON holds them exactly."""
    random = numpy.random.default_rng(seed)
    return [
        numpy.round(random.normal(size=features) + radius * random.normal(size=(size, features)), 6)
        for size in sizes
    ]


def project(points, target):
    weights, distance = nnls(points.T, target, maxiter=1000)
    return weights, float(((points.T @ weights) ** 2).sum())


def mean_field(manifolds, margin, draws, key):
    """No directions of the centres are taken out."""
    overall = numpy.concatenate(manifolds).mean(axis=0)
    result = []
    for label, cloud in enumerate(manifolds):
        center = cloud.mean(axis=0) - overall
        points = (cloud - overall - center) / numpy.linalg.norm(center)
        extended = numpy.hstack([points, numpy.ones((len(points), 1))])
        own = fork(fork(key, "probes"), label)
        probes = normals(own, draws, extended.shape[1])
        coordinates = min(points.shape)
        missing = []
        if points.shape[0] < points.shape[1]:
            basis = numpy.linalg.svd(points, full_matrices=False)[2][: numpy.linalg.matrix_rank(points)]
            others = len(points) - len(basis)
            missing = normals(fork(own, "missing coordinates"), draws, others)
        distances, anchors, cosines, projections = [], [], [], []
        for draw, probe in enumerate(probes):
            target = probe.copy()
            target[-1] += margin
            weights, squared = project(extended, target)
            if squared > 1e-16:
                anchor = points.T @ (weights / weights.sum())
            else:
                anchor = points[numpy.argmax(points @ probe[:-1])]
            length = numpy.linalg.norm(anchor)
            inside = probe[:-1]
            probe_length = numpy.linalg.norm(inside)
            if len(missing):
                probe_length = numpy.sqrt(((basis @ inside) ** 2).sum() + (missing[draw] ** 2).sum())
            distances.append(squared)
            anchors.append(anchor)
            cosines.append(inside @ anchor / (length * probe_length))
            projections.append((inside @ anchor / length) ** 2)
        deviations = anchors - numpy.mean(anchors, axis=0)
        result.append({
            "capacity": 1 / numpy.mean(distances),
            "radius": numpy.sqrt((deviations**2).sum(axis=1).mean()),
            "meanCosineDimension": coordinates * numpy.mean(cosines) ** 2,
            "anchorDimension": numpy.mean(projections),
        })
    return result


def glue(manifolds, draws, key):
    """One manifold against the rest."""
    count, features = len(manifolds), manifolds[0].shape[1]
    probes = normals(fork(key, "probes"), draws, features)
    rows, a = [], []
    for draw, probe in enumerate(probes):
        signs = numpy.where(numpy.arange(count) == draw % count, 1.0, -1.0)
        points = numpy.concatenate([s * m for s, m in zip(signs, manifolds)])
        weights, squared = project(points, probe)
        # Of a dichotomy without solution the weights are not unique.
        assert numpy.linalg.norm(points.T @ weights - probe) > 1e-6
        a.append(squared)
        anchors, first = [], 0
        for cloud in manifolds:
            part = weights[first : first + len(cloud)]
            first += len(cloud)
            anchors.append(cloud.T @ part / part.sum() if part.sum() > 0 else numpy.zeros(features))
        rows.append(anchors)
    anchors = numpy.array(rows)
    centers = anchors.mean(axis=0)
    axes = anchors - centers
    b, c, pairs = [], [], []
    off = ~numpy.eye(count, dtype=bool)
    for s1, probe in zip(axes, probes):
        along = s1 @ probe
        b.append(along @ numpy.linalg.pinv(s1 @ s1.T, hermitian=True) @ along)
        c.append(along @ numpy.linalg.pinv(centers @ centers.T + s1 @ s1.T, hermitian=True) @ along)
        n0, n1 = numpy.linalg.norm(centers, axis=1), numpy.linalg.norm(s1, axis=1)
        pairs.append([
            numpy.abs((s1 @ s1.T) / numpy.outer(n1, n1))[off].mean(), numpy.abs(s1 @ s1.T)[off].mean(),
            ((centers @ s1.T) / numpy.outer(n0, n1))[off].mean(), numpy.abs(centers @ s1.T)[off].mean(),
        ])
    a, b, c = numpy.mean(a), numpy.mean(b), numpy.mean(c)
    pairs = numpy.mean(pairs, axis=0)
    n0 = numpy.linalg.norm(centers, axis=1)
    return {
        "capacity": count / a, "dimension": b / count, "radius": numpy.sqrt(c / (b - c)), "utility": c / a,
        "axesAbsoluteCosine": pairs[0], "axesAbsoluteProduct": pairs[1],
        "centerAxesSignedCosine": pairs[2], "centerAxesAbsoluteProduct": pairs[3],
        "centerAbsoluteCosine": numpy.abs((centers @ centers.T) / numpy.outer(n0, n0))[off].mean(),
        "centerSignedCosine": ((centers @ centers.T) / numpy.outer(n0, n0))[off].mean(),
    }


cases = []
for seed, sizes, features, radius, margin in [
    (1, [9, 12, 7], 5, 0.7, 0.0), (2, [6, 6, 6, 6], 20, 0.5, 0.0), (3, [4, 10], 6, 1.5, 0.4),
]:
    manifolds = clouds(seed, sizes, features, radius)
    wide = clouds(seed + 10, sizes, 24, radius)
    key = seeded(seed)
    cases.append({
        "seed": seed, "margin": margin, "drawCount": 40,
        "manifolds": [cloud.tolist() for cloud in manifolds],
        "meanField": mean_field(manifolds, margin, 40, key),
        "wideManifolds": [cloud.tolist() for cloud in wide],
        "glue": glue(wide, 40, key),
    })
versions = {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__}
print(json.dumps({"versions": versions, "cases": cases}))
