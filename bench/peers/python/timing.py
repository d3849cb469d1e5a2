"""What every peer script does around its sampler: arguments, repetitions, check energy, one JSON line per variant.

A line on stdout is {"implementation", "variant", "threads", "samples", "seconds": [one per repetition], "sweeps": of
one repetition, "checkEnergyPerSpin", "cpuShare"}; "samples" is false where nothing is sampled. A variant that cannot
run here is {"variant", "unavailable": why}. Rates are left to the reader.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

Run = Callable[[int], "float | None"]  # runs that many sweeps; may return the seconds that the peer itself reports


@dataclass(frozen=True)
class Check:
    """Random start, burn_in sweeps, then the mean energy over span sweeps, looked at every stride."""

    burn_in: int
    span: int
    stride: int


@dataclass(frozen=True)
class Options:
    file: str
    threads: int
    repetitions: int
    repetition_seconds: float
    check: Check | None


def read_options(description: str | None) -> Options:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file", help="the workload file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--repetition-seconds", type=float, default=0.25, help="aim of one repetition")
    parser.add_argument("--check", metavar="BURN_IN,SPAN,STRIDE", help="measure the check energy first")
    given = parser.parse_args()
    check = Check(*map(int, given.check.split(","))) if given.check else None
    return Options(given.file, given.threads, given.repetitions, given.repetition_seconds, check)


def split_chains(chains: int, threads: int) -> list[slice]:
    """Chains of each thread: at most one apart."""
    bounds = [chains * k // threads for k in range(threads + 1)]
    return [slice(low, high) for low, high in zip(bounds, bounds[1:]) if high > low]


def mean_energy_per_spin(run: Run, energy_per_spin: Callable[[], float], check: Check) -> float:
    """By the protocol, for a sampler whose state persists between calls of `run` and is still at its random start."""
    run(check.burn_in)
    energies = []
    for _ in range(check.span // check.stride):
        run(check.stride)
        energies.append(energy_per_spin())
    return sum(energies) / len(energies)


def time_sweeps(run: Run, options: Options, sweeps: int | None = None) -> dict[str, object]:
    """Times repetitions of `sweeps` sweeps; without it, of as many as take about `repetition_seconds`."""
    if sweeps is None:
        run(1)  # first calls allocate, pack weights, spawn threads
        trial = 1
        while (taken := _seconds(run, trial)) < options.repetition_seconds / 4:
            trial *= 2
        sweeps = max(1, round(trial * options.repetition_seconds / taken))
    run(sweeps)  # warm-up at the length that is timed
    wall, cpu = time.perf_counter(), time.process_time()
    seconds = [_seconds(run, sweeps) for _ in range(options.repetitions)]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "seconds": [round(s, 7) for s in seconds],
        "sweeps": sweeps,
        "cpuShare": round(cpu / wall / options.threads, 3),
    }


def print_row(
    implementation: str,
    variant: str,
    options: Options,
    timing: dict[str, object],
    check_energy: float | None,
    samples: bool = True,
) -> None:
    check = None if check_energy is None else round(check_energy, 6)
    row = {
        "implementation": implementation,
        "variant": variant,
        "threads": options.threads,
        "checkEnergyPerSpin": check,
        "samples": samples,
    }
    print(json.dumps(row | timing), flush=True)


def print_unavailable(variant: str, why: object) -> None:
    print(json.dumps({"variant": variant, "unavailable": " ".join(str(why).split())[:300]}), flush=True)


def _seconds(run: Run, sweeps: int) -> float:
    start = time.perf_counter()
    reported = run(sweeps)
    return time.perf_counter() - start if reported is None else reported
