"""The peers of whole.py: a sweep over seeds, and one step from a cold start, each a process from start to exit.

python whole_processes.py sweep|start jax|torch [SEED…]
"""
import os
import sys

work, peer, seeds = sys.argv[1], sys.argv[2], [int(seed) for seed in sys.argv[3:] or ["0"]]
steps, batch, rate, decay = (2000 if work == "sweep" else 1), 200, 1e-3, 1e-2
if peer == "torch":
    if len(seeds) < 8 and work == "sweep":
        os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
    import torch
    from torch import nn
    generator = torch.Generator().manual_seed(0)
    pictures = torch.rand(1000, 784, generator=generator)
    pictures[torch.rand(1000, 784, generator=generator) < 0.81] = 0
    targets = torch.eye(10)[torch.randint(0, 10, (1000,), generator=generator)]
    for seed in seeds:
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))
        optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
        for _ in range(steps):
            chosen = torch.randint(0, 1000, (batch,))
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.mse_loss(model(pictures[chosen]), targets[chosen])
            loss.backward()
            optimizer.step()
        print(seed, loss.item())
else:
    import jax
    import jax.numpy as jnp
    import numpy as np
    generator = np.random.default_rng(0)
    pictures = generator.random((1000, 784), dtype=np.float32)
    pictures[generator.random(pictures.shape) < 0.81] = 0
    targets = np.eye(10, dtype=np.float32)[generator.integers(0, 10, 1000)]
    pictures, targets = jnp.asarray(pictures), jnp.asarray(targets)

    def initial(key):
        parameters = []
        for one, (inputs, outputs) in zip(jax.random.split(key, 3), ((784, 200), (200, 200), (200, 10))):
            bound = inputs ** -0.5
            parameters += [jax.random.uniform(one, (outputs, inputs), minval=-bound, maxval=bound), jnp.zeros(outputs)]
        return parameters

    def loss(parameters, x, y):
        first, bias1, second, bias2, third, bias3 = parameters
        hidden = jax.nn.relu(jax.nn.relu(x @ first.T + bias1) @ second.T + bias2)
        return jnp.mean((hidden @ third.T + bias3 - y) ** 2)

    def step(state, key):
        parameters, means, squares, time = state
        chosen = jax.random.randint(key, (batch,), 0, 1000)
        value, gradients = jax.value_and_grad(loss)(parameters, pictures[chosen], targets[chosen])
        time = time + 1
        means = [0.9 * m + 0.1 * g for m, g in zip(means, gradients)]
        squares = [0.999 * s + 0.001 * g * g for s, g in zip(squares, gradients)]
        parameters = [p * (1 - rate * decay)
                      - rate * (m / (1 - 0.9 ** time)) / (jnp.sqrt(s / (1 - 0.999 ** time)) + 1e-8)
                      for p, m, s in zip(parameters, means, squares)]
        return (parameters, means, squares, time), value

    def training(key):
        parameters = initial(key)
        zeros = [jnp.zeros_like(p) for p in parameters]
        return jax.lax.scan(step, (parameters, zeros, zeros, jnp.float32(0)), jax.random.split(key, steps))[1][-1]

    print(jax.jit(jax.vmap(training))(jnp.stack([jax.random.PRNGKey(seed) for seed in seeds])))
