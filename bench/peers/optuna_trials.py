"""Trials per second of Optuna by storage: random sampler, three floats, ask and tell in one process.
Prints one JSON object a line. With the URL of a Redis only its journal there. Needs: pip install optuna [redis]"""

import json
import os
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)


def trials_per_second(storage, count):
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=0))
    began = time.perf_counter()
    for _ in range(count):
        trial = study.ask()
        values = [trial.suggest_float(name, 0, 1) for name in "xyz"]
        study.tell(trial, values[0])
    return count / (time.perf_counter() - began)


def journal_in_redis(url):
    from optuna.storages.journal import JournalRedisBackend

    return JournalStorage(JournalRedisBackend(url, prefix="optuna"))


with tempfile.TemporaryDirectory() as folder:
    for name, storage, count in [("Redis journal", journal_in_redis(sys.argv[1]), 500)] if len(sys.argv) > 1 else (
        ("memory", None, 3000),
        ("journal file", JournalStorage(JournalFileBackend(os.path.join(folder, "journal.log"))), 300),
        ("SQLite", f"sqlite:///{folder}/optuna.db", 100),
    ):
        rate = trials_per_second(storage, count)
        print(json.dumps({"name": f"Optuna {optuna.__version__}, {name}", "rate": rate}), flush=True)
