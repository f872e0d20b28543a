"""What a pickle may name beyond plain data: the estimators that are read, and what they hold.

The names are those that pickles have. A module of this package is imported only for a model with
its estimator; a function's package holds the modules of its model's estimators and no others.
"""

# scikit-learn's module → class → the module of `portable` that reads it, by `read(estimator,
# features)`.
from __future__ import annotations

ESTIMATORS: dict[str, dict[str, str]] = {
    "lightgbm.basic": {"Booster": "lightgbm.estimators"},
    "lightgbm.sklearn": dict.fromkeys(
        (
            "LGBMClassifier",
            "LGBMRanker",
            "LGBMRegressor",
        ),
        "lightgbm.estimators",
    ),
    "sklearn.calibration": {"CalibratedClassifierCV": "calibration"},
    "sklearn.cluster._affinity_propagation": {"AffinityPropagation": "cluster.centers"},
    "sklearn.cluster._birch": {"Birch": "cluster.centers"},
    "sklearn.cluster._bisect_k_means": {"BisectingKMeans": "cluster.bisecting"},
    "sklearn.cluster._kmeans": dict.fromkeys(
        (
            "KMeans",
            "MiniBatchKMeans",
        ),
        "cluster.centers",
    ),
    "sklearn.cluster._mean_shift": {"MeanShift": "cluster.centers"},
    "sklearn.compose._column_transformer": {"ColumnTransformer": "compose.column_transformer"},
    "sklearn.compose._target": {"TransformedTargetRegressor": "compose.target"},
    "sklearn.covariance._elliptic_envelope": {"EllipticEnvelope": "covariance"},
    "sklearn.cross_decomposition._pls": dict.fromkeys(
        (
            "CCA",
            "PLSCanonical",
            "PLSRegression",
            "PLSSVD",
        ),
        "cross_decomposition",
    ),
    "sklearn.decomposition._factor_analysis": {"FactorAnalysis": "decomposition"},
    "sklearn.decomposition._fastica": {"FastICA": "decomposition"},
    "sklearn.decomposition._incremental_pca": {"IncrementalPCA": "decomposition"},
    "sklearn.decomposition._kernel_pca": {"KernelPCA": "kernel_approximation"},
    "sklearn.decomposition._pca": {"PCA": "decomposition"},
    "sklearn.decomposition._truncated_svd": {"TruncatedSVD": "decomposition"},
    "sklearn.discriminant_analysis": dict.fromkeys(
        (
            "LinearDiscriminantAnalysis",
            "QuadraticDiscriminantAnalysis",
        ),
        "discriminant_analysis",
    ),
    "sklearn.dummy": dict.fromkeys(
        (
            "DummyClassifier",
            "DummyRegressor",
        ),
        "dummy",
    ),
    "sklearn.ensemble._bagging": dict.fromkeys(
        (
            "BaggingClassifier",
            "BaggingRegressor",
        ),
        "ensemble.bagging",
    ),
    "sklearn.ensemble._forest": {
        "ExtraTreesClassifier": "ensemble.forest",
        "ExtraTreesRegressor": "ensemble.forest",
        "RandomForestClassifier": "ensemble.forest",
        "RandomForestRegressor": "ensemble.forest",
        "RandomTreesEmbedding": "ensemble.embedding",
    },
    "sklearn.ensemble._gb": dict.fromkeys(
        (
            "GradientBoostingClassifier",
            "GradientBoostingRegressor",
        ),
        "ensemble.gradient_boosting",
    ),
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting": dict.fromkeys(
        (
            "HistGradientBoostingClassifier",
            "HistGradientBoostingRegressor",
        ),
        "ensemble.hist_gradient_boosting",
    ),
    "sklearn.ensemble._iforest": {"IsolationForest": "ensemble.isolation_forest"},
    "sklearn.ensemble._stacking": dict.fromkeys(
        (
            "StackingClassifier",
            "StackingRegressor",
        ),
        "ensemble.stacking",
    ),
    "sklearn.ensemble._voting": dict.fromkeys(
        (
            "VotingClassifier",
            "VotingRegressor",
        ),
        "ensemble.voting",
    ),
    "sklearn.ensemble._weight_boosting": dict.fromkeys(
        (
            "AdaBoostClassifier",
            "AdaBoostRegressor",
        ),
        "ensemble.weight_boosting",
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
        (
            "RFE",
            "RFECV",
        ),
        "feature_selection.by_estimator",
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
    "sklearn.frozen._frozen": {"FrozenEstimator": "delegation"},
    "sklearn.impute._base": {
        "MissingIndicator": "impute.missing",
        "SimpleImputer": "impute.simple",
    },
    "sklearn.impute._knn": {"KNNImputer": "impute.knn"},
    "sklearn.isotonic": {"IsotonicRegression": "isotonic"},
    "sklearn.kernel_approximation": dict.fromkeys(
        (
            "AdditiveChi2Sampler",
            "Nystroem",
            "RBFSampler",
            "SkewedChi2Sampler",
        ),
        "kernel_approximation",
    ),
    "sklearn.kernel_ridge": {"KernelRidge": "kernel_ridge"},
    "sklearn.linear_model._base": {"LinearRegression": "linear_model.regressors"},
    "sklearn.linear_model._bayes": dict.fromkeys(
        (
            "ARDRegression",
            "BayesianRidge",
        ),
        "linear_model.regressors",
    ),
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
        "linear_model.regressors",
    ),
    "sklearn.linear_model._glm.glm": dict.fromkeys(
        (
            "GammaRegressor",
            "PoissonRegressor",
            "TweedieRegressor",
        ),
        "linear_model.regressors",
    ),
    "sklearn.linear_model._huber": {"HuberRegressor": "linear_model.regressors"},
    "sklearn.linear_model._least_angle": dict.fromkeys(
        (
            "Lars",
            "LarsCV",
            "LassoLars",
            "LassoLarsCV",
            "LassoLarsIC",
        ),
        "linear_model.regressors",
    ),
    "sklearn.linear_model._logistic": dict.fromkeys(
        (
            "LogisticRegression",
            "LogisticRegressionCV",
        ),
        "linear_model.classifiers",
    ),
    "sklearn.linear_model._omp": dict.fromkeys(
        (
            "OrthogonalMatchingPursuit",
            "OrthogonalMatchingPursuitCV",
        ),
        "linear_model.regressors",
    ),
    "sklearn.linear_model._passive_aggressive": {
        "PassiveAggressiveClassifier": "linear_model.classifiers",
        "PassiveAggressiveRegressor": "linear_model.regressors",
    },
    "sklearn.linear_model._perceptron": {"Perceptron": "linear_model.classifiers"},
    "sklearn.linear_model._quantile": {"QuantileRegressor": "linear_model.regressors"},
    "sklearn.linear_model._ransac": {"RANSACRegressor": "linear_model.regressors"},
    "sklearn.linear_model._ridge": {
        "Ridge": "linear_model.regressors",
        "RidgeCV": "linear_model.regressors",
        "RidgeClassifier": "linear_model.classifiers",
        "RidgeClassifierCV": "linear_model.classifiers",
    },
    "sklearn.linear_model._stochastic_gradient": {
        "SGDClassifier": "linear_model.classifiers",
        "SGDOneClassSVM": "linear_model.classifiers",
        "SGDRegressor": "linear_model.regressors",
    },
    "sklearn.linear_model._theil_sen": {"TheilSenRegressor": "linear_model.regressors"},
    "sklearn.mixture._bayesian_mixture": {"BayesianGaussianMixture": "mixture"},
    "sklearn.mixture._gaussian_mixture": {"GaussianMixture": "mixture"},
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
        (
            "ClassifierChain",
            "MultiOutputClassifier",
            "MultiOutputRegressor",
            "RegressorChain",
        ),
        "multioutput",
    ),
    "sklearn.naive_bayes": {
        "BernoulliNB": "naive_bayes.bernoulli",
        "CategoricalNB": "naive_bayes.categorical",
        "ComplementNB": "naive_bayes",
        "GaussianNB": "naive_bayes.gaussian",
        "MultinomialNB": "naive_bayes",
    },
    "sklearn.neighbors._classification": dict.fromkeys(
        (
            "KNeighborsClassifier",
            "RadiusNeighborsClassifier",
        ),
        "neighbors.voting",
    ),
    "sklearn.neighbors._lof": {"LocalOutlierFactor": "neighbors.outliers"},
    "sklearn.neighbors._nca": {"NeighborhoodComponentsAnalysis": "decomposition"},
    "sklearn.neighbors._nearest_centroid": {"NearestCentroid": "neighbors.centroid"},
    "sklearn.neighbors._regression": dict.fromkeys(
        (
            "KNeighborsRegressor",
            "RadiusNeighborsRegressor",
        ),
        "neighbors.voting",
    ),
    "sklearn.neural_network._multilayer_perceptron": dict.fromkeys(
        (
            "MLPClassifier",
            "MLPRegressor",
        ),
        "neural_network.perceptrons",
    ),
    "sklearn.neural_network._rbm": {"BernoulliRBM": "neural_network.boltzmann"},
    "sklearn.pipeline": {
        "FeatureUnion": "compose.feature_union",
        "Pipeline": "pipeline",
    },
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
        (
            "OneHotEncoder",
            "OrdinalEncoder",
        ),
        "preprocessing.encoders",
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
        (
            "GaussianRandomProjection",
            "SparseRandomProjection",
        ),
        "decomposition",
    ),
    "sklearn.semi_supervised._label_propagation": dict.fromkeys(
        (
            "LabelPropagation",
            "LabelSpreading",
        ),
        "semi_supervised",
    ),
    "sklearn.semi_supervised._self_training": {"SelfTrainingClassifier": "delegation"},
    "sklearn.svm._classes": {
        "LinearSVC": "linear_model.classifiers",
        "LinearSVR": "linear_model.regressors",
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
    "xgboost.core": {"Booster": "xgboost.estimators"},
    "xgboost.sklearn": dict.fromkeys(
        (
            "XGBClassifier",
            "XGBRFClassifier",
            "XGBRFRegressor",
            "XGBRanker",
            "XGBRegressor",
        ),
        "xgboost.estimators",
    ),
}

