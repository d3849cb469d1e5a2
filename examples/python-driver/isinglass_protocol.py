"""isinglass-driver/1 for drivers in Python: messages on standard input and output, .isg programs, packed spins.

Python 3.9 or newer, standard library only. A driver calls serve(profile, Block) and never sees a message.
The protocol is described in docs/driver-protocol.md, byte for byte.
"""
import json
import math
import queue
import struct
import sys
import threading
import time
import traceback
from array import array


class Aborted(Exception):
    """The host wants no answer any more; raised by the methods of a run, for serve() to catch."""


class Unsupported(Exception):
    """A feature that the driver does not have; the first argument names it."""


def serve(profile, make_block):
    """Answers the host until it closes.

    make_block(block, tensors) takes a block of the program JSON and {tensor name: list of numbers}; what it gives has
    run(run) -> (readouts, last), see Run and send_result().
    """
    host = Host()
    programs = {}
    while True:
        message, parts = host.requests.get()
        kind, to = message["type"], message.get("id")
        try:
            if kind == "hello":
                answer = {"type": "welcome", "protocol": "isinglass-driver/1", "profile": profile, "plan": "profile"}
                host.send({**answer, "to": to})
            elif kind == "load":
                program, tensors = read_program(parts[0])
                blocks = [stage for stage in program["stages"] if stage["kind"] == "block"]
                programs[to] = {block["index"]: (block, make_block(block, tensors)) for block in blocks}
                host.send({"type": "loaded", "to": to, "effective": False})
            elif kind == "run":
                block, machine = programs[message["program"]][message["block"]]
                send_result(host, to, *machine.run(Run(host, message, parts, block)))
            elif kind == "unload":
                del programs[message["program"]]
                host.send({"type": "done", "to": to})
            elif kind == "close":
                host.send({"type": "done", "to": to})
                return
            elif to is not None:
                raise Unsupported(kind, "this driver does not answer " + kind)
        except Aborted:
            host.send({"type": "error", "to": to, "code": "aborted", "message": "the run was cancelled"})
        except Unsupported as e:
            error = {"code": "unsupported", "feature": e.args[0], "message": str(e.args[-1])}
            host.send({"type": "error", "to": to, **error})
        except Exception as e:  # A driver with a fault says so and goes on.
            traceback.print_exc()
            error = {"code": "backend", "name": type(e).__name__, "message": str(e) or repr(e)}
            host.send({"type": "error", "to": to, **error})


class Host:
    """The two pipes. A thread reads, so that a cancel reaches a run that is busy."""

    def __init__(self):
        self.requests = queue.Queue()
        self.cancelled = set()
        self.closed = False
        self.acknowledged = queue.Queue()
        self._out = sys.stdout.buffer
        sys.stdout = sys.stderr  # What a driver prints is no message.
        threading.Thread(target=self._read, args=(sys.stdin.buffer,), daemon=True).start()

    def send(self, message, parts=()):
        try:
            self._out.write(json.dumps(message).encode() + b"\n" + b"".join(parts))
            self._out.flush()
        except BrokenPipeError:
            self.closed = True

    def _read(self, pipe):
        for line in iter(pipe.readline, b""):
            message = json.loads(line)
            parts = [pipe.read(size) for size in message.get("parts", [])]
            if message["type"] == "cancel":
                self.cancelled.add(message["to"])
                self.acknowledged.put(None)
            elif message["type"] == "traced":
                self.acknowledged.put((message["to"], message["sweep"]))
            else:
                self.closed = self.closed or message["type"] == "close"
                self.requests.put((message, parts))
        self.closed = True
        self.acknowledged.put(None)
        self.requests.put(({"type": "close", "id": 0}, []))


