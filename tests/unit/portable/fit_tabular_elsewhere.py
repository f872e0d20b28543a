"""As fit_elsewhere.py, of tabular models, for test_tabular_older_releases.py.

`python fit_tabular_elsewhere.py > fitted/tabular-<version>.json`, in this folder.
"""

import base64
import json
import pickle
import sys
import warnings

import numpy as np
import sklearn
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

SOURCE = np.random.RandomState(0)
ROWS = SOURCE.normal(size=(40, 3)).round(3)
TWO = np.where(ROWS[:, 0] + ROWS[:, 1] ** 2 > 0.5, "yes", "no")
THREE = np.digitize(ROWS[:, 0], [-0.4, 0.4])
ASKED = SOURCE.normal(size=(12, 3)).round(3)
CLASSIFIERS = [
    (GradientBoostingClassifier(n_estimators=4, max_depth=1, random_state=0), TWO),
    (GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0), THREE),
    (
        GradientBoostingClassifier(
            n_estimators=2, max_depth=1, loss="exponential", random_state=np.random.RandomState(1)
        ),
        TWO,
    ),
    (RandomForestClassifier(n_estimators=2, max_depth=3, random_state=0), THREE),
    (ExtraTreesClassifier(n_estimators=2, max_depth=3, random_state=0), TWO),
    (DecisionTreeClassifier(max_depth=3, random_state=0), TWO),
    (LogisticRegression(), TWO),
    (LogisticRegression(), THREE),
    (make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), TWO),
    (make_pipeline(RobustScaler(), MinMaxScaler(), MaxAbsScaler(), LogisticRegression()), TWO),
]
REGRESSORS = [
    GradientBoostingRegressor(n_estimators=2, loss="huber", random_state=0),
    RandomForestRegressor(n_estimators=2, max_depth=3, random_state=0),
    LinearRegression(),
    Ridge(),
]


def packed(model: object) -> str:
    return base64.b64encode(pickle.dumps(model, protocol=4)).decode()


def main() -> None:
    warnings.simplefilter("ignore")
    classifiers = []
    for estimator, labels in CLASSIFIERS:
        estimator.fit(ROWS, labels)
        classifiers.append(
            {
                "pickle": packed(estimator),
                "labels": estimator.predict(ASKED).tolist(),
                "probabilities": estimator.predict_proba(ASKED).tolist(),
            }
        )
    regressors = []
    for estimator in REGRESSORS:
        estimator.fit(ROWS, ROWS[:, 2] + ROWS[:, 0])
        regressors.append(
            {"pickle": packed(estimator), "values": estimator.predict(ASKED).tolist()}
        )
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    recorded = {
        "versions": versions,
        "asked": ASKED.tolist(),
        "classifiers": classifiers,
        "regressors": regressors,
    }
    json.dump(recorded, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
