"""dwave-samplers' simulated annealing at constant beta, sequential order, one chain a read: its C++ loop, float64.

It keeps every local field up to date and adds only where a spin flipped, so its synaptic operations are nominal:
2 * couplings * sweeps, as if each field were summed anew. Timed is the time that the sampler itself reports for its
loop; states are handed from call to call, because a random start flips more and would be slower. Metropolis, its
default, and Gibbs are both shown; Metropolis has no check energy, because where sweeps do not reach equilibrium it is
lower than that of Gibbs. Several threads take reads each: the loop releases Python's lock.
"""

from __future__ import annotations

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor

import dimod
import numpy as np
from dwave.samplers import SimulatedAnnealingSampler
from timing import Options, mean_energy_per_spin, print_row, read_options, split_chains, time_sweeps
from workload import GraphWorkload, read_workload

# Sweeps before the timing: the loop's speed depends on how many spins still flip.
EQUILIBRATION = 200
# Every call first sums all local fields anew, which must not weigh in the figure.
SWEEPS_MIN = 64


class Reads:
    def __init__(self, workload: GraphWorkload, criterion: str, options: Options, pool: ThreadPoolExecutor) -> None:
        w = self.workload = workload
        # D-Wave's E = +sum J s s + sum h s: both change sign.
        J, h = -np.asarray(w.J, np.float64), -np.asarray(w.h, np.float64)
        self.model = dimod.BinaryQuadraticModel.from_numpy_vectors(
            h, (np.asarray(w.u), np.asarray(w.v), J), 0.0, "SPIN"
        )
        self.criterion, self.pool, self.seed = criterion, pool, 0
        counts = [chains.stop - chains.start for chains in split_chains(w.chains, options.threads)]
        rng = np.random.default_rng(0)
        self.states = [rng.integers(0, 2, (count, w.spins)).astype(np.int8) * 2 - 1 for count in counts]

    def run(self, sweeps: int) -> float:
        """Seconds of the slowest thread's loop."""

        def part(states: np.ndarray, seed: int) -> dimod.SampleSet:
            return SimulatedAnnealingSampler().sample(
                self.model,
                num_reads=len(states),
                beta_schedule_type="custom",
                beta_schedule=[self.workload.beta],
                num_sweeps_per_beta=sweeps,
                proposal_acceptance_criteria=self.criterion,
                initial_states=(states, range(self.workload.spins)),
                initial_states_generator="none",
                seed=seed,
            )

        self.seed += len(self.states)
        sets = list(self.pool.map(part, self.states, range(self.seed, self.seed + len(self.states))))
        self.states = [reads.record.sample for reads in sets]
        self.energies = np.concatenate([reads.record.energy for reads in sets])
        return max(reads.info["timing"]["sampling_ns"] for reads in sets) / 1e9

    def energy_per_spin(self) -> float:
        return float(self.energies.mean()) / self.workload.spins


if __name__ == "__main__":
    options = read_options(__doc__)
    workload = read_workload(options.file)
    version = importlib.metadata.version("dwave-samplers")
    if isinstance(workload, GraphWorkload):
        with ThreadPoolExecutor(options.threads) as pool:
            for criterion in ("Gibbs", "Metropolis"):
                reads = Reads(workload, criterion, options, pool)
                energy = None
                if options.check is not None and criterion == "Gibbs":
                    energy = mean_energy_per_spin(reads.run, reads.energy_per_spin, options.check)
                sweeps = round(EQUILIBRATION * options.repetition_seconds / reads.run(EQUILIBRATION))
                name = f"{criterion}, sequential, incremental f64 fields"
                print_row(
                    f"dwave-samplers {version}",
                    name,
                    options,
                    time_sweeps(reads.run, options, max(SWEEPS_MIN, sweeps)),
                    energy,
                )
