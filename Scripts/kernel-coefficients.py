#!/usr/bin/env python3
"""Writes Sources/Kernels/Body/coefficients.inc: the polynomials and constants of the kernels.

Every polynomial is a minimax fit by Remez exchange in 60 digits, rounded to the precision it is used
in; the comment above it states its largest error, taken after rounding, in units of the last place
of the function it serves.

    python3 -m pip install mpmath
    python3 Scripts/kernel-coefficients.py > Sources/Kernels/Body/coefficients.inc
"""

import struct

from mpmath import mp, mpf, mpmathify

mp.dps = 60


# MARK: Rounding


def rounded(x, bits):
    """x rounded to a significand of `bits` bits, to nearest."""
    if x == 0:
        return mpf(0)
    scale = mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(x), 2))))
    return mp.nint(x * scale) / scale


def literal(x, bits):
    if bits == 24:
        x = struct.unpack("f", struct.pack("f", float(x)))[0]
        return float(x).hex() + "f"
    return float(x).hex()


# MARK: Remez exchange


def evaluate(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def minimax(function, weight, low, high, degree, points=800, rounds=8):
    """Coefficients of the polynomial p that minimises max |weight (p − function)| on [low, high]."""
    low, high = mpmathify(low), mpmathify(high)
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * mp.cos(mp.pi * (i + mpf(1) / 3) / points) for i in range(points)]  # not 0
    values = [function(x) for x in grid]
    weights = [weight(x) for x in grid]
    count = degree + 2
    reference = [round(i * (points - 1) / (count - 1)) for i in range(count)]
    coefficients = None
    for _ in range(rounds):
        system = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for row, i in enumerate(reference):
            for k in range(degree + 1):
                system[row, k] = grid[i] ** k
            system[row, degree + 1] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = mp.lu_solve(system, right)
        coefficients = [solution[k] for k in range(degree + 1)]
        errors = [w * (evaluate(coefficients, x) - v) for x, v, w in zip(grid, values, weights)]
        # The new reference: the largest error of each run of equal signs.
        runs, start = [], 0
        for i in range(1, points + 1):
            if i == points or (errors[i] > 0) != (errors[start] > 0):
                runs.append(max(range(start, i), key=lambda j: abs(errors[j])))
                start = i
        while len(runs) > count:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        if len(runs) < count or runs == reference:
            break
        reference = runs
    return coefficients, grid, values, weights


def fit(name, function, weight, low, high, degree, bits):
    """The C array `name`; `weight` turns an error of the polynomial into a relative error."""
    coefficients, grid, values, weights = minimax(function, weight, low, high, degree)
    coefficients = [rounded(c, bits) for c in coefficients]
    worst = max(abs(w * (evaluate(coefficients, x) - v)) for x, v, w in zip(grid, values, weights))
    kind = "float" if bits == 24 else "double"
    print(f"// Off by {float(worst * mpf(2) ** bits):.3f} units at most.")
    print(f"static const {kind} {kind}_{name}[] = {{")
    for c in coefficients:
        print(f"  {literal(c, bits)},")
    print("};\n")


def constant(name, value, bits, kept=None):
    kind = "float" if bits == 24 else "double"
    value = rounded(value, kept or bits)
    print(f"static const {kind} {kind}_{name} = {literal(value, bits)};  // {mp.nstr(value, 20)}")
    return value


# MARK: The functions


def scaled_tail(w, shift):
    """(a + shift) exp(a²/2) Φ(−a) where w = a / (a + shift) − ½; Φ is the normal distribution."""
    a = shift * (mpf(1) / 2 + w) / (mpf(1) / 2 - w)
    return (a + shift) * mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)) / 2


def write(bits):
    kind = "Float" if bits == 24 else "Double"
    single = bits == 24
    print(f"// MARK: {kind}\n")

    ln2, half_ln2 = mp.log(2), mp.log(2) / 2 + mpf("1e-4")
    print("// exp(r) = 1 + r + r² p(r) for |r| ≤ ln 2 / 2")
    fit("exp", lambda r: (mp.expm1(r) - r) / r**2,
        abs, -half_ln2, half_ln2, 4 if single else 9, bits)

    print("// log((1 + s) / (1 − s)) = 2 s + s z p(z), z = s², for numbers from √½ to √2")
    largest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.001")
    fit("log", lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z,
        lambda z: z / 2 + mpf("1e-6"), 0, largest, 2 if single else 6, bits)

    print("// erf(x) = x + x p(x²) for |x| < erf_split")
    split = constant("erf_split", mpf("0.75"), bits)
    fit("erf", lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1,
        lambda z: mpf(1) / (mp.erf(mp.sqrt(z)) / mp.sqrt(z)), 0, split**2,
        5 if single else 10, bits)

    print("// Φ(x) = ½ + x p(x²) for |x| < normal_split")
    split = constant("normal_split", mpf("0.5"), bits)
    fit("normal", lambda z: mp.erf(mp.sqrt(z / 2)) / (2 * mp.sqrt(z)),
        lambda z: mp.sqrt(z) + mpf("0.1"), 0, split**2, 3 if single else 7, bits)

    # Of the shifts tried, these need the fewest coefficients.
    shift = constant("tail_shift", mpf("4.25") if single else mpf("5.5"), bits)
    print("// exp(a²/2) Φ(−a) = p(a r − ½) r, r = 1 / (a + tail_shift), for a ≥ 0 up to where Φ is 0")
    last, half = mpf(15 if single else 39), mpf(1) / 2
    fit("tail", lambda w: scaled_tail(w, shift), lambda w: 1 / scaled_tail(w, shift),
        -half, last / (last + shift) - half, 9 if single else 22, bits)

    # The product of ln2_high and any exponent of 2 is exact.
    high = constant("ln2_high", ln2, bits, 16 if single else 42)
    constant("ln2_low", ln2 - high, bits)
    constant("log2_e", 1 / ln2, bits)
    constant("sqrt_half", mp.sqrt(mpf(1) / 2), bits)
    constant("inverse_sqrt_2_pi", 1 / mp.sqrt(2 * mp.pi), bits)
    constant("sqrt_2", mp.sqrt(2), bits)
    print()


def main():
    print("// Written by Scripts/kernel-coefficients.py; change it there.\n")
    write(24)
    write(53)
    print("// The tanh approximation of the GELU is x / (1 + exp(−w)), w = gelu_linear x + gelu_cubic x³.")
    linear = 2 * mp.sqrt(2 / mp.pi)
    cubic = linear * mpf("0.044715")
    constant("gelu_linear", linear, 53)
    constant("gelu_cubic", cubic, 53)
    print("// Leading bits and remainder, for products without rounding.")
    high = constant("gelu_linear_high", linear, 53, 40)
    constant("gelu_linear_low", linear - high, 53)
    high = constant("gelu_cubic_high", cubic, 53, 13)
    constant("gelu_cubic_low", cubic - high, 53)
    constant("gelu_linear", linear, 24)
    constant("gelu_cubic", cubic, 24)


main()
