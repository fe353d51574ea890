"""What runs in AutoGluon's own environment: a folder with Parquet files in, probabilities out."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd


def main() -> None:
    """Learn from ``train`` and ``validation``, and write the probabilities of ``test``."""
    from autogluon.tabular import TabularPredictor

    folder = Path(sys.argv[1])
    terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
    train, validation, test = (
        pd.read_parquet(folder / f"{side}.parquet") for side in ("train", "validation", "test")
    )
    predictor = TabularPredictor(
        "_label",
        problem_type="binary",
        eval_metric="log_loss",
        sample_weight="_weight",
        weight_evaluation=True,
        path=str(folder / "models"),
        verbosity=0,
    )
    predictor.fit(
        train,
        tuning_data=validation,
        time_limit=terms["seconds"],
        num_cpus=terms["threads"],
        num_gpus=0,
        refit_full="best",
        set_best_to_refit_full=True,
    )
    probability = predictor.predict_proba(test.drop(columns=["_label"]), as_multiclass=False)
    np.save(folder / "probability.npy", probability.to_numpy(np.float64))
    (folder / "note.txt").write_text(str(predictor.model_best), encoding="utf-8")


if __name__ == "__main__":
    main()
