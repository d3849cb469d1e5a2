"""thrml (JAX) through its own API: IsingEBM, IsingSamplingProgram, sample_states; jitted, jax.vmap over the chains.

thrml has no convolution and no per-chain fields: a convolutional workload becomes one explicit edge per tap, with the
fields of image 0 in every chain (no check energy). 1.6 million edges take about 20 s and 2.4 GB to set up, so larger
ones are refused.
The default random generator (threefry) is the fastest under vmap.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from timing import mean_energy_per_spin, print_row, print_unavailable, read_options, time_sweeps
from workload import ConvolutionWorkload, GraphWorkload, read_workload

options = read_options(__doc__)
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["NPROC"] = str(options.threads)  # the size of XLA's thread pool

import jax  # noqa: E402 - reads NPROC
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import thrml  # noqa: E402
from energy import graph_energy  # noqa: E402
from thrml import Block, SamplingSchedule, SpinNode, sample_states  # noqa: E402
from thrml.models import IsingEBM, IsingSamplingProgram, hinton_init  # noqa: E402

EDGES_MAX = 2_000_000
# A repetition is sized from this, not by trial: each number of sweeps is compiled anew, for seconds.
SYNAPTIC_OPERATIONS_PER_SECOND = 0.8e9


def unrolled(w: ConvolutionWorkload) -> GraphWorkload:
    """Image 0 as a graph: map 1 first, then map 2, two colors."""
    size = w.height * w.width
    pixel = np.arange(size).reshape(w.height, w.width)
    kernel = w.delta * np.asarray(w.kernel).reshape(w.channels2, w.channels1, 3, 3)
    u, v, J = [], [], []
    for ky in range(3):
        for kx in range(3):
            y = slice(max(0, 1 - ky), min(w.height, w.height + 1 - ky))
            x = slice(max(0, 1 - kx), min(w.width, w.width + 1 - kx))
            out = pixel[y, x].ravel()
            inner = out + (ky - 1) * w.width + kx - 1
            for c2 in range(w.channels2):
                for c1 in range(w.channels1):
                    u.append(c1 * size + inner)
                    v.append((w.channels1 + c2) * size + out)
                    J.append(np.full(len(out), kernel[c2, c1, ky, kx], np.float32))
    h = np.concatenate([np.asarray(w.h1)[: w.channels1 * size], np.asarray(w.h2)[: w.channels2 * size]])
    color = (np.arange(w.spins) >= w.channels1 * size).astype(int)
    return GraphWorkload(w.spins, 2, w.batch, w.beta, h, color, np.concatenate(u), np.concatenate(v), np.concatenate(J))


class Chains:
    def __init__(self, w: GraphWorkload) -> None:
        self.workload = w
        nodes = [SpinNode() for _ in range(w.spins)]
        edges = [(nodes[i], nodes[j]) for i, j in zip(np.asarray(w.u).tolist(), np.asarray(w.v).tolist())]
        model = IsingEBM(nodes, edges, jnp.array(w.h, jnp.float32), jnp.array(w.J, jnp.float32), jnp.float32(w.beta))
        color = np.asarray(w.color)
        self.members = [np.nonzero(color == c)[0] for c in range(w.color_count)]
        self.blocks = [Block([nodes[i] for i in members]) for members in self.members]
        self.program = IsingSamplingProgram(model, self.blocks, clamped_blocks=[])
        start, self.key = jax.random.split(jax.random.key(0))
        self.states = hinton_init(start, model, self.blocks, (w.chains,))
        self.compiled: dict[int, Callable[[jax.Array, list[jax.Array]], list[jax.Array]]] = {}

    def run(self, sweeps: int) -> None:
        if sweeps not in self.compiled:
            # sample_states does n_warmup sweeps before the first sample, and none after the only one.
            schedule = SamplingSchedule(n_warmup=sweeps, n_samples=1, steps_per_sample=1)

            def chain(key: jax.Array, states: list[jax.Array]) -> list[jax.Array]:
                return [s[-1] for s in sample_states(key, self.program, schedule, states, [], self.blocks)]

            self.compiled[sweeps] = jax.jit(jax.vmap(chain))
        self.key, key = jax.random.split(self.key)
        self.states = self.compiled[sweeps](jax.random.split(key, self.workload.chains), self.states)
        jax.block_until_ready(self.states)

    def energy_per_spin(self) -> float:
        w = self.workload
        spins = np.empty((w.chains, w.spins), np.float32)
        for members, state in zip(self.members, self.states):
            spins[:, members] = 2.0 * np.asarray(state) - 1
        return graph_energy(w, spins) / (w.spins * w.chains)


if __name__ == "__main__":
    workload = read_workload(options.file)
    if isinstance(workload, ConvolutionWorkload):
        variant, check = "one edge per tap, fields of image 0", None
    else:
        variant, check = "vmap over chains", options.check
    if workload.couplings > EDGES_MAX:
        print_unavailable(variant, f"{workload.couplings} explicit edges, one per tap, take too long to set up")
    else:
        chains = Chains(unrolled(workload) if isinstance(workload, ConvolutionWorkload) else workload)
        energy = None
        if check is not None:
            # One compiled length for the whole protocol.
            stride = check.stride
            for _ in range(check.burn_in // stride - 1):
                chains.run(stride)
            energy = mean_energy_per_spin(chains.run, chains.energy_per_spin, replace(check, burn_in=stride))
        rate = SYNAPTIC_OPERATIONS_PER_SECOND / (2 * workload.couplings * workload.chains)
        sweeps = max(1, round(options.repetition_seconds * rate))
        print_row(
            f"thrml {thrml.__version__}",
            f"{variant}, jax {jax.__version__}",
            options,
            time_sweeps(chains.run, options, sweeps),
            energy,
        )
