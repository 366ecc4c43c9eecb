"""One row of `bench/engines.ts` by PyTorch: a model trained at a batch size on a device, eager or compiled.

usage: torch_steps.py                                                                      says what PyTorch finds here
       torch_steps.py cpu|cuda eager|compile mlp|cnn|dcn|lstm BATCH SECONDS                prints a line of JSON

Work is counted as matrix products and convolutions, backward as twice forward. Steps are timed in blocks, as the
engines' are; the median counts.
"""

import json
import math
import os
import statistics
import sys
import time

import torch
from torch import nn

BLOCKS, LONGEST_BLOCK = 25, 25


class Dcn(nn.Module):
    def __init__(self, width=256, layers=3, hidden=512):
        super().__init__()
        self.cross = nn.ModuleList(nn.Linear(width, width) for _ in range(layers))
        self.deep = nn.Sequential(
            nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, hidden // 2), nn.ReLU(), nn.Linear(hidden // 2, 1)
        )

    def forward(self, inputs):
        x = inputs
        for layer in self.cross:
            x = inputs * layer(x) + x
        return self.deep(x)


class Lstm(nn.Module):
    def __init__(self, vocabulary=2000, units=100, embedding=10):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, units, batch_first=True)
        self.out = nn.Linear(units, vocabulary)

    def forward(self, words):
        return self.out(self.lstm(self.embed(words))[0][:, -1])


def block(inputs, outputs):
    return [
        nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.MaxPool2d(2, 2, ceil_mode=True),
    ]


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn():
    return nn.Sequential(
        *block(1, 75), *block(75, 50), nn.Dropout(0.2), *block(50, 25),
        nn.Flatten(), nn.Linear(400, 512), nn.ReLU(), nn.Dropout(0.3), nn.Linear(512, 25),
    )  # fmt: skip


# For each: the model, a batch of inputs and targets, the loss, and the forward work of an example.
MODELS = {
    "mlp": (
        mlp,
        lambda b: (torch.randn(b, 784), torch.randint(0, 10, (b,))),
        nn.CrossEntropyLoss(),
        2 * (784 * 512 + 512 * 512 + 512 * 10),
    ),
    "cnn": (
        cnn,
        lambda b: (torch.randn(b, 1, 28, 28), torch.randint(0, 25, (b,))),
        nn.CrossEntropyLoss(),
        2 * (784 * 9 * 75 + 196 * 9 * 75 * 50 + 49 * 9 * 50 * 25 + 400 * 512 + 512 * 25),
    ),
    "dcn": (
        Dcn,
        lambda b: (torch.randn(b, 256), torch.randint(0, 2, (b, 1)).float()),
        nn.BCEWithLogitsLoss(),
        2 * (3 * 256 * 256 + 256 * 512 + 512 * 256 + 256),
    ),
    "lstm": (
        Lstm,
        lambda b: (torch.randint(0, 2000, (b, 20)), torch.randint(0, 2000, (b,))),
        nn.CrossEntropyLoss(),
        2 * (20 * 4 * (10 * 100 + 100 * 100) + 100 * 2000),
    ),
}


def describe():
    cuda = torch.cuda.is_available()
    return {
        "version": torch.__version__,
        "threads": torch.get_num_threads(),
        "cuda": torch.cuda.get_device_name() if cuda else None,
    }


def peak_memory():
    """Of this process, in bytes, as Linux has it."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return None


def row(device, mode, name, batch, seconds):
    torch.manual_seed(0)
    if device == "cpu":
        torch.set_num_threads(os.cpu_count() or 1)
    make, data, loss_of, flops = MODELS[name]
    model = make().to(device)
    forward = torch.compile(model) if mode == "compile" else model
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    inputs, targets = (t.to(device) for t in data(batch))
    on_gpu = device == "cuda"
    spent = {"gradients": 0.0}

    def gradients():
        began = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss_of(forward(inputs), targets).backward()
        spent["gradients"] += time.perf_counter() - began

    def step():
        gradients()
        optimizer.step()

    def run(work, length, limit):
        """Milliseconds a step of blocks of steps: each whole, until its calls returned, and the gradients' calls. A block
        on a GPU ends when the block before is done, so that the GPU never waits."""
        wholes, calls, parts = [], [], []
        before = None
        start = time.perf_counter()
        while not wholes or time.perf_counter() - start < limit:
            began = time.perf_counter()
            spent["gradients"] = 0.0
            for _ in range(length):
                work()
            calls.append((time.perf_counter() - began) * 1e3 / length)
            if on_gpu:
                if before:
                    before.synchronize()
                before = torch.cuda.Event()
                before.record()
            wholes.append((time.perf_counter() - began) * 1e3 / length)
            parts.append(spent["gradients"] * 1e3 / length)
        if on_gpu:
            torch.cuda.synchronize()
        return wholes, calls, parts

    for _ in range(5):
        step()
    warm, _, _ = run(step, 1, seconds / 3)
    pace = statistics.median(warm)
    length = min(LONGEST_BLOCK, max(1, round(1e3 * seconds / BLOCKS / pace)))
    blocks, calls, parts = run(step, length, seconds)
    if on_gpu:
        parts, _, _ = run(gradients, length, seconds / 2)
    split = statistics.median(parts)
    median = statistics.median(blocks)
    ordered, reach = sorted(blocks), 0.98 * math.sqrt(len(blocks))
    low, high = math.floor(len(ordered) / 2 - reach) - 1, math.ceil(len(ordered) / 2 + reach)
    return {
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "model": name,
        "batch": batch,
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": len(blocks) * length,
        "stepMs": median,
        "stepMsLow": ordered[low] if low >= 0 else None,
        "stepMsHigh": ordered[high] if high < len(ordered) else None,
        "gradientsMs": split,
        "optimizerMs": median - split,
        "hostMs": statistics.median(calls) if on_gpu else None,
        "gflops": 3 * flops * batch / median / 1e6,
        "residentBytes": peak_memory(),
        "deviceBytes": torch.cuda.max_memory_allocated() if on_gpu else None,
    }


if len(sys.argv) == 1:
    print(json.dumps(describe()))
else:
    device, mode, name, batch, seconds = sys.argv[1:]
    print(json.dumps(row(device, mode, name, int(batch), float(seconds))))
