"""Reads a workload file (bench/src/workloads/workload-file.ts gives the format), with the standard library only.

Convention: E = -sum_{i<j} J_ij s_i s_j - sum_i h_i s_i, s = +-1, f_i = h_i + sum_j J_ij s_j and
P(s_i = +1) = sigmoid(2 beta f_i).
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

CONVOLUTION_MAGIC = b"PEERCNV1"
GRAPH_MAGIC = b"PEERGRF1"


@dataclass(frozen=True)
class ConvolutionWorkload:
    """Two maps of one size joined by a 3x3 convolution with padding 1; one sweep updates map 1, then map 2.

    f2 = h2 + delta * conv(s1, kernel), f1 = h1 + delta * (adjoint of that conv)(s2).
    """

    channels1: int
    channels2: int
    height: int
    width: int
    batch: int
    delta: float
    beta: float
    kernel: array[float]  # [channels2][channels1][3][3]
    h1: array[float]  # [batch][channels1][height][width]
    h2: array[float]  # [batch][channels2][height][width]

    @property
    def chains(self) -> int:
        return self.batch

    @property
    def spins(self) -> int:
        """Of one image."""
        return (self.channels1 + self.channels2) * self.height * self.width

    @property
    def couplings(self) -> int:
        """Of one image: in-bounds taps only."""
        return self.channels1 * self.channels2 * (3 * self.height - 2) * (3 * self.width - 2)


@dataclass(frozen=True)
class GraphWorkload:
    """Pairs u < v with their couplings; colors are a proper coloring, and one sweep visits them in order."""

    spins: int
    color_count: int
    chains: int
    beta: float
    h: array[float]  # per spin
    color: array[int]  # per spin
    u: array[int]  # per pair
    v: array[int]  # per pair
    J: array[float]  # per pair

    @property
    def couplings(self) -> int:
        return len(self.u)

    @property
    def dense_split(self) -> int | None:
        """Spins of the first side, where each of them is coupled to every later spin, row by row; else None."""
        first = self.v[0] if self.couplings > 0 else 0
        second = self.spins - first
        if self.color_count != 2 or self.couplings != first * second:
            return None
        sides = array("i", range(first, self.spins))
        for i in range(first):
            row = slice(i * second, (i + 1) * second)
            if self.v[row] != sides or self.u[row] != array("i", [i]) * second:
                return None
        return first


Workload = ConvolutionWorkload | GraphWorkload


class _Fields:
    """The little-endian fields of a file, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 8

    def integers(self, count: int) -> list[int]:
        return self.many("i", count).tolist()

    def floats(self, count: int) -> list[float]:
        return self.many("f", count).tolist()

    def many(self, code: str, count: int) -> array:
        values = array(code)
        values.frombytes(self._data[self._at : self._at + 4 * count])
        if len(values) != count:
            raise ValueError(f"the workload file ends after {len(self._data)} bytes, within {count} numbers")
        if sys.byteorder == "big":
            values.byteswap()
        self._at += 4 * count
        return values

    def end(self) -> None:
        if self._at != len(self._data):
            raise ValueError(f"the workload file has {len(self._data) - self._at} bytes after its last field")


def read_workload(path: str | Path) -> Workload:
    data = Path(path).read_bytes()
    fields = _Fields(data)
    if data.startswith(CONVOLUTION_MAGIC):
        c1, c2, height, width, batch = fields.integers(5)
        delta, beta = fields.floats(2)
        kernel, h1, h2 = (
            fields.many("f", n) for n in (c1 * c2 * 9, batch * c1 * height * width, batch * c2 * height * width)
        )
        fields.end()
        return ConvolutionWorkload(c1, c2, height, width, batch, delta, beta, kernel, h1, h2)
    if data.startswith(GRAPH_MAGIC):
        spins, couplings, colors, chains = fields.integers(4)
        (beta,) = fields.floats(1)
        h, color, u, v, J = (
            fields.many(c, n)
            for c, n in (("f", spins), ("i", spins), ("i", couplings), ("i", couplings), ("f", couplings))
        )
        fields.end()
        return GraphWorkload(spins, colors, chains, beta, h, color, u, v, J)
    raise ValueError(f"not a workload file: it starts with {data[:8]!r}")


if __name__ == "__main__":
    w = read_workload(sys.argv[1])
    kind = type(w).__name__.removesuffix("Workload").lower()
    print(f"{kind}: {w.spins} spins, {w.couplings} couplings, {w.chains} chains, beta {w.beta:g}")
