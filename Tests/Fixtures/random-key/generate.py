"""Golden values of RandomKey, from its documentation alone: python3 generate.py > expected.json"""
import json, math, platform

MASK32, MASK64 = 2**32 - 1, 2**64 - 1


def philox(low, high, key):
    c = [low & MASK32, low >> 32, high & MASK32, high >> 32]
    k = [key & MASK32, key >> 32]
    for _ in range(10):
        p0, p1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK32, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK32]
        k = [(k[0] + 0x9E3779B9) & MASK32, (k[1] + 0xBB67AE85) & MASK32]
    return (c[0] << 32 | c[1], c[2] << 32 | c[3])


def seeded(seed):
    return philox(0x6B6F7267, 0, seed)


def fork(key, what):
    if isinstance(what, int):
        return philox(what & MASK64, key[1], key[0] ^ 0xA54FF53A5F1D36F1)
    data = what.encode()
    chunks = [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]
    for chunk in chunks + [len(data)]:
        key = philox(chunk, key[1], key[0] ^ 0x510E527FADE682D1)
    return key


def bits(key, position):
    return philox(position // 2, key[1], key[0])[position % 2]


def normal(key, position):
    pair = position // 2 * 2
    u = ((bits(key, pair) >> 12) + 0.5) / 2**52
    v = bits(key, pair + 1) / 2**64
    radius = math.sqrt(-2 * math.log(u))
    return radius * (math.sin if position % 2 else math.cos)(2 * math.pi * v)


def choice(key, count, population):
    order = list(range(population))
    for i in range(count):
        j = i + (bits(key, i) * (population - i) >> 64)
        order[i], order[j] = order[j], order[i]
    return order[:count]


def text(key):
    return f"{key[0]:016x}{key[1]:016x}"


cases = []
for seed in [0, 1, 7, 2**64 - 1]:
    root = seeded(seed)
    names = ["", "weights", "12345678", "123456789", "Gewichte für Schicht 0"]
    cases.append(
        {
            "seed": str(seed),
            "root": text(root),
            "byName": {name: text(fork(root, name)) for name in names},
            "byIndex": {str(i): text(fork(root, i)) for i in [0, 1, 2, 10**12, -1]},
            "bits": [str(bits(root, i)) for i in range(6)],
            "uniform": [(bits(root, i) >> 11) / 2**53 for i in range(6)],
            "normal": [normal(root, i) for i in range(12)],
            "integersBelow1000": [bits(root, i) * 1000 >> 64 for i in range(8)],
            "permutationOf12": choice(root, 12, 12),
            "choiceOf5From1000": choice(root, 5, 1000),
        }
    )
print(json.dumps({"python": platform.python_version(), "cases": cases}, indent=1, ensure_ascii=False))
