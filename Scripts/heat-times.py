#!/usr/bin/env python3
"""When the temperature of each parameter halves, and when it rises: the tables of Docs/Reproductions/Induction.md and
Temperature.md. Needs numpy.

    temperature export RUN --npz motion.npz
    Scripts/heat-times.py motion.npz [--from 60] [--to 1500]

For each parameter, of its gradient's norm smoothed as the first plots were (moving average with weight 0.08): the step at which it
first is half of the median of its first five records; the step of its largest value before --to, how many times the least value
since --from that is, and the step at which it is half-way between the two on the logarithmic axis.
"""
import argparse

import numpy

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("file")
parser.add_argument("--from", dest="first", type=int, default=60)
parser.add_argument("--to", dest="last", type=int, default=1500)
options = parser.parse_args()

archive = numpy.load(options.file)
steps = archive["motion/step"]
prefix = "motion/gradientNorm/"
print(f"{'parameter':40} {'halves at':>9} {'largest at':>10} {'times the least':>15} {'half-way at':>11}")
for name in archive.files:
    if not name.startswith(prefix) or ".head." in name:
        continue
    values = archive[name]
    smooth = values.copy()
    for row in range(1, len(smooth)):
        smooth[row] = 0.08 * values[row] + 0.92 * smooth[row - 1]
    halved = numpy.flatnonzero(smooth <= numpy.median(values[:5]) / 2)
    text = f"{name.removeprefix(prefix):40} "
    text += f"{steps[halved[0]] if len(halved) else 'never':>9} "
    rows = numpy.flatnonzero((steps >= options.first) & (steps < options.last))
    if len(rows) and smooth[rows].min() > 0:
        peak = rows[smooth[rows].argmax()]
        before = rows[rows <= peak]
        least = smooth[before].min()
        onset = before[numpy.flatnonzero(smooth[before] >= numpy.sqrt(least * smooth[peak]))[0]]
        text += f"{steps[peak]:>10} {smooth[peak] / least:>15.1f} {steps[onset]:>11}"
    print(text)
