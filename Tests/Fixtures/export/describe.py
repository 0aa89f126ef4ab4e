"""Says in JSON what Python's csv module and numpy read from an exported table or archive."""

import csv
import json
import sys

import numpy

path = sys.argv[1]
if path.endswith(".csv"):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    # As pandas does: an empty cell is missing, everything else a number if it is one.
    def value(text):
        try:
            return float(text).hex()
        except ValueError:
            return text
    print(json.dumps({"header": rows[0], "rows": [[value(text) for text in row] for row in rows[1:]]}))
else:
    with numpy.load(path) as arrays:
        print(json.dumps({
            name: {"type": str(arrays[name].dtype),
                   "values": [float(value).hex() for value in arrays[name]]}
            for name in arrays.files}))
