"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
ESTIMATORS: dict[str, dict[str, str]] = {
    "sklearn.calibration": {"CalibratedClassifierCV": "calibration"},
    "sklearn.compose._column_transformer": {"ColumnTransformer": "compose.column_transformer"},
    "sklearn.compose._target": {"TransformedTargetRegressor": "compose.target"},
    "sklearn.dummy": dict.fromkeys(("DummyClassifier", "DummyRegressor"), "dummy"),
    "sklearn.ensemble._bagging": dict.fromkeys(
        ("BaggingClassifier", "BaggingRegressor"), "ensemble.bagging"
    ),
    "sklearn.ensemble._forest": dict.fromkeys(
        (
            "ExtraTreesClassifier",
            "ExtraTreesRegressor",
            "RandomForestClassifier",
            "RandomForestRegressor",
        ),
        "ensemble.forest",
    ),
    "sklearn.ensemble._gb": dict.fromkeys(
        ("GradientBoostingClassifier", "GradientBoostingRegressor"), "ensemble.gradient_boosting"
    ),
    "sklearn.ensemble._stacking": dict.fromkeys(
        ("StackingClassifier", "StackingRegressor"), "ensemble.stacking"
    ),
    "sklearn.ensemble._voting": dict.fromkeys(
        ("VotingClassifier", "VotingRegressor"), "ensemble.voting"
    ),
    "sklearn.ensemble._weight_boosting": dict.fromkeys(
        ("AdaBoostClassifier", "AdaBoostRegressor"), "ensemble.weight_boosting"
    ),
    "sklearn.feature_extraction.text": dict.fromkeys(
        ("CountVectorizer", "TfidfVectorizer", "TfidfTransformer"), "feature_extraction.text"
    ),
    "sklearn.frozen._frozen": {"FrozenEstimator": "delegation"},
    "sklearn.isotonic": {"IsotonicRegression": "isotonic"},
    "sklearn.linear_model._base": {"LinearRegression": "linear_model.regressors"},
    "sklearn.linear_model._logistic": {"LogisticRegression": "linear_model.classifiers"},
    "sklearn.linear_model._ridge": {"Ridge": "linear_model.regressors"},
    "sklearn.linear_model._stochastic_gradient": {"SGDClassifier": "linear_model.classifiers"},
    "sklearn.model_selection._classification_threshold": {
        "FixedThresholdClassifier": "model_selection"
    },
    "sklearn.multiclass": dict.fromkeys(
        (
            "OneVsOneClassifier",
            "OneVsRestClassifier",
            "OutputCodeClassifier",
            "_ConstantPredictor",
        ),
        "multiclass",
    ),
    "sklearn.multioutput": dict.fromkeys(
        ("ClassifierChain", "MultiOutputClassifier", "MultiOutputRegressor", "RegressorChain"),
        "multioutput",
    ),
    "sklearn.naive_bayes": {
        "BernoulliNB": "naive_bayes",
        "ComplementNB": "naive_bayes",
        "GaussianNB": "naive_bayes.gaussian",
        "MultinomialNB": "naive_bayes",
    },
    "sklearn.pipeline": {"FeatureUnion": "compose.feature_union", "Pipeline": "pipeline"},
    "sklearn.preprocessing._data": dict.fromkeys(
        ("MaxAbsScaler", "MinMaxScaler", "RobustScaler", "StandardScaler"),
        "preprocessing.scalers",
    ),
    "sklearn.semi_supervised._self_training": {"SelfTrainingClassifier": "delegation"},
    "sklearn.tree._classes": dict.fromkeys(
        (
            "DecisionTreeClassifier",
            "DecisionTreeRegressor",
            "ExtraTreeClassifier",
            "ExtraTreeRegressor",
        ),
        "ensemble.forest",
    ),
}

# Estimators that are read by those that hold them, and by no step.
HELD: dict[str, tuple[str, ...]] = {
    "sklearn.calibration": ("_CalibratedClassifier", "_SigmoidCalibration", "_TemperatureScaling"),
    "sklearn.preprocessing._function_transformer": ("FunctionTransformer",),
    "sklearn.preprocessing._label": ("LabelBinarizer", "LabelEncoder"),
}

_RECORDS = "portable.pickles.records:"
_IGNORED = _RECORDS + "Ignored"
_LOSSES = dict.fromkeys(
    (
        "CyAbsoluteError",
        "CyExponentialLoss",
        "CyHalfBinomialLoss",
        "CyHalfMultinomialLoss",
        "CyHalfSquaredError",
        "CyHuberLoss",
        "CyPinballLoss",
        "__pyx_unpickle_CyHalfMultinomialLoss",
    ),
    _IGNORED,
)
# Module → name → what stands in for it, as "module:attribute": inert objects of our own.
STAND_INS: dict[str, dict[str, str]] = {
    "_loss": _LOSSES,  # its name until scikit-learn 1.9
    "builtins": {"slice": _IGNORED},  # of a ColumnTransformer's columns
    "numpy.random._mt19937": {"MT19937": _IGNORED},
    # The source of random numbers that a plain pickle of a boosting or a tree may carry.
    "numpy.random._pickle": {"__bit_generator_ctor": _IGNORED, "__randomstate_ctor": _IGNORED},
    "numpy.random.bit_generator": {
        "SeedSequence": _IGNORED,
        "__pyx_unpickle_SeedSequence": _IGNORED,
    },
    "sklearn._loss._loss": _LOSSES,
    "sklearn._loss.link": {
        "HalfLogitLink": _RECORDS + "HalfLogitLink",
        "IdentityLink": _RECORDS + "Link",
        "Interval": _IGNORED,
        "LogitLink": _RECORDS + "LogitLink",
        "MultinomialLogit": _RECORDS + "MultinomialLogit",
    },
    "sklearn._loss.loss": {
        "AbsoluteError": _RECORDS + "RegressionLoss",
        "ExponentialLoss": _RECORDS + "ExponentialLoss",
        "HalfBinomialLoss": _RECORDS + "HalfBinomialLoss",
        "HalfMultinomialLoss": _RECORDS + "HalfMultinomialLoss",
        "HalfSquaredError": _RECORDS + "RegressionLoss",
        "HuberLoss": _RECORDS + "RegressionLoss",
        "PinballLoss": _RECORDS + "RegressionLoss",
    },
    "sklearn.tree._tree": {"Tree": _RECORDS + "Tree"},
}
