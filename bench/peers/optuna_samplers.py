"""Optuna's samplers by ask and tell: reads a request a line, answers with a line. Needs: pip install optuna torch scipy, and
cmaes for that sampler.

{"start": SAMPLER, "seed": N, "space": [...], "objectives": N}     -> {}
{"ask": N}                       -> {"trials": [{"number": N, "params": {...}}], "seconds": S}
{"tell": N, "values": [V, ...]}  -> {}            without "values" for one that failed
{"rate": SAMPLER, "trials": N, "suggestions": N}  -> {"seconds": S}   for one, in 8 floats

A space is a list of {"name", "type": "float" | "int" | "options", ...}; options have a "branches" of lists, which are asked for
where they are taken. The first answer, to nothing, is {"version": ...} with what is missing."""

import json
import random
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import optuna

optuna.logging.set_verbosity(optuna.logging.CRITICAL)

samplers = optuna.samplers
SAMPLERS = {
    "random": lambda seed: samplers.RandomSampler(seed=seed),
    "qmc": lambda seed: samplers.QMCSampler(seed=seed, scramble=True, warn_independent_sampling=False),
    "tpe": lambda seed: samplers.TPESampler(seed=seed),
    "tpe-group": lambda seed: samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "gp": lambda seed: samplers.GPSampler(seed=seed, warn_independent_sampling=False),
    "cmaes": lambda seed: samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False),
    "nsga2": lambda seed: samplers.NSGAIISampler(seed=seed),
}


def missing():
    try:
        import cmaes  # noqa: F401
    except ImportError:
        return {"cmaes": "the package cmaes, which Optuna's CMA-ES is made of, is not installed"}
    return {}


def suggest(trial, space, params):
    for parameter in space:
        name = parameter["name"]
        if parameter["type"] == "float":
            low, high, log, step = (parameter.get(key) for key in ("low", "high", "log", "step"))
            params[name] = trial.suggest_float(name, low, high, log=bool(log), step=step)
        elif parameter["type"] == "int":
            low, high, log, step = (parameter.get(key) for key in ("low", "high", "log", "step"))
            params[name] = trial.suggest_int(name, low, high, log=bool(log), step=step or 1)
        else:
            params[name] = trial.suggest_categorical(name, parameter["options"])
            suggest(trial, parameter.get("branches", {}).get(str(params[name]), []), params)
    return params


def ask(study, space, count, running):
    began = time.perf_counter()
    answers = []
    for _ in range(count):
        trial = study.ask()
        running[trial.number] = trial
        answers.append({"number": trial.number, "params": suggest(trial, space, {})})
    return {"trials": answers, "seconds": time.perf_counter() - began}


def rate(name, trials, suggestions):
    # What is loaded with the first suggestions is loaded by then, as it is in a study.
    timed(name, 12, 2)
    return {"seconds": timed(name, trials, suggestions)}


def timed(name, trials, suggestions):
    distributions = {f"x{i}": optuna.distributions.FloatDistribution(0, 1) for i in range(8)}
    draw = random.Random(0).random
    study = optuna.create_study(sampler=SAMPLERS[name](0))
    study.add_trials(
        optuna.trial.create_trial(
            params={key: draw() for key in distributions}, distributions=distributions, value=draw()
        )
        for _ in range(trials)
    )
    seconds = 0
    for _ in range(suggestions):
        began = time.perf_counter()
        trial = study.ask(distributions)
        seconds += time.perf_counter() - began
        study.tell(trial, draw())
    return seconds / suggestions


def main():
    study, space, running = None, [], {}
    print(json.dumps({"version": optuna.__version__, "missing": missing()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "start" in request:
            space, running = request["space"], {}
            directions = ["minimize"] * request["objectives"]
            study = optuna.create_study(sampler=SAMPLERS[request["start"]](request["seed"]), directions=directions)
            answer = {}
        elif "ask" in request:
            answer = ask(study, space, request["ask"], running)
        elif "tell" in request:
            values = request.get("values")
            state = None if values else optuna.trial.TrialState.FAIL
            study.tell(running.pop(request["tell"]), values, state=state)
            answer = {}
        else:
            answer = rate(request["rate"], request["trials"], request["suggestions"])
        print(json.dumps(answer), flush=True)


main()
