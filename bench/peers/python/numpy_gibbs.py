"""NumPy: what it can do at its best for whole batches of chains.

Spins are 0 and 1, with 2 beta and the change of coding folded into weights and biases. A complete bipartite graph is
two float32 matmuls; any other graph is a gather of neighbor rows, padded to the largest degree, over spins renumbered
by color. Couplings that are all +-1 gather int8. Random numbers are 16 of 64 raw bits (SFC64), and P(1) =
sigmoid(field) is tested as draw * (1 + exp(-field)) < 1 in place. Several threads take chains each.
Convolutions have no row: NumPy has none.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from energy import graph_energy
from timing import mean_energy_per_spin, print_row, read_options, split_chains, time_sweeps
from workload import GraphWorkload, read_workload


class Draws:
    """Sets states to 1 with probability sigmoid(field)."""

    def __init__(self, shape: tuple[int, ...], seed: int) -> None:
        self.bits = np.random.SFC64(seed)
        self.count = int(np.prod(shape))
        self.uniform = np.empty(shape, np.float32)

    def into(self, state: np.ndarray, field: np.ndarray) -> None:
        """field, float32, is overwritten."""
        words = self.bits.random_raw(-(-self.count // 4))
        np.add(
            words.view(np.uint16)[: self.count].reshape(field.shape),
            np.float32(0.5),
            out=self.uniform,
            dtype=np.float32,
        )
        np.negative(field, out=field)
        with np.errstate(over="ignore"):
            np.exp(field, out=field)
        field += 1
        field *= self.uniform
        np.less(field, 65536, out=state.view(np.bool_) if state.dtype == np.int8 else state, casting="unsafe")


class Dense:
    """Chains of a complete bipartite graph; states are [chain][side]."""

    def __init__(self, workload: GraphWorkload, chains: slice) -> None:
        self.workload, split = workload, workload.dense_split
        weights = 4 * workload.beta * np.asarray(workload.J, np.float32).reshape(split, -1)
        h = 2 * workload.beta * np.asarray(workload.h, np.float32)
        self.weights = (np.ascontiguousarray(weights.T, np.float32), np.ascontiguousarray(weights, np.float32))
        self.bias = [part - w.sum(0) / 2 for part, w in zip((h[:split], h[split:]), self.weights)]
        rng, count = np.random.default_rng(chains.start), chains.stop - chains.start
        self.states = [rng.integers(0, 2, (count, w.shape[1])).astype(np.float32) for w in self.weights]
        self.fields = [np.empty_like(state) for state in self.states]
        self.draws = [Draws(state.shape, 1000 + 2 * chains.start + side) for side, state in enumerate(self.states)]

    def sweep(self) -> None:
        for side in (0, 1):
            field = np.matmul(self.states[1 - side], self.weights[side], out=self.fields[side])
            field += self.bias[side]
            self.draws[side].into(self.states[side], field)

    def energy(self) -> float:
        return graph_energy(self.workload, 2 * np.concatenate(self.states, 1) - 1)


class Sparse:
    """Chains of any graph; the state is [spin, by color][chain]."""

    def __init__(self, workload: GraphWorkload, chains: slice) -> None:
        w = self.workload = workload
        color = np.asarray(w.color)
        self.order = np.argsort(color, kind="stable")
        place = np.empty(w.spins, np.int64)
        place[self.order] = np.arange(w.spins)
        ends = (place[np.asarray(w.u)], place[np.asarray(w.v)])
        row, column = np.concatenate(ends), np.concatenate(ends[::-1])
        by_row = np.lexsort((column, row))
        row, column, J = row[by_row], column[by_row], np.tile(np.asarray(w.J), 2)[by_row]
        unit = bool((np.abs(J) == 1).all())
        self.scale = np.float32(4 * w.beta if unit else 1)
        value = (J if unit else 4 * w.beta * J).astype(np.int8 if unit else np.float32)
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=w.spins))])
        degree_max = int(np.diff(first).max())
        slot = np.arange(len(row)) - first[row]
        neighbors, weights = np.zeros((degree_max, w.spins), np.int64), np.zeros((degree_max, w.spins, 1), value.dtype)
        neighbors[slot, row], weights[slot, row, 0] = column, value
        bias = 2 * w.beta * np.asarray(w.h)[self.order] - np.bincount(row, 4 * w.beta * J, minlength=w.spins) / 2
        count = chains.stop - chains.start
        self.state = np.random.default_rng(chains.start).integers(0, 2, (w.spins, count)).astype(value.dtype)
        bounds = np.concatenate([[0], np.cumsum(np.bincount(color, minlength=w.color_count))]).tolist()
        self.colors = []
        for low, high in zip(bounds[:-1], bounds[1:]):
            shape = (high - low, count)
            self.colors.append(
                (
                    np.ascontiguousarray(neighbors[:, low:high]),
                    np.ascontiguousarray(weights[:, low:high]),
                    bias[low:high, None].astype(np.float32),
                    self.state[low:high],
                    (np.empty(shape, value.dtype), np.empty(shape, value.dtype), np.empty(shape, np.float32)),
                    Draws(shape, 1000 + 100 * chains.start + low),
                )
            )

    def sweep(self) -> None:
        for neighbors, weights, bias, spins, (gathered, total, field), draws in self.colors:
            total.fill(0)
            for neighbor, weight in zip(neighbors, weights):
                np.take(self.state, neighbor, axis=0, out=gathered, mode="clip")
                gathered *= weight
                total += gathered
            np.multiply(total, self.scale, out=field)
            field += bias
            draws.into(spins, field)

    def energy(self) -> float:
        spins = np.empty((self.state.shape[1], self.workload.spins), np.float32)
        spins[:, self.order] = 2 * self.state.T - 1
        return graph_energy(self.workload, spins)


if __name__ == "__main__":
    options = read_options(__doc__)
    workload = read_workload(options.file)
    if isinstance(workload, GraphWorkload):
        kind, name = (Dense, "f32 matmul") if workload.dense_split is not None else (Sparse, "padded gather")
        parts = [kind(workload, chains) for chains in split_chains(workload.chains, options.threads)]

        def run_part(part: Dense | Sparse, sweeps: int) -> None:
            for _ in range(sweeps):
                part.sweep()

        def energy_per_spin() -> float:
            return sum(part.energy() for part in parts) / (workload.spins * workload.chains)

        with ThreadPoolExecutor(options.threads) as pool:

            def run(sweeps: int) -> None:
                list(pool.map(run_part, parts, [sweeps] * len(parts)))

            energy = None if options.check is None else mean_energy_per_spin(run, energy_per_spin, options.check)
            print_row(f"numpy {np.__version__}", f"{name}, 16-bit draws", options, time_sweeps(run, options), energy)
