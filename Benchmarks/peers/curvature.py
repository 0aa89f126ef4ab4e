"""Products with the Hessian and the Gauss-Newton matrix of a perceptron 784-200-200-10 on 1,000 pictures, float32, and its
five largest eigenvalues by scipy's Lanczos method (ARPACK) on the same products.

Peers: torch (the gradient is recorded anew for each product, as in loops over batches), torch-kept (recorded once),
torch-func (forward over reverse), jax (forward over reverse, compiled).
"""
import common

options = common.arguments(
    peers=["torch", "torch-kept", "torch-func", "jax"], works=["hvp", "gauss-newton", "eigenvalues"])
common.setup_threads(options.threads, pin=options.peer == "jax")
import sys

import numpy as np

rng = np.random.default_rng(0)
X = rng.random((1000, 784), dtype=np.float32)
X[rng.random(X.shape) < 0.81] = 0
Y = rng.integers(0, 10, 1000)
SIZES = [(200, 784), (200,), (200, 200), (200,), (10, 200), (10,)]
FAN = [784, 784, 200, 200, 200, 200]
THETA = np.concatenate([
    rng.uniform(-1 / np.sqrt(f), 1 / np.sqrt(f), s).astype(np.float32).ravel() for s, f in zip(SIZES, FAN)])
COUNTS = [int(np.prod(s)) for s in SIZES]
V = rng.standard_normal(len(THETA)).astype(np.float32)

if options.peer == "jax":
    import jax
    import jax.numpy as jnp

    x, y, theta = jnp.asarray(X), jnp.asarray(Y), jnp.asarray(THETA)

    def outputs(t):
        p = [a.reshape(s) for a, s in zip(jnp.split(t, np.cumsum(COUNTS)[:-1]), SIZES)]
        h = jax.nn.relu(x @ p[0].T + p[1])
        h = jax.nn.relu(h @ p[2].T + p[3])
        return h @ p[4].T + p[5]

    def loss(f):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(f), y[:, None], 1))

    @jax.jit
    def hessian(v):
        return jax.jvp(jax.grad(lambda t: loss(outputs(t))), (theta,), (v,))[1]

    @jax.jit
    def gauss_newton(v):
        f, slope = jax.jvp(outputs, (theta,), (v,))
        curved = jax.jvp(jax.grad(loss), (f,), (slope,))[1]
        return jax.vjp(outputs, theta)[1](curved)[0]

    product = hessian if options.work != "gauss-newton" else gauss_newton

    def numpy_product(v):
        return np.asarray(product(jnp.asarray(v)))
else:
    import torch

    torch.set_num_threads(options.threads)
    x, y, theta = torch.from_numpy(X), torch.from_numpy(Y), torch.from_numpy(THETA)

    def outputs(t):
        p = [a.reshape(s) for a, s in zip(torch.split(t, COUNTS), SIZES)]
        h = torch.relu(torch.nn.functional.linear(x, p[0], p[1]))
        h = torch.relu(torch.nn.functional.linear(h, p[2], p[3]))
        return torch.nn.functional.linear(h, p[4], p[5])

    def loss(f):
        return torch.nn.functional.cross_entropy(f, y)

    def recorded():
        t = theta.clone().requires_grad_()
        return t, torch.autograd.grad(loss(outputs(t)), t, create_graph=True)[0]

    kept = recorded() if options.peer == "torch-kept" else None

    def hessian(v):
        if options.peer == "torch-func":
            gradient = torch.func.grad(lambda t: loss(outputs(t)))
            return torch.func.jvp(gradient, (theta,), (v,))[1]
        t, g = kept or recorded()
        return torch.autograd.grad(g @ v, t, retain_graph=kept is not None)[0]

    def gauss_newton(v):
        if options.peer == "torch-func":
            f, slope = torch.func.jvp(outputs, (theta,), (v,))
            curved = torch.func.jvp(torch.func.grad(loss), (f,), (slope,))[1]
            return torch.func.vjp(outputs, theta)[1](curved)[0]
        t = theta.clone().requires_grad_()
        f = outputs(t)
        u = torch.zeros_like(f, requires_grad=True)
        pulled = torch.autograd.grad(f, t, u, create_graph=True)[0]
        slope = torch.autograd.grad(pulled, u, v, retain_graph=True)[0]
        o = f.detach().requires_grad_()
        g = torch.autograd.grad(loss(o), o, create_graph=True)[0]
        curved = torch.autograd.grad(g, o, slope)[0]
        return torch.autograd.grad(f, t, curved)[0]

    product = hessian if options.work != "gauss-newton" else gauss_newton

    def numpy_product(v):
        return product(torch.from_numpy(np.ascontiguousarray(v, dtype=np.float32))).numpy()

if options.work == "eigenvalues":
    from scipy.sparse.linalg import LinearOperator, eigsh

    calls = [0]

    def counted(v):
        calls[0] += 1
        return numpy_product(v.astype(np.float32).ravel())

    operator = LinearOperator((len(THETA),) * 2, matvec=counted, dtype=np.float32)

    def run():
        return eigsh(operator, k=5, which="LA", tol=1e-4, v0=V)[0]

    print(run(), calls[0], file=sys.stderr)
    common.serve(run, warm_up=1)
else:
    v = V if options.peer == "jax" else torch.from_numpy(V)
    common.serve(lambda: np.asarray(product(v)), warm_up=5)
