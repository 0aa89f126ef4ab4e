"""Golden values of CPython's random: python3 generate.py > expected.json"""
import json, platform, random

cases = []
for seed in [0, 1, 42, 598, -7, 2**31, 2**32, 2**40 + 3, 2**63 - 1]:
    case = {"seed": seed}
    random.seed(seed)
    case["random"] = [random.random() for _ in range(4)]
    random.seed(seed)
    case["bits"] = [[k, str(random.getrandbits(k))] for k in [1, 7, 31, 32, 33, 53, 64]]
    random.seed(seed)
    case["below"] = [[n, random.randrange(n)] for n in [1, 2, 3, 113, 1000, 2**31, 2**32, 2**40 + 1]]
    random.seed(seed)
    order = list(range(20))
    random.shuffle(order)
    case["shuffled"] = order
    # 5 of 21, 22: on both sides of the first threshold; 6 of 85, 86: of the second; 22 of 277, 278.
    case["samples"] = []
    for count, population in [(0, 3), (3, 3), (5, 21), (5, 22), (6, 85), (6, 86), (22, 277), (22, 278)]:
        random.seed(seed)
        case["samples"].append([population, random.sample(range(population), count)])
    # 1000 numbers cross the end of the state.
    random.seed(seed)
    for _ in range(1000):
        last = random.random()
    case["thousandth"] = last
    cases.append(case)

splits = []
for p, fraction, seed in [(113, 0.3, 0), (113, 0.3, 1), (59, 0.35, 5), (7, 0.5, 0)]:
    pairs = [(i, j, p) for i in range(p) for j in range(p)]
    random.seed(seed)
    random.shuffle(pairs)
    div = int(fraction * len(pairs))
    train, test = pairs[:div], pairs[div:]
    splits.append(
        {
            "modulus": p,
            "fraction": fraction,
            "seed": seed,
            "trainCount": len(train),
            "testCount": len(test),
            "firstTrain": [[i, j] for i, j, _ in train[:10]],
            "lastTest": [[i, j] for i, j, _ in test[-10:]],
            "weightedSum": sum(k * (i * p + j) for k, (i, j, _) in enumerate(pairs)),
            "order": [i * p + j for i, j, _ in pairs] if p < 10 else [],
        }
    )
print(json.dumps({"python": platform.python_version(), "cases": cases, "splits": splits}))
