"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
ESTIMATORS: dict[str, dict[str, str]] = {
    "lightgbm.basic": {"Booster": "lightgbm.estimators"},
    "lightgbm.sklearn": dict.fromkeys(
        ("LGBMClassifier", "LGBMRanker", "LGBMRegressor"), "lightgbm.estimators"
    ),
    "sklearn.dummy": dict.fromkeys(("DummyClassifier", "DummyRegressor"), "dummy"),
    "sklearn.ensemble._forest": dict.fromkeys(
        (
            "ExtraTreesClassifier",
            "ExtraTreesRegressor",
            "RandomForestClassifier",
            "RandomForestRegressor",
        ),
        "ensemble.forest",
    )
    | {"RandomTreesEmbedding": "ensemble.embedding"},
    "sklearn.ensemble._gb": dict.fromkeys(
        ("GradientBoostingClassifier", "GradientBoostingRegressor"), "ensemble.gradient_boosting"
    ),
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting": dict.fromkeys(
        ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor"),
        "ensemble.hist_gradient_boosting",
    ),
    "sklearn.ensemble._iforest": {"IsolationForest": "ensemble.isolation_forest"},
    "sklearn.feature_extraction.text": dict.fromkeys(
        ("CountVectorizer", "TfidfVectorizer", "TfidfTransformer"), "feature_extraction.text"
    ),
    "sklearn.linear_model._base": {"LinearRegression": "linear_model.regressors"},
    "sklearn.linear_model._logistic": {"LogisticRegression": "linear_model.classifiers"},
    "sklearn.linear_model._ridge": {"Ridge": "linear_model.regressors"},
    "sklearn.linear_model._stochastic_gradient": {"SGDClassifier": "linear_model.classifiers"},
    "sklearn.naive_bayes": {
        "BernoulliNB": "naive_bayes",
        "ComplementNB": "naive_bayes",
        "GaussianNB": "naive_bayes.gaussian",
        "MultinomialNB": "naive_bayes",
    },
    "sklearn.compose._column_transformer": {"ColumnTransformer": "compose.column_transformer"},
    "sklearn.pipeline": {"Pipeline": "pipeline"},
    "sklearn.preprocessing._data": dict.fromkeys(
        ("MaxAbsScaler", "MinMaxScaler", "RobustScaler", "StandardScaler"),
        "preprocessing.scalers",
    ),
    "sklearn.preprocessing._encoders": dict.fromkeys(
        ("OneHotEncoder", "OrdinalEncoder"), "preprocessing.encoders"
    ),
    "sklearn.preprocessing._function_transformer": {
        "FunctionTransformer": "preprocessing.functions"
    },
    "sklearn.tree._classes": dict.fromkeys(
        (
            "DecisionTreeClassifier",
            "DecisionTreeRegressor",
            "ExtraTreeClassifier",
            "ExtraTreeRegressor",
        ),
        "ensemble.forest",
    ),
    "xgboost.core": {"Booster": "xgboost.estimators"},
    "xgboost.sklearn": dict.fromkeys(
        ("XGBClassifier", "XGBRFClassifier", "XGBRFRegressor", "XGBRanker", "XGBRegressor"),
        "xgboost.estimators",
    ),
}

_RECORDS = "portable.pickles.records:"
_IGNORED = _RECORDS + "Ignored"
_LOSSES = dict.fromkeys(
    (
        "CyAbsoluteError",
        "CyExponentialLoss",
        "CyHalfBinomialLoss",
        "CyHalfGammaLoss",
        "CyHalfMultinomialLoss",
        "CyHalfPoissonLoss",
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
    # What the encoder of a histogram gradient boosting's categories holds besides them.
    "builtins": {"bytearray": "portable.pickles.records:byte_array", "slice": _IGNORED},
    "collections": {"OrderedDict": _RECORDS + "Mapping", "defaultdict": _RECORDS + "Mapping"},
    "functools": {"partial": _IGNORED},
    "numpy.random._mt19937": {"MT19937": _IGNORED},
    "numpy.random._pcg64": {"PCG64": _IGNORED},
    # The source of random numbers that a plain pickle of a boosting or a tree may carry.
    "numpy.random._pickle": dict.fromkeys(
        ("__bit_generator_ctor", "__generator_ctor", "__randomstate_ctor"), _IGNORED
    ),
    "numpy.random.bit_generator": {
        "SeedSequence": _IGNORED,
        "__pyx_unpickle_SeedSequence": _IGNORED,
    },
    "sklearn._loss._loss": _LOSSES,
    "sklearn._loss.link": {
        "HalfLogitLink": _RECORDS + "HalfLogitLink",
        "IdentityLink": _RECORDS + "Link",
        "Interval": _IGNORED,
        "LogLink": _RECORDS + "LogLink",
        "LogitLink": _RECORDS + "LogitLink",
        "MultinomialLogit": _RECORDS + "MultinomialLogit",
    },
    "sklearn._loss.loss": {
        "AbsoluteError": _RECORDS + "RegressionLoss",
        "ExponentialLoss": _RECORDS + "ExponentialLoss",
        "HalfBinomialLoss": _RECORDS + "HalfBinomialLoss",
        "HalfGammaLoss": _RECORDS + "ExponentialMeanLoss",
        "HalfMultinomialLoss": _RECORDS + "HalfMultinomialLoss",
        "HalfPoissonLoss": _RECORDS + "ExponentialMeanLoss",
        "HalfSquaredError": _RECORDS + "RegressionLoss",
        "HuberLoss": _RECORDS + "RegressionLoss",
        "PinballLoss": _RECORDS + "RegressionLoss",
    },
    "sklearn.ensemble._hist_gradient_boosting.binning": {"_BinMapper": _IGNORED},
    "sklearn.ensemble._hist_gradient_boosting.predictor": {
        "TreePredictor": _RECORDS + "TreePredictor"
    },
    "sklearn.preprocessing._label": {"LabelEncoder": _IGNORED},
    "sklearn.utils.validation": {"check_array": _IGNORED},
    "sklearn.tree._tree": {"Tree": _RECORDS + "Tree"},
}
