"""Energy of a graph workload in NumPy, for every peer whose states can be had as an array."""

from __future__ import annotations

import numpy as np

from workload import GraphWorkload


def graph_energy(workload: GraphWorkload, spins: np.ndarray) -> float:
    """Sum over the chains of E for spins [chains][spins] of +-1."""
    s = np.asarray(spins, dtype=np.float32)
    couplings = np.asarray(workload.J, dtype=np.float32)
    split = workload.dense_split
    if split is not None:
        pairs = float(np.einsum("bi,bi->", s[:, :split] @ couplings.reshape(split, -1), s[:, split:], dtype=np.float64))
    else:
        u, v = np.asarray(workload.u), np.asarray(workload.v)
        pairs = float(((s[:, u] * s[:, v]) @ couplings).sum(dtype=np.float64))
    return -pairs - float((s @ np.asarray(workload.h, dtype=np.float32)).sum(dtype=np.float64))
