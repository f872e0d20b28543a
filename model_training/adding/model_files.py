"""What a person hands over as a model: pickle and joblib files, skops, MLflow folders, boosters."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model_training.adding import earlier_releases, foreign, libraries, trusted, unpickling
from model_training.adding.packed import content
from model_training.command_line import DataError, in_one_line

_MLMODEL = "MLmodel"
_PICKLED = (".pkl", ".pickle", ".joblib", ".sav", ".p", ".z", ".gz", ".bz2", ".xz", ".lzma")


@dataclass
class GivenModel:
    """A model as it was read. `estimators` are in pipeline order; `files` are what was read;
    `fitted_with` the other versions of scikit-learn that wrote them; `example` the file of an input
    example, and `columns` the names of its inputs, where the model brings them."""

    estimators: list[Any]
    files: list[Path]
    fitted_with: list[str] = field(default_factory=list)
    example: Path | None = None
    columns: list[str] = field(default_factory=list)

    @property
    def settings_known(self) -> bool:
        """Whether the estimators have the settings that they were fitted with, as those around a
        booster's own file have not."""
        return not any(_reader_of_booster(path) for path in self.files)


def read(paths: Sequence[Path], *, trust: bool) -> GivenModel:
    """The model in one file or folder, or in several files in pipeline order.

    Raises `Refusal`, one sentence, for what cannot be read or would import what is not trusted.
    """
    if len(paths) == 1 and paths[0].is_dir():
        return _mlflow(paths[0], trust=trust)
    model = GivenModel([], list(paths))
    for path in paths:
        held, versions = _file(path, trust=trust)
        model.estimators += held if isinstance(held, list) else [held]
        model.fitted_with += [one for one in versions if one not in model.fitted_with]
    return model


def _file(path: Path, *, trust: bool) -> tuple[Any, list[str]]:
    """What is in a file, and the other versions of scikit-learn that wrote it."""
    start = content(path)[:16]
    other = foreign.framework(path, start)
    if other is not None:
        raise DataError(
            f"{path}: it is a file of {other}; expected one of scikit-learn, XGBoost or LightGBM "
            "(a network has a service of its own: docs/add-a-model.md)"
        )
    if booster := _reader_of_booster(path):
        return booster(path), []
    with unpickling.versions_noted() as versions:
        if start[:4] == b"PK\x03\x04":
            held = _skops(path, trust=trust)
        else:
            held = unpickling.read(path, trust=trust)
    if versions:
        earlier_releases.complete(held)
    return held, versions


def _reader_of_booster(path: Path) -> Callable[[Path], Any] | None:
    """What reads a file of XGBoost's own or LightGBM's; None for any other."""
    if path.suffix in (".json", ".ubj", ".ubjson", ".deprecated", ".model", ".bst"):
        return _xgboost
    with path.open("rb") as stream:
        its = stream.read(5) == b"tree\n" or path.suffix in (".lgb", ".lightgbm")
    return _lightgbm if its else None


def _skops(path: Path, *, trust: bool) -> Any:
    """What skops wrote; its own list of trusted types counts for nothing."""
    skops = libraries.imported("skops.io", f"{path} was written by skops")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > 512 * 1024 * 1024:
                raise DataError(f"{path}: it unpacks to more than a function loads")
        found = skops.get_untrusted_types(file=path)
        unknown = [] if trust else trusted.untrusted(found)
        if unknown:
            raise unpickling.UntrustedModel(path, unknown)
        return skops.load(path, trusted=found)
    except (DataError, unpickling.UntrustedModel):
        raise
    # skops raises anything at all on an archive that is none of its own.
    except Exception as error:
        raise DataError(
            f"{path}: skops cannot read it ({in_one_line(error)}); save the model again "
            "with skops.io.dump or joblib.dump"
        ) from None


def _xgboost(path: Path) -> Any:
    """An estimator around XGBoost's own file: a classifier where its objective is one."""
    xgboost = libraries.imported("xgboost", f"{path} is XGBoost's own file")
    booster = xgboost.Booster()
    try:
        booster.load_model(path)
        learner = json.loads(booster.save_config())["learner"]
        objective = learner["objective"]["name"]
        name = "XGBClassifier" if objective.startswith(("binary:", "multi:")) else "XGBRegressor"
        estimator = getattr(xgboost, name)()
        estimator.load_model(path)
        if objective == "multi:softmax":
            # The same trees and labels; the probabilities are XGBoost's then, and not scipy's.
            estimator.set_params(objective="multi:softprob")
            estimator.get_booster().set_param({"objective": "multi:softprob"})
    # Whatever XGBoost says of a file that is none of its own.
    except Exception as error:
        said = str(error).strip().splitlines()[:1]
        raise DataError(
            f"{path}: XGBoost cannot read it ({' '.join(said)[:160]}); save the model again with "
            "save_model"
        ) from None
    return estimator


