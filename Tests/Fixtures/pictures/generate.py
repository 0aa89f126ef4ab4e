"""Golden values of distorted pictures: python generate.py > expected.json"""
import json
import platform

import numpy as np
import scipy
from scipy import ndimage

rng = np.random.default_rng(20261122)
side = 9
pictures = np.round(rng.random((2, side, side)), 3)


def rotated(picture, degrees):
    # A turn counter-clockwise with row 0 on top, about the middle.
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[c, s], [-s, c]])
    middle = np.full(2, (side - 1) / 2)
    return ndimage.affine_transform(
        picture, matrix, offset=middle - matrix @ middle, order=1, mode="grid-constant")


cases = {}
for degrees in [30, -75.5, 180]:
    cases[f"rotation:{degrees}"] = [rotated(p, degrees) for p in pictures]
    turned = [ndimage.rotate(p, degrees, reshape=False, order=1, mode="grid-constant") for p in pictures]
    assert np.allclose(turned, cases[f"rotation:{degrees}"])
for rows, columns in [(2, 3), (1.25, -0.5), (-20, 0)]:
    cases[f"translation:{rows}:{columns}"] = [
        ndimage.shift(p, (rows, columns), order=1, mode="grid-constant") for p in pictures]
for deviation in [0.5, 1, 2.5]:
    cases[f"blur:{deviation}"] = [ndimage.gaussian_filter(p, deviation, mode="constant") for p in pictures]
print(json.dumps({
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
    "pictures": pictures.reshape(2, -1).tolist(),
    "cases": {name: np.array(value).reshape(2, -1).tolist() for name, value in cases.items()},
}))