# Classes that estimators hold and their readers look into: they transform and predict nothing by
# themselves.
HELD: dict[str, tuple[str, ...]] = {
    "sklearn.calibration": (
        "_CalibratedClassifier",
        "_SigmoidCalibration",
        "_TemperatureScaling",
    ),
    "sklearn.preprocessing._label": (
        "LabelBinarizer",
        "LabelEncoder",
    ),
}

# Functions and types that are options of estimators: a pickle's name of one becomes its name.
NAMES: dict[str, tuple[str, ...]] = {
    "builtins": (
        "bool",
        "object",
    ),
    "numpy": (
        "absolute",
        "arccos",
        "arccosh",
        "arcsin",
        "arcsinh",
        "arctan",
        "arctanh",
        "bool",
        "cbrt",
        "ceil",
        "cos",
        "cosh",
        "deg2rad",
        "degrees",
        "exp",
        "exp2",
        "expm1",
        "fabs",
        "floor",
        "int16",
        "int8",
        "log",
        "log10",
        "log1p",
        "log2",
        "nan_to_num",
        "negative",
        "positive",
        "rad2deg",
        "radians",
        "rint",
        "sign",
        "sin",
        "sinh",
        "sqrt",
        "square",
        "tan",
        "tanh",
        "trunc",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
    ),
    "scipy._lib.array_api_compat.numpy._aliases": ("asarray",),
    "sklearn.feature_selection._mutual_info": (
        "mutual_info_classif",
        "mutual_info_regression",
    ),
    "sklearn.feature_selection._univariate_selection": (
        "chi2",
        "f_classif",
        "f_oneway",
        "f_regression",
        "r_regression",
    ),
}

