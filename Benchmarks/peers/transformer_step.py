"""The one-layer transformer of Nanda et al. (2023) on addition modulo 113: 3,830 examples at once, AdamW,
log-softmax in float64. `torch` computes all three positions, as the paper's code does; `-last` only what
the last position needs."""
import common

options = common.arguments()
common.setup_threads(options.threads, pin=options.peer.startswith("jax"))
import numpy as np

P, D, H, W, M = 113, 128, 4, 32, 512
RATE, DECAY, BETA1, BETA2, EPSILON = 1e-3, 1.0, 0.9, 0.98, 1e-8
LAST = options.peer.endswith("-last")
rng = np.random.default_rng(0)
pairs = np.array([(i, j, P) for i in range(P) for j in range(P)])
rng.shuffle(pairs)
pairs = pairs[: int(0.3 * len(pairs))]
labels = (pairs[:, 0] + pairs[:, 1]) % P


def normal(*shape, scale):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


INITIAL = dict(
    E=normal(D, P + 1, scale=D**-0.5), pos=normal(3, D, scale=D**-0.5),
    Q=normal(H, W, D, scale=D**-0.5), K=normal(H, W, D, scale=D**-0.5),
    V=normal(H, W, D, scale=D**-0.5), O=normal(D, H * W, scale=D**-0.5),
    Wi=normal(M, D, scale=D**-0.5), bi=np.zeros(M, np.float32),
    Wo=normal(D, M, scale=D**-0.5), bo=np.zeros(D, np.float32),
    U=normal(D, P + 1, scale=(P + 1) ** -0.5))

if options.peer.startswith("torch"):
    import torch

    torch.set_num_threads(options.threads)
    p = {k: torch.nn.Parameter(torch.from_numpy(v.copy())) for k, v in INITIAL.items()}
    mask = torch.tril(torch.ones(3, 3))
    x, y = torch.from_numpy(pairs), torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(p.values(), lr=RATE, weight_decay=DECAY, betas=(BETA1, BETA2))

    def outputs():
        r = p["E"].T[x] + p["pos"]
        k = torch.einsum("ihd,bpd->biph", p["K"], r)
        v = torch.einsum("ihd,bpd->biph", p["V"], r)
        if LAST:
            q = torch.einsum("ihd,bd->bih", p["Q"], r[:, -1])
            w = torch.softmax(torch.einsum("biph,bih->bip", k, q) / W**0.5, -1)
            r = r[:, -1] + torch.einsum("bip,biph->bih", w, v).flatten(1) @ p["O"].T
        else:
            q = torch.einsum("ihd,bpd->biph", p["Q"], r)
            s = torch.einsum("biph,biqh->biqp", k, q) - 1e10 * (1 - mask)
            w = torch.softmax(s / W**0.5, -1)
            z = torch.einsum("biph,biqp->biqh", v, w).permute(0, 2, 1, 3).flatten(2)
            r = r + z @ p["O"].T
        r = r + torch.relu(r @ p["Wi"].T + p["bi"]) @ p["Wo"].T + p["bo"]
        result = r @ p["U"]
        return result if LAST else result[:, -1]

    def step():
        optimizer.zero_grad(set_to_none=True)
        log = torch.log_softmax(outputs().to(torch.float64), -1)
        (-log.gather(1, y[:, None]).mean()).backward()
        optimizer.step()

    common.serve(step)
else:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = jnp.asarray(pairs), jnp.asarray(labels)
    n = len(pairs)
    p = {k: jnp.asarray(v) for k, v in INITIAL.items()}

    def outputs(p):
        r = p["E"].T[x] + p["pos"]
        k = (r @ p["K"].reshape(D, D).T).reshape(n, 3, H, W)
        v = (r @ p["V"].reshape(D, D).T).reshape(n, 3, H, W)
        if LAST:
            q = (r[:, -1] @ p["Q"].reshape(D, D).T).reshape(n, H, W)
            w = jax.nn.softmax(jnp.einsum("bpih,bih->bip", k, q) / float(W**0.5), -1)
            r = r[:, -1] + jnp.einsum("bip,bpih->bih", w, v).reshape(n, D) @ p["O"].T
        else:
            q = (r @ p["Q"].reshape(D, D).T).reshape(n, 3, H, W)
            mask = jnp.asarray(((1 - np.tril(np.ones((3, 3)))) * 1e10).astype(np.float32))
            s = jnp.einsum("bpih,bqih->biqp", k, q) - mask
            w = jax.nn.softmax(s / float(W**0.5), -1)
            r = r + jnp.einsum("biqp,bpih->bqih", w, v).reshape(n, 3, D) @ p["O"].T
        r = r + jax.nn.relu(r @ p["Wi"].T + p["bi"]) @ p["Wo"].T + p["bo"]
        result = r @ p["U"]
        return result if LAST else result[:, -1]

    def loss(p):
        log = jax.nn.log_softmax(outputs(p).astype(jnp.float64), -1)
        return -jnp.take_along_axis(log, y[:, None], 1).mean()

    def one(p, m, v, t):
        value, g = jax.value_and_grad(loss)(p)
        m = {k: BETA1 * m[k] + (1 - BETA1) * g[k] for k in p}
        v = {k: BETA2 * v[k] + (1 - BETA2) * g[k] * g[k] for k in p}
        c1, c2 = 1 - BETA1**t, 1 - BETA2**t
        p = {k: p[k] * (1 - RATE * DECAY)
             - RATE * (m[k] / c1) / (jnp.sqrt(v[k] / c2) + EPSILON) for k in p}
        return p, m, v, value

    f = jax.jit(one, donate_argnums=(0, 1, 2))
    zeros = {k: jnp.zeros_like(a) for k, a in p.items()}
    state, count = [p, zeros, {k: a + 0 for k, a in zeros.items()}], [0]

    def step():
        count[0] += 1
        *state[:], value = f(*state, np.float32(count[0]))
        jax.block_until_ready((state, value))

    common.serve(step)
