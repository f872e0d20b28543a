"""The attributes that scikit-learn 1.6 to 1.9 pickles with each estimator, and simple readers.

Training parameters are known by name and not read: they say how a model was fitted, not what it
answers.
"""

from math import isfinite

from portable.errors import UnsupportedModel
from portable.pickles.attributes import State


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_FEATURES = 100_000
"""Features of a row; nothing but a number in the pickle says how many have to be named."""
NAMES = frozenset(("feature_names_in_",))
_GROWING = _names(
    "ccp_alpha class_weight criterion max_depth max_features max_leaf_nodes min_impurity_decrease "
    "min_samples_leaf min_samples_split min_weight_fraction_leaf monotonic_cst random_state "
    "n_features_in_ n_outputs_ n_classes_ classes_"
)
TREE = NAMES | _GROWING | {"splitter", "max_features_"}
FOREST = (
    NAMES
    | _GROWING
    | _names(
        "bootstrap estimator estimator_ estimator_params max_samples n_estimators n_jobs "
        "oob_score oob_score_ oob_decision_function_ oob_prediction_ verbose warm_start "
        "_n_samples _n_samples_bootstrap _sample_weight"
    )
)
BOOSTING = (
    NAMES
    | _GROWING
    | _names(
        "alpha init loss max_features_ n_estimators n_estimators_ n_iter_no_change "
        "n_trees_per_iteration_ subsample tol train_score_ validation_fraction verbose warm_start "
        "_rng oob_improvement_ oob_scores_ oob_score_"
    )
)
DUMMY = _names(
    "strategy random_state constant constant_ quantile n_features_in_ _strategy sparse_output_ "
    "n_outputs_ classes_ n_classes_ class_prior_"
)
LOGISTIC = NAMES | _names(
    "C class_weight dual fit_intercept intercept_scaling l1_ratio max_iter multi_class n_iter_ "
    "n_jobs penalty random_state tol verbose warm_start"
)
SGD = NAMES | _names(
    "C loss_function_ _average_coef _average_intercept _expanded_class_weight _loss_function_ "
    "_standard_coef _standard_intercept alpha average class_weight early_stopping epsilon eta0 "
    "fit_intercept l1_ratio learning_rate max_iter n_iter_ n_iter_no_change n_jobs penalty power_t "
    "random_state shuffle t_ tol validation_fraction verbose warm_start"
)
LEAST_SQUARES = NAMES | _names(
    "alpha copy_X fit_intercept max_iter n_iter_ n_jobs positive random_state rank_ singular_ "
    "solver solver_ tol"
)
SCALER = NAMES | _names(
    "clip copy data_max_ data_min_ data_range_ max_abs_ n_samples_seen_ quantile_range "
    "unit_variance var_"
)


def feature_count(name: str, state: State) -> int:
    """`n_features_in_`, from 1 to MAX_FEATURES."""
    count = state["n_features_in_"]
    if type(count) is not int or count < 1:
        raise UnsupportedModel(f"The {name}'s n_features_in_ is not a positive integer.")
    if count > MAX_FEATURES:
        raise UnsupportedModel(f"The {name} takes more than {MAX_FEATURES:,} features.")
    return count


def number(name: str, state: State, attribute: str) -> float:
    """A finite number."""
    value = state[attribute]
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise UnsupportedModel(f"The {name}'s {attribute} is not a finite number.")
    return float(value)
