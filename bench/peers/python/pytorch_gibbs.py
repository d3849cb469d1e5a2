"""PyTorch on the CPU: block Gibbs with whole-batch tensor operations.

What an expert user does, all of it measured to be faster than the obvious form (../README.md: what was tried):
- spins are 0 and 1 instead of -1 and +1, so a comparison writes the state; 2 beta and the change of coding are folded
  into the weights and biases once, so that P(1) = sigmoid(field);
- convolutions run channels_last, the backward field as conv2d with the flipped, transposed kernel;
- a sparse graph is one CSR matrix per color over spins renumbered by color, a complete bipartite graph two matmuls;
- "16-bit draws" fills 64-bit words with random bits and reads four draws from each: uniform_ would cost more than a
  bf16 convolution;
- several threads take chains each, from Python threads: the generator is serial, so torch's own threads would wait.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn.functional as F
from energy import graph_energy
from timing import Options, mean_energy_per_spin, print_row, print_unavailable, read_options, split_chains, time_sweeps
from torch import Tensor
from workload import ConvolutionWorkload, GraphWorkload, read_workload

WORD_MIN = -(2**63)


class Draws:
    """Sets states to 1 with probability sigmoid(field), from float32 or 16-bit uniform numbers."""

    def __init__(self, like: Tensor, bits16: bool, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.uniform = torch.empty_like(like)
        self.words = torch.empty(math.ceil(like.numel() / 4), dtype=torch.int64) if bits16 else None
        if self.words is not None:  # the same elements in the same memory order
            self.shorts = self.words.view(torch.int16)[: like.numel()].as_strided(like.shape, like.stride())

    def into(self, state: Tensor, field: Tensor) -> None:
        """field is overwritten."""
        field.sigmoid_()
        target = state if state.dtype == field.dtype else self.uniform
        if self.words is None:
            torch.gt(field, self.uniform.uniform_(generator=self.generator), out=target)
        else:
            self.words.random_(WORD_MIN, None, generator=self.generator)
            field.sub_(self.uniform.copy_(self.shorts), alpha=2.0**-16)  # the draw is (short + 2^15 + 1/2) / 2^16
            torch.gt(field, 0.5 + 2.0**-17, out=target)
        if target is not state:
            state.copy_(target)


def random_bits(shape: tuple[int, ...], seed: int) -> Tensor:
    return torch.randint(0, 2, shape, generator=torch.Generator().manual_seed(seed)).float()


# A field function takes the other side's spins (0, 1) and returns 2 beta delta (J s), without bias, in float32.
Field = Callable[[Tensor], Tensor]


def float_convolution(kernel: Tensor) -> Field:
    return lambda s: F.conv2d(s, kernel, padding=1).float()


def convolution_fields(
    kernels: tuple[Tensor, Tensor], size: tuple[int, int, int], precision: str
) -> tuple[torch.dtype, list[Field], list[Tensor]]:
    """State type, fields, and kernels as rounded.

    kernels: 4 beta delta K, [out][in][3][3], backward and forward; size: images, height, width.
    """
    if precision != "int8":
        dtype = getattr(torch, precision)
        rounded = [k.to(dtype).contiguous(memory_format=torch.channels_last) for k in kernels]
        return dtype, [float_convolution(k) for k in rounded], [k.float() for k in rounded]
    one = [1, 1]
    fields: list[Field] = []
    rounded = []
    for kernel in kernels:  # one scale per output channel; unsigned 8-bit spins with zero point 0
        scale = kernel.abs().amax((1, 2, 3)) / 127
        integers = torch.round(kernel / scale[:, None, None, None]).to(torch.int8)
        zeros = torch.zeros(len(scale), dtype=torch.int32)
        images, *map_size = size
        inner = [images, kernel.shape[1], *map_size]  # without it some shapes get a kernel six times slower
        packed = torch.ops.onednn.qconv_prepack(integers, scale, 1.0, 0, one, one, one, 1, inner)

        def field(s: Tensor, packed: Tensor = packed, scale: Tensor = scale, zeros: Tensor = zeros) -> Tensor:
            return torch.ops.onednn.qconv2d_pointwise(
                s, 1.0, 0, packed, scale, zeros, None, one, one, one, 1, 1.0, 0, torch.float32, "none", [], ""
            )

        fields.append(field)
        rounded.append(integers.float() * scale[:, None, None, None])
    return torch.uint8, fields, rounded


class Convolution:
    """Images `chains` of a convolutional workload."""

    def __init__(self, workload: ConvolutionWorkload, chains: slice, precision: str, bits16: bool) -> None:
        w = workload
        shape = (w.channels2, w.channels1, 3, 3)
        self.kernel = torch.from_numpy(np.asarray(w.kernel).reshape(shape)) * w.delta
        backward = self.kernel.flip(2, 3).transpose(0, 1)
        kernels = (4 * w.beta * backward, 4 * w.beta * self.kernel)
        images = (chains.stop - chains.start, w.height, w.width)
        dtype, self.fields, rounded = convolution_fields(kernels, images, precision)
        size = (w.batch, -1, w.height, w.width)
        last = torch.channels_last
        self.h = [
            torch.from_numpy(np.asarray(h).reshape(size))[chains].contiguous(memory_format=last) for h in (w.h1, w.h2)
        ]
        self.bias, self.states, self.draws = [], [], []
        for side, (h, kernel) in enumerate(zip(self.h, rounded)):
            ones = torch.ones(
                1, kernel.shape[1], w.height, w.width
            )  # s = 2 bit - 1: every neighbor's -1 goes into the bias
            bias = 2 * w.beta * h - F.conv2d(ones, kernel, padding=1) / 2
            self.bias.append(bias.contiguous(memory_format=last))
            state = random_bits(tuple(h.shape), 2 * chains.start + side)
            self.states.append(state.to(dtype).contiguous(memory_format=last))
            self.draws.append(Draws(self.bias[side], bits16, 1000 + 2 * chains.start + side))

    def sweep(self) -> None:
        for side in (0, 1):
            self.draws[side].into(self.states[side], self.fields[side](self.states[1 - side]).add_(self.bias[side]))

    def energy(self) -> float:
        s1, s2 = (2 * s.float() - 1 for s in self.states)
        coupled = (F.conv2d(s1, self.kernel, padding=1) * s2).sum()
        return -float(coupled + (s1 * self.h[0]).sum() + (s2 * self.h[1]).sum())


class Dense:
    """Chains of a complete bipartite graph; states are [chains][side]."""

    def __init__(self, workload: GraphWorkload, chains: slice, precision: str, bits16: bool) -> None:
        self.workload, split = workload, workload.dense_split
        assert split is not None
        weights = 4 * workload.beta * torch.from_numpy(np.asarray(workload.J).reshape(split, -1))
        h = 2 * workload.beta * torch.from_numpy(np.asarray(workload.h))
        self.states, self.draws, self.bias, self.fields = [], [], [], []
        for side, matrix in enumerate((weights.t().contiguous(), weights)):
            dtype, field, rounded = self.field(matrix, precision)
            bias = (h[:split] if side == 0 else h[split:]) - rounded.sum(0) / 2
            self.fields.append(field)
            self.bias.append(bias)
            state = random_bits((chains.stop - chains.start, matrix.shape[1]), 2 * chains.start + side)
            self.draws.append(Draws(state, bits16, 1000 + 2 * chains.start + side))
            self.states.append(state.to(dtype))

    @staticmethod
    def field(matrix: Tensor, precision: str) -> tuple[torch.dtype, Field, Tensor]:
        if precision != "int8":
            dtype = getattr(torch, precision)
            rounded = matrix.to(dtype)
            return dtype, lambda s: torch.mm(s, rounded).float(), rounded.float()
        scale = matrix.abs().amax(0) / 127
        integers = torch.round(matrix / scale).to(torch.int8)
        return torch.int8, lambda s: torch._int_mm(s, integers).float().mul_(scale), integers.float() * scale

    def sweep(self) -> None:
        for side in (0, 1):
            self.draws[side].into(self.states[side], self.fields[side](self.states[1 - side]).add_(self.bias[side]))

    def energy(self) -> float:
        return graph_energy(self.workload, 2 * torch.cat([s.float() for s in self.states], 1).numpy() - 1)


class Sparse:
    """Chains of any graph: one CSR matrix per color; state is [spin, by color][chain]."""

    def __init__(self, workload: GraphWorkload, chains: slice, _precision: str, bits16: bool) -> None:
        w = self.workload = workload
        color = np.asarray(w.color)
        self.order = np.argsort(color, kind="stable")
        place = np.empty(w.spins, np.int64)
        place[self.order] = np.arange(w.spins)
        bounds = np.concatenate([[0], np.cumsum(np.bincount(color, minlength=w.color_count))])
        ends = (place[np.asarray(w.u)], place[np.asarray(w.v)])
        row, column = np.concatenate(ends), np.concatenate(ends[::-1])
        value = 4 * w.beta * np.tile(np.asarray(w.J), 2).astype(np.float32)
        by_row = np.lexsort((column, row))
        row, column, value = row[by_row], column[by_row], value[by_row]
        degree = np.bincount(row, minlength=w.spins)
        bias = 2 * w.beta * np.asarray(w.h)[self.order] - np.bincount(row, value, minlength=w.spins) / 2
        self.state = random_bits((w.spins, chains.stop - chains.start), chains.start)
        self.colors = []
        for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist()):
            inside = (row >= low) & (row < high)
            pointers = torch.from_numpy(np.concatenate([[0], np.cumsum(degree[low:high])]))
            matrix = torch.sparse_csr_tensor(
                pointers, torch.from_numpy(column[inside]), torch.from_numpy(value[inside]), (high - low, w.spins)
            )
            spins = self.state[low:high]
            offset = torch.from_numpy(bias[low:high].astype(np.float32))[:, None]
            self.colors.append((matrix, spins, offset, Draws(spins, bits16, 1000 + 100 * chains.start + low)))

    def sweep(self) -> None:
        for matrix, spins, offset, draws in self.colors:
            draws.into(spins, torch.mm(matrix, self.state).add_(offset))

    def energy(self) -> float:
        spins = np.empty((self.state.shape[1], self.workload.spins), np.float32)
        spins[:, self.order] = 2 * self.state.numpy().T - 1
        return graph_energy(self.workload, spins)


# Precision of the products, 16-bit draws, what the row is called.
Form = tuple[str, bool, str]
PRODUCTS: dict[type, str] = {Convolution: "convolution", Dense: "matmul"}
FORMS: tuple[Form, ...] = (
    ("float32", False, "f32 {}"),
    ("bfloat16", False, "bf16 {}, f32 sampling"),
    ("bfloat16", True, "bf16 {}, f32 sampling, 16-bit draws"),
    ("int8", True, "int8 {} (undocumented op), f32 sampling, 16-bit draws"),
)
SPARSE_FORMS: tuple[Form, ...] = (
    ("float32", False, "f32 CSR matmul"),
    ("float32", True, "f32 CSR matmul, 16-bit draws"),
)


def measure(kind: type, precision: str, bits16: bool, name: str, options: Options, pool: ThreadPoolExecutor) -> None:
    parts = [kind(workload, chains, precision, bits16) for chains in split_chains(workload.chains, options.threads)]

    def run_part(part: Convolution | Dense | Sparse, sweeps: int) -> None:
        with torch.inference_mode():
            for _ in range(sweeps):
                part.sweep()

    def run(sweeps: int) -> None:
        if len(parts) == 1:
            run_part(parts[0], sweeps)
        else:
            list(pool.map(run_part, parts, [sweeps] * len(parts)))

    def energy_per_spin() -> float:
        return sum(part.energy() for part in parts) / (workload.spins * workload.chains)

    energy = None if options.check is None else mean_energy_per_spin(run, energy_per_spin, options.check)
    print_row(f"pytorch {torch.__version__}", name, options, time_sweeps(run, options), energy)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message="Sparse (invariant checks|CSR tensor support)")
    options = read_options(__doc__)
    workload = read_workload(options.file)
    torch.set_num_threads(1)
    dense = isinstance(workload, GraphWorkload) and workload.dense_split is not None
    kind = Convolution if isinstance(workload, ConvolutionWorkload) else Dense if dense else Sparse
    forms = SPARSE_FORMS if kind is Sparse else FORMS
    with ThreadPoolExecutor(options.threads) as pool:
        for precision, bits16, form in forms:
            name = form.format(PRODUCTS.get(kind, ""))
            try:
                measure(kind, precision, bits16, name, options, pool)
            except (
                AttributeError,
                NotImplementedError,
                RuntimeError,
            ) as error:  # an operation that this build or CPU lacks
                print_unavailable(name, error)
