"""Writes optuna-decisions.json: at which step Optuna's pruners stop random curves. `pip install optuna`, then run it here.

Three trials run at once, a report each in turn. As here, the best trial so far is not stopped; and Hyperband deals brackets
by trial number, where Optuna takes a hash of it.
"""

import json
import math
import random
import warnings

import optuna
from optuna.pruners import HyperbandPruner, MedianPruner, PatientPruner, PercentilePruner
from optuna.pruners import SuccessiveHalvingPruner, ThresholdPruner, WilcoxonPruner
from optuna.trial import TrialState

TRIALS, STEPS, PARALLEL = 24, 12, 3


class HyperbandByNumber(HyperbandPruner):
    def _get_bracket_id(self, study, trial):
        place = trial.number % max(1, self._total_trial_allocation_budget)
        for bracket, size in enumerate(self._trial_allocation_budgets):
            place -= size
            if place < 0:
                return bracket
        return 0


def curve(source, missing):
    end, drop, rate = source.uniform(0, 1), source.uniform(0, 3), source.uniform(0.1, 0.8)
    values = [end + drop * math.exp(-rate * step) + source.gauss(0, 0.2) for step in range(STEPS)]
    return [float("nan") if source.random() < missing else round(value, 3) for value in values]




def stops(pruner, curves, goal, folds):
    study = optuna.create_study(direction=goal, pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=0))
    sign = 1 if goal == "minimize" else -1

    def loss(values):
        finite = [sign * value for value in values if math.isfinite(value)]
        return None if not finite else sum(finite) / len(finite) if folds else min(finite)

    seen = [[] for _ in curves]
    stopped = [None] * len(curves)
    running, started = {}, 0
    while running or started < len(curves):
        while len(running) < PARALLEL and started < len(curves):
            running[started] = study.ask()
            started += 1
        for number, trial in list(running.items()):
            step = len(seen[number]) + 1
            seen[number].append(curves[number][step - 1])
            trial.report(seen[number][-1], step)
            own = loss(seen[number])
            others = [loss(values) for other, values in enumerate(seen) if other != number]
            best = own is not None and all(other is None or own <= other for other in others)
            if step == STEPS:
                if own is None:
                    study.tell(trial, state=TrialState.FAIL)
                else:
                    study.tell(trial, sign * own)
            elif trial.should_prune() and not best:
                study.tell(trial, state=TrialState.PRUNED)
                stopped[number] = step
            else:
                continue
            del running[number]
    return stopped


def main():
    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    cases = [
        ("median", {}, MedianPruner(), 0.1),
        ("median", {"warmupTrials": 2, "warmupSteps": 4, "interval": 3}, MedianPruner(2, 4, 3), 0.1),
        ("percentile", {"percentile": 25, "warmupTrials": 3, "minTrials": 4}, PercentilePruner(25.0, 3, n_min_trials=4), 0.1),
        ("successiveHalving", {"minSteps": 1, "reductionFactor": 2, "warmupTrials": 0}, SuccessiveHalvingPruner(1, 2), 0),
        (
            "successiveHalving",
            {"minSteps": 1, "reductionFactor": 3, "minEarlyStoppingRate": 1, "warmupTrials": 0},
            SuccessiveHalvingPruner(1, 3, 1),
            0,
        ),
        (
            "hyperband",
            {"minSteps": 1, "maxSteps": 9, "reductionFactor": 3, "warmupTrials": 0},
            HyperbandByNumber(1, 9, 3),
            0,
        ),
        ("threshold", {"atMost": 1.5, "warmupSteps": 3, "interval": 2}, ThresholdPruner(upper=1.5, n_warmup_steps=3, interval_steps=2), 0.1),
        ("patience", {"reports": 2, "minDelta": 0.1}, PatientPruner(None, 2, 0.1), 0),
        ("wilcoxon", {}, WilcoxonPruner(), 0),
        ("wilcoxon", {"pValue": 0.02, "minFolds": 8}, WilcoxonPruner(p_threshold=0.02, n_startup_steps=8), 0),
    ]
    found = []
    for place, (name, options, pruner, missing) in enumerate(cases):
        source = random.Random(place)
        goal = "maximize" if place % 2 else "minimize"
        curves = [curve(source, missing) for _ in range(TRIALS)]
        if goal == "maximize" and name != "threshold":
            curves = [[-value for value in values] for values in curves]
        stopped = stops(pruner, curves, goal, name == "wilcoxon")
        written = [[None if math.isnan(value) else value for value in values] for values in curves]
        found.append({"pruner": name, "options": options, "goal": goal, "stopped": stopped, "curves": written})
        print(name, options, goal, stopped)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in found)
    with open("optuna-decisions.json", "w") as file:
        file.write(f'{{"optuna":"{optuna.__version__}","parallel":{PARALLEL},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
