"""DCN-V2 on prepared click data by PyTorch: the model and the training of `studies/adult.ts`.

usage: torch_click.py FOLDER     reads config.json and the arrays beside it, prints JSON

Arrays are raw and row-major, named part.input: features float32, categories int32, labels int32.
"""

import json
import math
import os
import sys
import time

import numpy as np
import torch
from torch import nn


class DcnV2(nn.Module):
    """Begins with the distributions of the other side: biases at zero."""

    def __init__(self, config):
        super().__init__()
        width = config["features"] + config["fields"] * config["embedding"]
        widths = [width, *config["hidden"]]
        self.table = nn.Embedding(config["vocabulary"], config["embedding"])
        self.cross = nn.ModuleList(nn.Linear(width, width) for _ in range(config["crossLayers"]))
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.logit = nn.Linear(widths[-1], 1)
        self.dropout = nn.Dropout(config["dropout"])
        nn.init.normal_(self.table.weight, std=0.1)
        for layer in self.cross:
            nn.init.normal_(layer.weight, std=math.sqrt(1 / width))
        for layer in self.hidden:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.xavier_uniform_(self.logit.weight)
        for layer in [*self.cross, *self.hidden, self.logit]:
            nn.init.zeros_(layer.bias)

    def forward(self, features, categories):
        x = x0 = torch.cat([features, self.table(categories).flatten(1)], 1)
        for layer in self.cross:
            x = x0 * layer(x) + x
        for layer in self.hidden:
            x = self.dropout(torch.relu(layer(x)))
        return self.logit(x).squeeze(1)


def area_under_curve(scores, labels):
    """The chance that a positive example scores above a negative one, ties counting half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    positive = labels == 1
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[inverse][positive].sum() - n * (n + 1) / 2) / (n * m))


def score(model, part):
    features, categories, labels = part
    model.eval()
    with torch.no_grad():
        scores = model(features, categories).numpy()
    model.train()
    return area_under_curve(scores, labels.numpy())


def batches(rows, size):
    """Always full: one that begins at the end of an epoch goes on into the next."""
    order = torch.randperm(rows)
    while True:
        while len(order) < size:
            order = torch.cat([order, torch.randperm(rows)])
        yield order[:size]
        order = order[size:]


def train(config, parts, seed):
    """The AUC on validation and test rows of the weights that are best on validation rows, and seconds."""
    torch.manual_seed(seed)
    steps, every = config["steps"], config["evaluateEvery"]
    began = time.process_time()
    model = DcnV2(config)
    optimizer = torch.optim.Adam(model.parameters(), lr=config["learningRate"])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    loss = nn.BCEWithLogitsLoss()
    features, categories, labels = parts["train"]
    best, weights = -1, None
    for step, picked in zip(range(1, steps + 1), batches(len(labels), config["batchSize"])):
        optimizer.zero_grad()
        loss(model(features[picked], categories[picked]), labels[picked].float()).backward()
        optimizer.step()
        schedule.step()
        if step % every == 0 or step == steps:
            value = score(model, parts["validation"])
            if value > best:
                best, weights = value, {name: tensor.clone() for name, tensor in model.state_dict().items()}
    seconds = time.process_time() - began
    model.load_state_dict(weights)
    return best, score(model, parts["test"]), seconds


def load(folder, part, config):
    def array(name, kind, shape):
        return torch.from_numpy(np.fromfile(os.path.join(folder, f"{part}.{name}"), kind).reshape(shape))

    return (
        array("features", np.float32, (-1, config["features"])),
        array("categories", np.int32, (-1, config["fields"])).long(),
        array("labels", np.int32, -1),
    )


def main(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    parts = {part: load(folder, part, config) for part in ("train", "validation", "test")}
    runs = [train(config, parts, seed) for seed in range(config["seeds"])]
    validation, test, seconds = zip(*runs)
    parameters = sum(parameter.numel() for parameter in DcnV2(config).parameters())
    answer = {"version": torch.__version__, "parameters": parameters}
    print(json.dumps({**answer, "seconds": seconds, "validation": validation, "test": test}))


main(sys.argv[1])