def _lightgbm(path: Path) -> Any:
    """An estimator around LightGBM's own file: a classifier where its objective is one."""
    lightgbm = libraries.imported("lightgbm", f"{path} is LightGBM's own file")
    try:
        booster = lightgbm.Booster(model_file=str(path))
        words = booster.dump_model(num_iteration=1).get("objective", "").split()
    except Exception as error:
        said = str(error).strip().splitlines()[:1]
        raise DataError(
            f"{path}: LightGBM cannot read it ({' '.join(said)[:160]}); save the model again with "
            "save_model"
        ) from None
    objective = words[0] if words else None
    classifies = objective in ("binary", "multiclass", "multiclassova")
    kind = lightgbm.LGBMClassifier if classifies else lightgbm.LGBMRegressor
    estimator = kind(objective=objective)
    estimator._Booster, estimator._objective = booster, objective
    estimator.fitted_ = True
    estimator._n_features = estimator._n_features_in = booster.num_feature()
    if classifies:
        from sklearn.preprocessing import LabelEncoder

        classes = max(2, booster.num_model_per_iteration())
        estimator._le = LabelEncoder().fit(range(classes))
        estimator._classes, estimator._n_classes = estimator._le.classes_, classes
    return estimator


def _mlflow(folder: Path, *, trust: bool) -> GivenModel:
    """The model of an MLflow folder: of its scikit-learn, XGBoost or LightGBM flavour."""
    described = _described(folder)
    flavours = described.get("flavors")
    flavours = flavours if isinstance(flavours, dict) else {}
    for flavour, entry in (("sklearn", "pickled_model"), ("xgboost", "data"), ("lightgbm", "data")):
        if not isinstance(flavours.get(flavour), dict):
            continue
        path = _within(folder, flavours[flavour].get(entry))
        held, versions = _file(path, trust=trust)
        return GivenModel(
            [held], [path], versions, _example(folder, described), _columns(described)
        )
    found = ", ".join(sorted(map(str, flavours))) or "none"
    raise DataError(
        f"{folder}: its flavours are {found}; expected sklearn, xgboost or lightgbm: log the model "
        "with one of mlflow.sklearn, mlflow.xgboost and mlflow.lightgbm"
    )


def _described(folder: Path) -> dict[str, Any]:
    path = folder / _MLMODEL
    yaml = libraries.imported("yaml", f"{folder} is a folder")
    try:
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{folder}: there is no {_MLMODEL} in the folder; give a model file, or the folder "
            "that mlflow wrote"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DataError(
            f"{path}: it is not the YAML that mlflow writes; save the model again"
        ) from None
    if not isinstance(described, dict):
        raise DataError(f"{path}: it is not the YAML that mlflow writes; save the model again")
    return described


def _within(folder: Path, name: object) -> Path:
    """The file of this name in the folder; a name that leads out of it is refused."""
    path = folder / str(name)
    if not isinstance(name, str) or folder.resolve() not in path.resolve().parents:
        raise DataError(f"{folder / _MLMODEL}: it names the file {name!r}, outside of its folder")
    if path.is_dir():
        # Pickled estimators lie in a folder of their own in some releases.
        found = sorted(one for one in path.iterdir() if one.name.startswith("model."))
        if found:
            return found[0]
    return path


def _example(folder: Path, described: dict[str, Any]) -> Path | None:
    saved = described.get("saved_input_example_info")
    name = saved.get("artifact_path") if isinstance(saved, dict) else None
    path = _within(folder, name) if isinstance(name, str) else None
    return path if path is not None and path.is_file() else None


def _columns(described: dict[str, Any]) -> list[str]:
    signature = described.get("signature")
    try:
        inputs = json.loads(signature["inputs"]) if isinstance(signature, dict) else []
        return [one["name"] for one in inputs if isinstance(one.get("name"), str)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
