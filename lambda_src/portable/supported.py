"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
ESTIMATORS: dict[str, dict[str, str]] = {
    "sklearn.decomposition._factor_analysis": {"FactorAnalysis": "decomposition"},
    "sklearn.decomposition._fastica": {"FastICA": "decomposition"},
    "sklearn.decomposition._incremental_pca": {"IncrementalPCA": "decomposition"},
    "sklearn.decomposition._kernel_pca": {"KernelPCA": "kernel_approximation"},
    "sklearn.decomposition._pca": {"PCA": "decomposition"},
    "sklearn.decomposition._truncated_svd": {"TruncatedSVD": "decomposition"},
    "sklearn.dummy": dict.fromkeys(("DummyClassifier", "DummyRegressor"), "dummy"),
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
    "sklearn.feature_extraction._dict_vectorizer": {
        "DictVectorizer": "feature_extraction.dict_vectorizer"
    },
    "sklearn.feature_extraction._hash": {"FeatureHasher": "feature_extraction.hashing"},
    "sklearn.feature_extraction.text": {
        "CountVectorizer": "feature_extraction.text",
        "HashingVectorizer": "feature_extraction.hashing",
        "TfidfTransformer": "feature_extraction.text",
        "TfidfVectorizer": "feature_extraction.text",
    },
    "sklearn.feature_selection._from_model": {"SelectFromModel": "feature_selection.by_estimator"},
    "sklearn.feature_selection._rfe": dict.fromkeys(
        ("RFE", "RFECV"), "feature_selection.by_estimator"
    ),
    "sklearn.feature_selection._sequential": {
        "SequentialFeatureSelector": "feature_selection.by_estimator"
    },
    "sklearn.feature_selection._univariate_selection": dict.fromkeys(
        (
            "GenericUnivariateSelect",
            "SelectFdr",
            "SelectFpr",
            "SelectFwe",
            "SelectKBest",
            "SelectPercentile",
        ),
        "feature_selection.univariate",
    ),
    "sklearn.feature_selection._variance_threshold": {
        "VarianceThreshold": "feature_selection.univariate"
    },
    "sklearn.impute._base": {
        "MissingIndicator": "impute.missing",
        "SimpleImputer": "impute.simple",
    },
    "sklearn.impute._knn": {"KNNImputer": "impute.knn"},
    "sklearn.kernel_approximation": dict.fromkeys(
        ("AdditiveChi2Sampler", "Nystroem", "RBFSampler", "SkewedChi2Sampler"),
        "kernel_approximation",
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
    "sklearn.neighbors._nca": {"NeighborhoodComponentsAnalysis": "decomposition"},
    "sklearn.neural_network._rbm": {"BernoulliRBM": "kernel_approximation"},
    "sklearn.pipeline": {"Pipeline": "pipeline"},
    "sklearn.preprocessing._data": {
        "Binarizer": "preprocessing.rowwise",
        "KernelCenterer": "preprocessing.kernels",
        "MaxAbsScaler": "preprocessing.scalers",
        "MinMaxScaler": "preprocessing.scalers",
        "Normalizer": "preprocessing.rowwise",
        "PowerTransformer": "preprocessing.power",
        "QuantileTransformer": "preprocessing.quantiles",
        "RobustScaler": "preprocessing.scalers",
        "StandardScaler": "preprocessing.scalers",
    },
    "sklearn.preprocessing._discretization": {"KBinsDiscretizer": "preprocessing.discretization"},
    "sklearn.preprocessing._encoders": dict.fromkeys(
        ("OneHotEncoder", "OrdinalEncoder"), "preprocessing.encoders"
    ),
    "sklearn.preprocessing._function_transformer": {
        "FunctionTransformer": "preprocessing.functions"
    },
    "sklearn.preprocessing._polynomial": {
        "PolynomialFeatures": "preprocessing.polynomial",
        "SplineTransformer": "preprocessing.splines",
    },
    "sklearn.preprocessing._target_encoder": {"TargetEncoder": "preprocessing.target_encoder"},
    "sklearn.random_projection": dict.fromkeys(
        ("GaussianRandomProjection", "SparseRandomProjection"), "decomposition"
    ),
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

_OF_NUMPY = (
    "absolute", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "bool", "cbrt",
    "ceil", "cos", "cosh", "deg2rad", "degrees", "exp", "exp2", "expm1", "fabs", "floor", "int16",
    "int8", "log", "log10", "log1p", "log2", "nan_to_num", "negative", "positive", "rad2deg",
    "radians", "rint", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh", "trunc", "uint16",
    "uint32", "uint64", "uint8",
)  # fmt: skip
# Functions and types that come back as their own name, which can neither be called nor given a
# state.
NAMES: dict[str, frozenset[str]] = {
    "builtins": frozenset(("bool", "object")),
    # scipy.interpolate's splines name the function that made their arrays.
    "scipy._lib.array_api_compat.numpy._aliases": frozenset(("asarray",)),
    "numpy": frozenset(_OF_NUMPY),
    "sklearn.feature_selection._mutual_info": frozenset(
        ("mutual_info_classif", "mutual_info_regression")
    ),
    "sklearn.feature_selection._univariate_selection": frozenset(
        ("chi2", "f_classif", "f_oneway", "f_regression", "r_regression")
    ),
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
    "numpy.random._mt19937": {"MT19937": _IGNORED},
    # The source of random numbers that a plain pickle of a boosting or a tree may carry.
    "numpy.random._pickle": {"__bit_generator_ctor": _IGNORED, "__randomstate_ctor": _IGNORED},
    "numpy.random.bit_generator": {
        "SeedSequence": _IGNORED,
        "__pyx_unpickle_SeedSequence": _IGNORED,
    },
    "scipy.interpolate._bsplines": {"BSpline": "portable.preprocessing.splines:BSpline"},
    "scipy.sparse._csr": dict.fromkeys(
        ("csr_array", "csr_matrix"), "portable.pickles.sparse:SparseMatrix"
    ),
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
