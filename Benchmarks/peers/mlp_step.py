"""784-200-200-10, ReLU, mean squared error on one-hot, AdamW, batch 200 of 1,000 random pictures; or its loss and
accuracy of 1,000 and of 10,000 others."""
import common

options = common.arguments(works=("mlp", "evaluation"))
common.setup_threads(options.threads, pin=options.peer.startswith("jax"))
import numpy as np

rng = np.random.default_rng(0)
X = rng.random((1000, 784), dtype=np.float32)
X[rng.random(X.shape) < 0.81] = 0
Y = np.eye(10, dtype=np.float32)[rng.integers(0, 10, 1000)]
RATE, DECAY, BETA1, BETA2, EPSILON, BATCH = 1e-3, 0.01, 0.9, 0.999, 1e-8, 200
PARAMETERS = []
for inputs, outputs in ((784, 200), (200, 200), (200, 10)):
    bound = 8 / np.sqrt(inputs)
    PARAMETERS.append(rng.uniform(-bound, bound, (outputs, inputs)).astype(np.float32))
    PARAMETERS.append(rng.uniform(-bound, bound, outputs).astype(np.float32))

TEST = [(X, Y)]
if options.work == "evaluation":
    x = rng.random((10_000, 784), dtype=np.float32)
    x[rng.random(x.shape) < 0.81] = 0
    TEST.append((x, np.eye(10, dtype=np.float32)[rng.integers(0, 10, 10_000)]))

if options.peer == "torch":
    import torch
    from torch import nn

    torch.set_num_threads(options.threads)
    model = nn.Sequential(
        nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), PARAMETERS):
            parameter.copy_(torch.from_numpy(value))
    x, y = torch.from_numpy(X), torch.from_numpy(Y)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)

    def step():
        index = torch.randint(0, 1000, (BATCH,))
        optimizer.zero_grad(set_to_none=True)
        nn.functional.mse_loss(model(x[index]), y[index]).backward()
        optimizer.step()

    test = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in TEST]

    def evaluate():
        with torch.no_grad():
            for x, y in test:
                outputs = model(x)
                nn.functional.mse_loss(outputs, y).item()
                (outputs.argmax(1) == y.argmax(1)).float().mean().item()

    common.serve(evaluate if options.work == "evaluation" else step, warm_up=20)
else:
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(X), jnp.asarray(Y)

    def forward(p, x):
        h = jax.nn.relu(x @ p[0].T + p[1])
        h = jax.nn.relu(h @ p[2].T + p[3])
        return h @ p[4].T + p[5]

    def loss(p, x, y):
        return jnp.mean((forward(p, x) - y) ** 2)

    def one(state, key):
        p, m, v, t = state
        index = jax.random.randint(key, (BATCH,), 0, 1000)
        value, g = jax.value_and_grad(loss)(p, x[index], y[index])
        t = t + 1
        m = [BETA1 * a + (1 - BETA1) * b for a, b in zip(m, g)]
        v = [BETA2 * a + (1 - BETA2) * b * b for a, b in zip(v, g)]
        c1, c2 = 1 - BETA1**t, 1 - BETA2**t
        p = [a * (1 - RATE * DECAY) - RATE * (b / c1) / (jnp.sqrt(c / c2) + EPSILON)
             for a, b, c in zip(p, m, v)]
        return (p, m, v, t), value

    p = [jnp.asarray(a) for a in PARAMETERS]
    if options.work == "evaluation":
        test = [(jnp.asarray(x), jnp.asarray(y)) for x, y in TEST]

        @jax.jit
        def measures(p):
            outputs = [(forward(p, x), y) for x, y in test]
            return [(jnp.mean((o - y) ** 2), jnp.mean(o.argmax(1) == y.argmax(1))) for o, y in outputs]

        common.serve(lambda: jax.tree.map(float, measures(p)), warm_up=4)
        raise SystemExit
    state = [(p, [jnp.zeros_like(a) for a in p], [jnp.zeros_like(a) for a in p], jnp.float32(0))]
    scan = jax.jit(lambda state, keys: jax.lax.scan(one, state, keys), donate_argnums=0)
    keys = jax.random.split(jax.random.PRNGKey(0), 50)

    def step():
        state[0], _ = scan(state[0], keys)
        jax.block_until_ready(state[0])

    common.serve(step, steps_per_call=50, warm_up=2)
