"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

_CLASSIFIERS = "linear_model.classifiers"
_REGRESSORS = "linear_model.regressors"
# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
ESTIMATORS: dict[str, dict[str, str]] = {
    "sklearn.cross_decomposition._pls": dict.fromkeys(
        ("CCA", "PLSCanonical", "PLSRegression", "PLSSVD"), "cross_decomposition"
    ),
    "sklearn.discriminant_analysis": dict.fromkeys(
        ("LinearDiscriminantAnalysis", "QuadraticDiscriminantAnalysis"), "discriminant_analysis"
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
    ),
    "sklearn.ensemble._gb": dict.fromkeys(
        ("GradientBoostingClassifier", "GradientBoostingRegressor"), "ensemble.gradient_boosting"
    ),
    "sklearn.feature_extraction.text": dict.fromkeys(
        ("CountVectorizer", "TfidfVectorizer", "TfidfTransformer"), "feature_extraction.text"
    ),
    "sklearn.kernel_ridge": {"KernelRidge": "kernel_ridge"},
    "sklearn.linear_model._base": {"LinearRegression": _REGRESSORS},
    "sklearn.linear_model._bayes": dict.fromkeys(("ARDRegression", "BayesianRidge"), _REGRESSORS),
    "sklearn.linear_model._coordinate_descent": dict.fromkeys(
        (
            "ElasticNet",
            "ElasticNetCV",
            "Lasso",
            "LassoCV",
            "MultiTaskElasticNet",
            "MultiTaskElasticNetCV",
            "MultiTaskLasso",
            "MultiTaskLassoCV",
        ),
        _REGRESSORS,
    ),
    "sklearn.linear_model._glm.glm": dict.fromkeys(
        ("GammaRegressor", "PoissonRegressor", "TweedieRegressor"), _REGRESSORS
    ),
    "sklearn.linear_model._huber": {"HuberRegressor": _REGRESSORS},
    "sklearn.linear_model._least_angle": dict.fromkeys(
        ("Lars", "LarsCV", "LassoLars", "LassoLarsCV", "LassoLarsIC"), _REGRESSORS
    ),
    "sklearn.linear_model._logistic": dict.fromkeys(
        ("LogisticRegression", "LogisticRegressionCV"), _CLASSIFIERS
    ),
    "sklearn.linear_model._omp": dict.fromkeys(
        ("OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV"), _REGRESSORS
    ),
    "sklearn.linear_model._passive_aggressive": {
        "PassiveAggressiveClassifier": _CLASSIFIERS,
        "PassiveAggressiveRegressor": _REGRESSORS,
    },
    "sklearn.linear_model._perceptron": {"Perceptron": _CLASSIFIERS},
    "sklearn.linear_model._quantile": {"QuantileRegressor": _REGRESSORS},
    "sklearn.linear_model._ransac": {"RANSACRegressor": _REGRESSORS},
    "sklearn.linear_model._ridge": {
        "Ridge": _REGRESSORS,
        "RidgeCV": _REGRESSORS,
        "RidgeClassifier": _CLASSIFIERS,
        "RidgeClassifierCV": _CLASSIFIERS,
    },
    "sklearn.linear_model._stochastic_gradient": {
        "SGDClassifier": _CLASSIFIERS,
        "SGDOneClassSVM": _CLASSIFIERS,
        "SGDRegressor": _REGRESSORS,
    },
    "sklearn.linear_model._theil_sen": {"TheilSenRegressor": _REGRESSORS},
    "sklearn.naive_bayes": {
        "BernoulliNB": "naive_bayes",
        "ComplementNB": "naive_bayes",
        "GaussianNB": "naive_bayes.gaussian",
        "MultinomialNB": "naive_bayes",
    },
    "sklearn.neural_network._multilayer_perceptron": dict.fromkeys(
        ("MLPClassifier", "MLPRegressor"), "neural_network.perceptrons"
    ),
    "sklearn.neural_network._rbm": {"BernoulliRBM": "neural_network.boltzmann"},
    "sklearn.pipeline": {"Pipeline": "pipeline"},
    "sklearn.preprocessing._data": dict.fromkeys(
        ("MaxAbsScaler", "MinMaxScaler", "RobustScaler", "StandardScaler"),
        "preprocessing.scalers",
    ),
    "sklearn.svm._classes": {
        "LinearSVC": _CLASSIFIERS,
        "LinearSVR": _REGRESSORS,
        "NuSVC": "svm.classifiers",
        "NuSVR": "svm.machines",
        "OneClassSVM": "svm.machines",
        "SVC": "svm.classifiers",
        "SVR": "svm.machines",
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
}

# Estimators that are read by those that hold them, and by no step.
HELD: dict[str, tuple[str, ...]] = {
    "sklearn.preprocessing._label": ("LabelBinarizer",),
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
        "CyHalfTweedieLoss",
        "CyHalfTweedieLossIdentity",
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
    "scipy.sparse._csr": dict.fromkeys(
        ("csr_array", "csr_matrix"), "portable.pickles.sparse:SparseMatrix"
    ),
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
        "HalfGammaLoss": _RECORDS + "RegressionLoss",
        "HalfMultinomialLoss": _RECORDS + "HalfMultinomialLoss",
        "HalfPoissonLoss": _RECORDS + "RegressionLoss",
        "HalfSquaredError": _RECORDS + "RegressionLoss",
        "HalfTweedieLoss": _RECORDS + "RegressionLoss",
        "HalfTweedieLossIdentity": _RECORDS + "RegressionLoss",
        "HuberLoss": _RECORDS + "RegressionLoss",
        "PinballLoss": _RECORDS + "RegressionLoss",
    },
    "sklearn.linear_model._sgd_fast": dict.fromkeys(
        (
            "EpsilonInsensitive",
            "Hinge",
            "ModifiedHuber",
            "SquaredEpsilonInsensitive",
            "SquaredHinge",
        ),
        _IGNORED,
    ),
    "sklearn.neural_network._stochastic_optimizers": dict.fromkeys(
        ("AdamOptimizer", "SGDOptimizer"), _IGNORED
    ),
    "sklearn.tree._tree": {"Tree": _RECORDS + "Tree"},
}