class Run:
    """A run as the host asks for it: images as a list, spins as rows of +1 and -1, the seed as a number."""

    def __init__(self, host, message, parts, block):
        self._host, self._id, self._told = host, message["id"], time.monotonic()
        self.block, self.gains = message["block"], message["gains"]
        self.images = words(parts[message["images"]])
        self.chains, self.chain_offset = message["chains"], message["chainOffset"]
        self.sweeps, self.burn_in, self.stride = message["sweeps"], message["burnIn"], message["stride"]
        self.sweep_offset, self.seed = message["sweepOffset"], int(message["seed"])
        self.keep, self.readouts, self.traced = message["keep"], message["readouts"], message["trace"]
        at = message["temperatures"]
        self.temperatures = None if at is None else words(parts[at])
        spins = {bank["id"]: math.prod(bank["shape"]) for bank in block["banks"]}
        self.inputs = {bank: unpack(parts[at], spins[bank]) for bank, at in message["inputs"].items()}
        if message["start"]["kind"] not in ("random", "given"):
            raise Unsupported(message["start"]["kind"], "this driver starts at random or from given states")
        given = message["start"].get("states")
        self.given = None if given is None else {bank: unpack(parts[at], spins[bank]) for bank, at in given.items()}

    def temperature(self, sweep):
        """b_t of sweep 1, 2, ... (semantics 4.5); 65536 is the reference."""
        return 65536 if self.temperatures is None else self.temperatures[sweep - 1]

    def check(self):
        """Raises Aborted when the run was cancelled: call it often."""
        if self._host.closed or self._id in self._host.cancelled:
            raise Aborted()

    def progress(self, sweeps):
        """Tells how many sweeps are done, at most twice a second and at the end."""
        self.check()
        if sweeps == self.sweeps or time.monotonic() - self._told > 0.5:
            self._told = time.monotonic()
            self._host.send({"type": "progress", "to": self._id, "sweeps": sweeps})

    def trace(self, sweep, banks):
        """Shows {bank: rows} after a sweep, and waits until the host has taken it."""
        parts = [pack(rows) for rows in banks.values()]
        message = {"type": "trace", "to": self._id, "sweep": sweep, "banks": {b: n for n, b in enumerate(banks)}}
        self._host.send({**message, "parts": [len(part) for part in parts]}, parts)
        while self._host.acknowledged.get() != (self._id, sweep):
            self.check()


def send_result(host, to, readouts, last):
    """readouts: one {"sums": rows of numbers} or {"states": rows of spins} each; last: {bank: rows}, or None."""
    parts = []

    def part(data):
        parts.append(data)
        return len(parts) - 1

    pack_as = {"sums": lambda rows: array("i", [x for row in rows for x in row]).tobytes(), "states": pack}
    message = {"type": "result", "to": to, "counters": {}}
    message["readouts"] = [{k: part(pack_as[k](rows)) for k, rows in readout.items()} for readout in readouts]
    if last is not None:
        message["last"] = {bank: part(pack(rows)) for bank, rows in last.items()}
    host.send({**message, "parts": [len(data) for data in parts]}, parts)


def words(part):
    """u32 numbers of a part."""
    return list(struct.unpack("<%dI" % (len(part) // 4), part))


def unpack(part, spins):
    """Rows of +1 and -1: bit 1 is +1, spin 0 the lowest bit, every row padded to whole words."""
    size = 4 * ((spins + 31) // 32)
    rows = [int.from_bytes(part[at : at + size], "little") for at in range(0, len(part), size)]
    return [[1 if row >> n & 1 else -1 for n in range(spins)] for row in rows]


def pack(rows):
    """The same the other way."""
    out = []
    for row in rows:
        bits = sum(1 << n for n, spin in enumerate(row) if spin > 0)
        out.append(bits.to_bytes(4 * ((len(row) + 31) // 32), "little"))
    return b"".join(out)


_formats = {"I8": "b", "U8": "B", "U16": "H", "U32": "I", "U64": "Q", "F32": "f"}


def read_program(data):
    """The program JSON and {tensor name: list of numbers} of an .isg file, which is a safetensors file."""
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    program = json.loads(header.pop("__metadata__")["isinglass"])
    tensors = {}
    for name, entry in header.items():
        first, end = (8 + length + offset for offset in entry["data_offsets"])
        kind = _formats[entry["dtype"]]
        tensors[name] = [number for number, in struct.iter_unpack("<" + kind, data[first:end])]
    return program, tensors
