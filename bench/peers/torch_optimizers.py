"""One row of `bench/optimizers.ts` by PyTorch: an optimizer's steps on the processor.

usage: torch_optimizers.py                       says what PyTorch finds here
       torch_optimizers.py OPTIMIZER SECONDS     prints a line of JSON

The parameters are those of `optimizers/parameters.ts`. As it comes counts, on the number of threads that suits it better;
the other implementations that PyTorch has of the same optimizer are measured as well.
"""

import json
import math
import os
import statistics
import sys
import time

import torch
from torch import nn

BLOCKS, WIDTHS = 25, [784, 512, 512, 512, 10]
LR = 1e-3


class Muon:
    """For kernels; AdamW for biases, which PyTorch's does not take."""

    def __init__(self, params, lr):
        params = list(params)
        self.parts = [
            torch.optim.Muon([p for p in params if p.ndim == 2], lr=lr),
            torch.optim.AdamW([p for p in params if p.ndim < 2], lr=lr),
        ]
        self.state = {}

    def step(self):
        for part in self.parts:
            part.step()
            self.state.update(part.state)


O = torch.optim
OPTIMIZERS = {
    "sgd": (O.SGD, {}),
    "momentum": (O.SGD, {"momentum": 0.9}),
    "nesterov": (O.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (O.Adagrad, {}),
    "adadelta": (O.Adadelta, {}),
    "rmsprop": (O.RMSprop, {}),
    "rmsprop centered": (O.RMSprop, {"centered": True}),
    "rprop": (O.Rprop, {}),
    "adam": (O.Adam, {}),
    "amsgrad": (O.Adam, {"amsgrad": True}),
    "adamw": (O.AdamW, {}),
    "adamax": (O.Adamax, {}),
    "nadam": (O.NAdam, {}),
    "radam": (O.RAdam, {}),
    "adafactor": (O.Adafactor, {}),
    "muon": (Muon, {}),
}


def parameters(size, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(*(nn.Linear(i, o) for i, o in zip(WIDTHS, WIDTHS[1:])))
    return [size * torch.randn_like(p) for p in model.parameters()]


def measure(name, seconds, **way):
    """Milliseconds a step of each block, steps a block, and numbers in the state."""
    kind, config = OPTIMIZERS[name]
    params = [nn.Parameter(p) for p in parameters(0.05, 1)]
    for p, g in zip(params, parameters(0.01, 2)):
        p.grad = g
    optimizer = kind(params, lr=LR, **config, **way)

    def run(length, limit):
        blocks, start = [], time.perf_counter()
        while not blocks or time.perf_counter() - start < limit:
            began = time.perf_counter()
            for _ in range(length):
                optimizer.step()
            blocks.append((time.perf_counter() - began) * 1e3 / length)
        return blocks

    pace = statistics.median(run(1, seconds / 3))
    length = max(1, round(1e3 * seconds / BLOCKS / pace))
    blocks = run(length, seconds)
    tensors = [v for kept in optimizer.state.values() for v in kept.values() if torch.is_tensor(v)]
    return blocks, length, sum(v.numel() for v in tensors)


def row(name, seconds):
    # A thread for each core, or one where that is quicker: on few and shared cores threads may wait for each other for long.
    runs = {}
    for threads in {os.cpu_count() or 1, 1}:
        torch.set_num_threads(threads)
        runs[threads] = measure(name, seconds)
    threads = min(runs, key=lambda count: statistics.median(runs[count][0]))
    torch.set_num_threads(threads)
    blocks, length, state = runs[threads]
    ways = {}
    for way in ("foreach", "fused"):
        try:
            ways[way] = statistics.median(measure(name, seconds, **{way: True})[0])
        except (TypeError, RuntimeError, NotImplementedError):
            pass  # Not every optimizer comes in every way.
    ordered, reach = sorted(blocks), 0.98 * math.sqrt(len(blocks))
    low, high = math.floor(len(ordered) / 2 - reach) - 1, math.ceil(len(ordered) / 2 + reach)
    return {
        "device": f"{torch.get_num_threads()} threads",
        "parameters": sum(p.numel() for p in parameters(1, 1)),
        "stateNumbers": state,
        "steps": len(blocks) * length,
        "stepMs": statistics.median(blocks),
        "stepMsLow": ordered[low] if low >= 0 else None,
        "stepMsHigh": ordered[high] if high < len(ordered) else None,
        "floorMs": None,
        "ways": ways,
    }


if len(sys.argv) == 1:
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}))
else:
    print(json.dumps(row(sys.argv[1], float(sys.argv[2]))))
