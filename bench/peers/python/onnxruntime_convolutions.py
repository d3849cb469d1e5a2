"""onnxruntime: the two convolutions of a sweep as a feed-forward pair, and nothing else.

A yardstick, not a sampler: no random numbers, no states. Its figure is in the same in-bounds multiply-adds, so it
bounds what a sampler on top of it could reach. float32 Conv, and QLinearConv with unsigned 8-bit activations and signed
8-bit weights (the fastest form on a CPU with VNNI).
"""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from timing import Options, print_row, read_options, time_sweeps
from workload import ConvolutionWorkload, read_workload

PADDED = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
Constants = dict[str, np.ndarray]


def float_pair(back: np.ndarray, forward: np.ndarray) -> tuple[list[onnx.NodeProto], Constants]:
    nodes = [
        helper.make_node("Conv", ["x", "back"], ["t"], **PADDED),
        helper.make_node("Conv", ["t", "forward"], ["y"], **PADDED),
    ]
    return nodes, {"back": back, "forward": forward}


def integer_pair(back: np.ndarray, forward: np.ndarray) -> tuple[list[onnx.NodeProto], Constants]:
    largest = np.abs(forward).max()
    integers = [np.clip(np.round(k / largest * 127), -127, 127).astype(np.int8) for k in (back, forward)]
    constants = {"back": integers[0], "forward": integers[1], "zero": np.uint8(128), "zero_weight": np.int8(0)}
    constants |= {
        "scale": np.float32(1 / 127),
        "scale_weight": np.float32(largest / 127),
        "scale_out": np.float32(4 / 127),
    }
    weight = ["scale_weight", "zero_weight", "scale_out", "zero"]
    nodes = [
        helper.make_node("QLinearConv", ["x", "scale", "zero", "back", *weight], ["t"], **PADDED),
        helper.make_node("QLinearConv", ["t", "scale_out", "zero", "forward", *weight], ["y"], **PADDED),
    ]
    return nodes, {name: np.asarray(value) for name, value in constants.items()}


def session(
    nodes: list[onnx.NodeProto], constants: Constants, x: np.ndarray, threads: int
) -> onnxruntime.InferenceSession:
    element = TensorProto.FLOAT if x.dtype == np.float32 else TensorProto.UINT8
    ends = [[helper.make_tensor_value_info(name, element, x.shape)] for name in ("x", "y")]
    initial = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "pair", *ends, initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])


def measure(
    w: ConvolutionWorkload, name: str, x: np.ndarray, pair: tuple[list[onnx.NodeProto], Constants], options: Options
) -> None:
    ready = session(*pair, x, options.threads)

    def run(pairs: int) -> None:
        for _ in range(pairs):
            ready.run(None, {"x": x})

    print_row(
        f"onnxruntime {onnxruntime.__version__}",
        f"{name} convolution pair, no sampling",
        options,
        time_sweeps(run, options),
        None,
        samples=False,
    )


if __name__ == "__main__":
    options = read_options(__doc__)
    workload = read_workload(options.file)
    if isinstance(workload, ConvolutionWorkload):
        w = workload
        forward = np.asarray(w.kernel, np.float32).reshape(w.channels2, w.channels1, 3, 3)
        back = np.ascontiguousarray(forward[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
        bits = np.random.default_rng(0).integers(0, 2, (w.batch, w.channels2, w.height, w.width))
        measure(w, "f32", (2 * bits - 1).astype(np.float32), float_pair(back, forward), options)
        measure(w, "int8", np.where(bits > 0, 255, 1).astype(np.uint8), integer_pair(back, forward), options)
