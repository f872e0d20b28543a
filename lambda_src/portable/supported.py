"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
ESTIMATORS: dict[str, dict[str, str]] = {
    "sklearn.cluster._affinity_propagation": {"AffinityPropagation": "cluster.centers"},
    "sklearn.cluster._birch": {"Birch": "cluster.centers"},
    "sklearn.cluster._bisect_k_means": {"BisectingKMeans": "cluster.bisecting"},
    "sklearn.cluster._kmeans": dict.fromkeys(("KMeans", "MiniBatchKMeans"), "cluster.centers"),
    "sklearn.cluster._mean_shift": {"MeanShift": "cluster.centers"},
    "sklearn.covariance._elliptic_envelope": {"EllipticEnvelope": "covariance"},
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
    "sklearn.linear_model._base": {"LinearRegression": "linear_model.regressors"},
    "sklearn.linear_model._logistic": {"LogisticRegression": "linear_model.classifiers"},
    "sklearn.linear_model._ridge": {"Ridge": "linear_model.regressors"},
    "sklearn.linear_model._stochastic_gradient": {"SGDClassifier": "linear_model.classifiers"},
    "sklearn.mixture._bayesian_mixture": {"BayesianGaussianMixture": "mixture"},
    "sklearn.mixture._gaussian_mixture": {"GaussianMixture": "mixture"},
    "sklearn.naive_bayes": {
        "BernoulliNB": "naive_bayes",
        "CategoricalNB": "naive_bayes.categorical",
        "ComplementNB": "naive_bayes",
        "GaussianNB": "naive_bayes.gaussian",
        "MultinomialNB": "naive_bayes",
    },
    "sklearn.neighbors._classification": dict.fromkeys(
        ("KNeighborsClassifier", "RadiusNeighborsClassifier"), "neighbors.voting"
    ),
    "sklearn.neighbors._lof": {"LocalOutlierFactor": "neighbors.outliers"},
    "sklearn.neighbors._nearest_centroid": {"NearestCentroid": "neighbors.centroid"},
    "sklearn.neighbors._regression": dict.fromkeys(
        ("KNeighborsRegressor", "RadiusNeighborsRegressor"), "neighbors.voting"
    ),
    "sklearn.pipeline": {"Pipeline": "pipeline"},
    "sklearn.preprocessing._data": dict.fromkeys(
        ("MaxAbsScaler", "MinMaxScaler", "RobustScaler", "StandardScaler"),
        "preprocessing.scalers",
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
_TREES = "portable.pickles.search_trees:"
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
    "sklearn.cluster._bisect_k_means": {
        "_BisectingTree": "portable.cluster.bisecting:BisectingTree"
    },
    "sklearn.cluster._kmeans": dict.fromkeys(
        ("_kmeans_single_elkan", "_kmeans_single_lloyd"), _IGNORED
    ),
    "sklearn.metrics._dist_metrics": {
        "ChebyshevDistance64": _TREES + "Metric",
        "EuclideanDistance64": _TREES + "Metric",
        "ManhattanDistance64": _TREES + "Metric",
        "MinkowskiDistance64": _TREES + "Metric",
        "newObj": _TREES + "new_object",
    },
    "sklearn.neighbors._ball_tree": {
        "BallTree": _TREES + "BallTree",
        "newObj": _TREES + "new_object",
    },
    "sklearn.neighbors._kd_tree": {"KDTree": _TREES + "KDTree", "newObj": _TREES + "new_object"},
    "sklearn.tree._tree": {"Tree": _RECORDS + "Tree"},
}
