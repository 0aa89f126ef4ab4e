"""Attention-only transformers of two layers with learned positions, a target at every position.

language-model: width 256, 8 heads, layer norm, 32 sequences of 256 tokens of 5,000, Adam.
induction: width 64, 4 heads, no layer norm, 48 sequences of 36 tokens of 32, AdamW.
"""
import common

options = common.arguments(
    peers=("torch", "torch-compile", "jax"), works=("language-model", "induction"))
common.setup_threads(options.threads, pin=options.peer == "jax")
import numpy as np

BIG = options.work == "language-model"
D, H, T, B, V, L = (256, 8, 256, 32, 5000, 2) if BIG else (64, 4, 36, 48, 32, 2)
RATE, DECAY, BETA1, BETA2, EPSILON = (1e-3, 0.0, 0.9, 0.999, 1e-8) if BIG else (3e-3, 0.01, 0.9, 0.98, 1e-8)
rng = np.random.default_rng(0)
tokens = rng.integers(0, V, (B, T + 1))


def normal(*shape):
    return (rng.standard_normal(shape) * D**-0.5).astype(np.float32)


INITIAL = dict(E=normal(V, D), P=normal(T, D), U=normal(V, D))
for l in range(L):
    INITIAL |= {f"QKV{l}": normal(3 * D, D), f"O{l}": normal(D, D)}
if BIG:
    for name in ["0", "1", "f"]:
        INITIAL |= {"g" + name: np.ones(D, np.float32), "b" + name: np.zeros(D, np.float32)}

if options.peer.startswith("torch"):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(options.threads)
    p = {k: torch.nn.Parameter(torch.from_numpy(v)) for k, v in INITIAL.items()}
    t = torch.from_numpy(tokens)
    x, y = t[:, :-1].contiguous(), t[:, 1:].reshape(-1)

    def norm(h, name):
        return F.layer_norm(h, (D,), p["g" + name], p["b" + name]) if BIG else h

    def loss():
        h = p["E"][x] + p["P"]
        for l in range(L):
            qkv = (norm(h, str(l)) @ p[f"QKV{l}"].T).view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
            z = F.scaled_dot_product_attention(*qkv, is_causal=True)
            h = h + z.transpose(1, 2).reshape(B, T, D) @ p[f"O{l}"].T
        return F.cross_entropy((norm(h, "f") @ p["U"].T).view(-1, V), y)

    kind = torch.optim.Adam if BIG else torch.optim.AdamW
    optimizer = kind(
        list(p.values()), lr=RATE, weight_decay=DECAY, betas=(BETA1, BETA2), eps=EPSILON, fused=True)
    compute = torch.compile(loss) if options.peer == "torch-compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = compute()
        value.backward()
        optimizer.step()
        value.item()

    common.serve(step, warm_up=2 if BIG else 20)
else:
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(tokens[:, :-1]), jnp.asarray(tokens[:, 1:].reshape(-1))
    mask = jnp.asarray(np.triu(np.full((T, T), -1e9, np.float32), 1))

    def norm(p, h, name):
        if not BIG:
            return h
        centered = h - h.mean(-1, keepdims=True)
        variance = (centered**2).mean(-1, keepdims=True)
        return centered / jnp.sqrt(variance + 1e-5) * p["g" + name] + p["b" + name]

    def loss(p):
        h = p["E"][x] + p["P"]
        for l in range(L):
            qkv = (norm(p, h, str(l)) @ p[f"QKV{l}"].T).reshape(B, T, 3, H, D // H)
            q, k, v = qkv.transpose(2, 0, 3, 1, 4)
            weights = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / float((D // H) ** 0.5) + mask, -1)
            h = h + (weights @ v).transpose(0, 2, 1, 3).reshape(B, T, D) @ p[f"O{l}"].T
        logits = (norm(p, h, "f") @ p["U"].T).reshape(-1, V)
        picked = jnp.take_along_axis(logits, y[:, None], 1)[:, 0]
        return (jax.nn.logsumexp(logits, -1) - picked).mean()

    def one(p, m, s, t):
        value, g = jax.value_and_grad(loss)(p)
        m = {k: BETA1 * m[k] + (1 - BETA1) * g[k] for k in p}
        s = {k: BETA2 * s[k] + (1 - BETA2) * g[k] * g[k] for k in p}
        c1, c2 = 1 - BETA1**t, 1 - BETA2**t
        p = {k: p[k] * (1 - RATE * DECAY) - RATE * (m[k] / c1) / (jnp.sqrt(s[k] / c2) + EPSILON) for k in p}
        return p, m, s, value

    f = jax.jit(one, donate_argnums=(0, 1, 2))
    p = {k: jnp.asarray(v) for k, v in INITIAL.items()}
    state = [p, {k: jnp.zeros_like(a) for k, a in p.items()}, {k: jnp.zeros_like(a) for k, a in p.items()}]
    count = [0]

    def step():
        count[0] += 1
        *state[:], value = f(*state, np.float32(count[0]))
        jax.block_until_ready((state, value))

    common.serve(step, warm_up=2 if BIG else 20)
