#!/usr/bin/env python3
"""An Ising machine in Python: docs/semantics.md with lists, one spin after the other. Both laws, dense and sparse couplings.

isinglass run model.isg --device "exec:python3 isinglass_driver.py"
"""
import json
import math
import pathlib
import random
import sys

from isinglass_protocol import Unsupported, serve

# With `--plant sign-error` all fields h act the wrong way round: a fault for the conformance suite to find.
FIELD_SIGN = -1 if sys.argv[1:] == ["--plant", "sign-error"] else 1


class Block:
    """One Ising system: where its spins are in a list of all spins, in which order they are updated, who is coupled to whom."""

    def __init__(self, block, tensors):
        self.json, self.tensors = block, tensors
        self.spins = {bank["id"]: math.prod(bank["shape"]) for bank in block["banks"]}
        self.free = [bank["id"] for bank in block["banks"] if bank["role"] == "free"]
        self.first, total, by_color = {}, 0, {}
        for bank in block["banks"]:
            self.first[bank["id"]] = total
            for n in range(self.spins[bank["id"]]):
                color = tensors[bank["colorMap"]["tensor"]][n] if "colorMap" in bank else bank.get("color")
                by_color.setdefault(color, []).append(total + n)
            total += self.spins[bank["id"]]
        self.order = [spin for color in block["schedule"]["colors"] for spin in by_color[color]]
        self.partners = [{} for _ in range(total)]  # of every spin: {coupling: [(other spin, stored weight), ...]}
        for number, coupling in enumerate(block["couplings"]):
            to, from_ = self.first[coupling["to"]], self.first[coupling["from"]]
            for row, column, weight in self.entries(coupling["form"], self.spins[coupling["from"]]):
                self.partners[to + row].setdefault(number, []).append((from_ + column, weight))
                self.partners[from_ + column].setdefault(number, []).append((to + row, weight))

    def entries(self, form, columns):
        """(index in `to`, index in `from`, stored weight) of a coupling (semantics 3.6)."""
        tensor = {key: self.tensors[ref["tensor"]] for key, ref in form.items() if isinstance(ref, dict)}
        if form["kind"] == "dense":
            return [(n // columns, n % columns, w) for n, w in enumerate(tensor["matrix"]) if w != 0]
        if form["kind"] == "sparse":
            start, column, value = tensor["rowStart"], tensor["column"], tensor["value"]
            return [(r, column[n], value[n]) for r in range(len(start) - 1) for n in range(start[r], start[r + 1])]
        raise Unsupported(form["kind"], "this driver has dense and sparse couplings")

    def law(self, gains):
        """With the gains of a run: the bias of every spin, its [(scaled, partners), ...], and T of a field and a b."""
        fixed, beta = self.json.get("fixed"), self.json["schedule"]["beta"]
        beta = float(max(step["beta"] for step in beta) if isinstance(beta, list) else beta)
        gain = {each["id"]: beta * gains.get(each["id"], each["value"]) for each in self.json["gains"]}
        unit = 2 ** fixed["fractionBits"] if fixed else 1
        bias = [0] * len(self.partners)
        for term in self.json["biases"]:
            values, spins = self.tensors[term["values"]["tensor"]], self.spins[term["bank"]]
            for n in range(spins):
                h = FIELD_SIGN * gain[term["gain"]] * values[n * len(values) // spins] * unit
                bias[self.first[term["bank"]] + n] += math.floor(h + 0.5) if fixed else h
        scaled = [scaling(gain[c["gain"]] * c["scale"] * unit) if fixed else gain[c["gain"]].__mul__
                  for c in self.json["couplings"]]  # fmt: skip
        links = [[(scaled[number], pairs) for number, pairs in each.items()] for each in self.partners]
        if not fixed:
            return bias, links, lambda f, b: math.ceil(32768 * (1 + math.tanh(f * b / 65536)) - 0.5)  # semantics 7
        table = [round(65536 / (1 + math.exp(-2 * j / unit))) for j in range(-8 * unit, 8 * unit + 1)]
        return bias, links, lambda u, b: table[max(-8 * unit, min(8 * unit, u * b + 32768 >> 16)) + 8 * unit]

    def run(self, q):
        bias, links, threshold = self.law(q.gains)
        rows = [(image, chain) for image in range(len(q.images)) for chain in range(q.chains)]
        # Every sweep draws from a generator of its own: a run that goes on from another draws as one run would have.
        name = repr((q.seed, q.block, q.images, q.chains, q.chain_offset))
        draw = random.Random(name).getrandbits
        states = [self.start(q, row, draw) for row in range(len(rows))]
        sums = {each["bank"]: [[0] * self.spins[each["bank"]] for _ in q.images] for each in q.readouts}
        kept = {each["bank"]: [[] for _ in rows] for each in q.readouts if each["observable"] == "state"}
        for sweep in range(q.sweeps + 1):
            if sweep > 0:
                draw, b = random.Random("%s %d" % (name, q.sweep_offset + sweep)).getrandbits, q.temperature(sweep)
                for state in states:
                    q.check()
                    for spin in self.order:
                        field = bias[spin]
                        for scaled, pairs in links[spin]:
                            field += scaled(sum([weight * state[other] for other, weight in pairs]))
                        state[spin] = 1 if draw(16) < threshold(field, b) else -1
            if q.traced:
                q.trace(sweep, {bank: self.rows(bank, states) for bank in self.spins})
            if sweep > q.burn_in and (sweep - q.burn_in) % q.stride == 0:
                for bank in sums:
                    for (image, _), state in zip(rows, self.rows(bank, states)):
                        sums[bank][image] = [total + spin for total, spin in zip(sums[bank][image], state)]
                for bank in kept:
                    for before, state in zip(kept[bank], self.rows(bank, states)):
                        before.append(state)
            q.progress(sweep)
        readouts = [{"states": [state for row in kept[each["bank"]] for state in row]} if each["observable"] == "state"
                    else {"sums": sums[each["bank"]]} for each in q.readouts]  # fmt: skip
        return readouts, {bank: self.rows(bank, states) for bank in self.free} if q.keep == "host" else None

    def rows(self, bank, states):
        return [state[self.first[bank] : self.first[bank] + self.spins[bank]] for state in states]

    def start(self, q, row, draw):
        coins = lambda spins: [2 * draw(1) - 1 for _ in range(spins)]
        return [spin for bank, spins in self.spins.items() for spin in
                (q.inputs[bank][row // q.chains] if bank in q.inputs else q.given[bank][row] if q.given else coins(spins))]


def scaling(factor):
    """A -> A * factor, rounded, in integers (semantics 4.3)."""
    shift = 16 - math.frexp(factor)[1]
    m = math.floor(factor * 2**shift + 0.5)
    m, shift = (m, shift) if m < 65536 else (32768, shift - 1)
    return lambda a: (a * m + 2**shift // 2) >> shift


serve(json.loads(pathlib.Path(__file__).with_name("profile.json").read_text()), Block)
