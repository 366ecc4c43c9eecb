"""Optuna's importances of given trials: reads one study, answers with its numbers. Needs: pip install optuna scikit-learn.

stdin:  {"params": {NAME: {"type": "float" | "int" | "categorical", "low", "high", "log", "step", "choices"}},
         "trials": [{"params": {NAME: VALUE}, "value": V}, ...]}    values are minimised
stdout: {"version", "fanova": {NAME: SHARE}, "pedAnova": {NAME: SHARE}, "pedAnovaWithin": {NAME: SHARE}}

fANOVA's are shares of the variance, over parameters that all trials have; PED-ANOVA's sum to 1, of the best 10 % among all and
among the better half."""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
import optuna

optuna.logging.set_verbosity(optuna.logging.CRITICAL)


def distribution(parameter):
    if parameter["type"] == "categorical":
        return optuna.distributions.CategoricalDistribution(parameter["choices"])
    kinds = {"int": optuna.distributions.IntDistribution, "float": optuna.distributions.FloatDistribution}
    step = {"step": parameter["step"]} if parameter.get("step") else {}
    return kinds[parameter["type"]](parameter["low"], parameter["high"], log=bool(parameter.get("log")), **step)


def main():
    given = json.load(sys.stdin)
    distributions = {name: distribution(parameter) for name, parameter in given["params"].items()}
    study = optuna.create_study()
    for trial in given["trials"]:
        has = {name: distributions[name] for name in trial["params"]}
        study.add_trial(optuna.trial.create_trial(params=trial["params"], distributions=has, value=trial["value"]))

    def shares(evaluator, normalize):
        found = optuna.importance.get_param_importances(study, evaluator=evaluator, normalize=normalize)
        return {name: float(found[name]) for name in sorted(found)}

    of = optuna.importance
    answer = {
        "version": optuna.__version__,
        "fanova": shares(of.FanovaImportanceEvaluator(seed=0), False),
        "pedAnova": shares(of.PedAnovaImportanceEvaluator(), True),
        "pedAnovaWithin": shares(of.PedAnovaImportanceEvaluator(region_quantile=0.5), True),
    }
    print(json.dumps(answer))


main()