# Module → name → what stands in for it, as "module:attribute": inert objects of our own.
STAND_INS: dict[str, dict[str, str]] = {
    "_loss": dict.fromkeys(
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
        "portable.pickles.records:Ignored",
    ),
    "builtins": {
        "bytearray": "portable.pickles.records:byte_array",
        "slice": "portable.pickles.records:Ignored",
    },
    "collections": dict.fromkeys(
        (
            "OrderedDict",
            "defaultdict",
        ),
        "portable.pickles.records:Mapping",
    ),
    "functools": {"partial": "portable.pickles.records:Ignored"},
    "numpy.random._mt19937": {"MT19937": "portable.pickles.records:Ignored"},
    "numpy.random._pcg64": {"PCG64": "portable.pickles.records:Ignored"},
    "numpy.random._pickle": dict.fromkeys(
        (
            "__bit_generator_ctor",
            "__generator_ctor",
            "__randomstate_ctor",
        ),
        "portable.pickles.records:Ignored",
    ),
    "numpy.random.bit_generator": dict.fromkeys(
        (
            "SeedSequence",
            "__pyx_unpickle_SeedSequence",
        ),
        "portable.pickles.records:Ignored",
    ),
    "scipy.interpolate._bsplines": {"BSpline": "portable.preprocessing.splines:BSpline"},
    "scipy.sparse._csr": dict.fromkeys(
        (
            "csr_array",
            "csr_matrix",
        ),
        "portable.pickles.sparse:SparseMatrix",
    ),
    "sklearn._loss._loss": dict.fromkeys(
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
        "portable.pickles.records:Ignored",
    ),
    "sklearn._loss.link": {
        "HalfLogitLink": "portable.pickles.records:HalfLogitLink",
        "IdentityLink": "portable.pickles.records:Link",
        "Interval": "portable.pickles.records:Ignored",
        "LogLink": "portable.pickles.records:LogLink",
        "LogitLink": "portable.pickles.records:LogitLink",
        "MultinomialLogit": "portable.pickles.records:MultinomialLogit",
    },
    "sklearn._loss.loss": {
        "AbsoluteError": "portable.pickles.records:RegressionLoss",
        "ExponentialLoss": "portable.pickles.records:ExponentialLoss",
        "HalfBinomialLoss": "portable.pickles.records:HalfBinomialLoss",
        "HalfGammaLoss": "portable.pickles.records:ExponentialMeanLoss",
        "HalfMultinomialLoss": "portable.pickles.records:HalfMultinomialLoss",
        "HalfPoissonLoss": "portable.pickles.records:ExponentialMeanLoss",
        "HalfSquaredError": "portable.pickles.records:RegressionLoss",
        "HalfTweedieLoss": "portable.pickles.records:RegressionLoss",
        "HalfTweedieLossIdentity": "portable.pickles.records:RegressionLoss",
        "HuberLoss": "portable.pickles.records:RegressionLoss",
        "PinballLoss": "portable.pickles.records:RegressionLoss",
    },
    "sklearn.cluster._bisect_k_means": {
        "_BisectingTree": "portable.cluster.bisecting:BisectingTree"
    },
    "sklearn.cluster._kmeans": dict.fromkeys(
        (
            "_kmeans_single_elkan",
            "_kmeans_single_lloyd",
        ),
        "portable.pickles.records:Ignored",
    ),
    "sklearn.ensemble._hist_gradient_boosting.binning": {
        "_BinMapper": "portable.pickles.records:Ignored"
    },
    "sklearn.ensemble._hist_gradient_boosting.predictor": {
        "TreePredictor": "portable.pickles.records:TreePredictor"
    },
    "sklearn.linear_model._sgd_fast": dict.fromkeys(
        (
            "EpsilonInsensitive",
            "Hinge",
            "ModifiedHuber",
            "SquaredEpsilonInsensitive",
            "SquaredHinge",
        ),
        "portable.pickles.records:Ignored",
    ),
    "sklearn.metrics._dist_metrics": {
        "ChebyshevDistance64": "portable.pickles.search_trees:Metric",
        "EuclideanDistance64": "portable.pickles.search_trees:Metric",
        "ManhattanDistance64": "portable.pickles.search_trees:Metric",
        "MinkowskiDistance64": "portable.pickles.search_trees:Metric",
        "newObj": "portable.pickles.search_trees:new_object",
    },
    "sklearn.neighbors._ball_tree": {
        "BallTree": "portable.pickles.search_trees:BallTree",
        "newObj": "portable.pickles.search_trees:new_object",
    },
    "sklearn.neighbors._kd_tree": {
        "KDTree": "portable.pickles.search_trees:KDTree",
        "newObj": "portable.pickles.search_trees:new_object",
    },
    "sklearn.neural_network._stochastic_optimizers": dict.fromkeys(
        (
            "AdamOptimizer",
            "SGDOptimizer",
        ),
        "portable.pickles.records:Ignored",
    ),
    "sklearn.preprocessing._label": {"LabelEncoder": "portable.pickles.records:Ignored"},
    "sklearn.tree._tree": {"Tree": "portable.pickles.records:Tree"},
    "sklearn.utils.validation": {"check_array": "portable.pickles.records:Ignored"},
}

READERS: list[str] = []
"""The modules that read the one model a package is for, as that package's table names them: they
are imported while its files travel."""
