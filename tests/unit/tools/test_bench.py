"""The benchmark itself, with functions that are there without any set-up."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import joblib
import pytest
from sklearn.dummy import DummyClassifier

from tools import PROJECT
from tools.bench import (
    clothes,
    commands,
    conditions,
    cost,
    cpu_share,
    crossings,
    crossings_page,
    measure,
    readme,
    report,
    result,
)
from tools.bench.authority import Authority
from tools.bench.distributions import closure, copy
from tools.bench.made import make_once
from tools.bench.packages import Size
from tools.bench.variants import ARTICLE, NOOP, ONNX, OURS, TUNED, Variant, Workbench
from tools.local_aws.events import rest, url

HERE = Path(__file__).resolve().parents[3] / "tools" / "bench"
READER = """
import os, ssl, urllib.request
tls = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
address = os.environ["AWS_ENDPOINT_URL_S3"] + "/bucket/key"
with urllib.request.urlopen(address, context=tls) as answer:
    content = answer.read().decode()
def handler(event, context):
    print("logged")
    return {"statusCode": 200, "body": content}
"""
NAMED = (
    "cold_ratio_article",
    "cold_ratio_tuned",
    "cold_ratio_noop",
    "warm_ratio_article",
    "warm_ratio_tuned",
    "rss_ratio_article",
    "zip_bytes_ours",
    "parity_max_abs_diff",
    "parity_label_mismatches",
)


def _bench(folder: Path) -> Workbench:
    """The no-op, and a handler that reads an object, in the place of all the others."""
    for name, source in ((NOOP, (HERE / "peers/noop.py").read_text()), (OURS, READER)):
        (folder / name).mkdir()
        (folder / name / "handler.py").write_text(source)
    names = (NOOP, OURS, TUNED, ONNX, ARTICLE)
    variants = [
        Variant(name, folder / (OURS if name in (OURS, ARTICLE) else NOOP), "handler.handler", {})
        for name in names
    ]
    onnx = {"texts": 9, "label_mismatches": 1, "beyond_1e_4": 2, "max_abs_diff": 0.5}
    sizes = {name: Size(2_000, 1_000) for name in names}
    objects = {"/bucket/key": b'{"predictions":["ham"]}'}
    return Workbench(tuple(variants), objects, rest("hello"), "hello", sizes, onnx, timed=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> result.Figures:
    folder = tmp_path_factory.mktemp("bench")
    shutil.copyfile(HERE / "warm_calls.py", folder / "warm_calls.py")
    bench = _bench(folder)
    for variant in bench.variants[:2]:
        shutil.copyfile(HERE / "warm_calls.py", variant.code / "warm_calls.py")
    effort = measure.Effort(cold_rounds=1, warm_rounds=1, seconds=0.05, calls=50)
    (folder / "bundle.pem").touch()
    trusting = [conditions.trusting(v, authority, folder / "bundle.pem") for v in bench.variants]
    bench = replace(bench, variants=tuple(trusting))
    with conditions.conditions(bench.objects, folder / "s3", authority) as measured_under:
        python, log = Path(sys.executable), folder / "output.log"
        lab = measure.run(bench, measured_under, python, log, effort, lambda _: None)
    assert "logged" in log.read_text()
    parity = {"texts": 9, "label_mismatches": 0, "max_abs_diff": 1e-15}
    return result.figures("spam_or_ham", bench, lab, parity, effort, measured_under)


def test_every_function_is_measured(figures: result.Figures) -> None:
    assert figures.keys() >= set(NAMED)
    for one in figures["functions"].values():
        assert one["cold_ms"] > one["init_ms"] > 0
        assert one["warm_p99_ms"] >= one["warm_p50_ms"] > 0
        assert one["memory_mb"] > 1
        assert one["answers_per_second"] > 0
        assert one["dollars_per_million"] > cost.PER_MILLION_REQUESTS
        for low, high in one["quartiles"].values():
            assert 0 < low <= high
    for name in (conditions.PLAIN, conditions.DELAYED, conditions.SHARED):
        assert figures[name].keys() >= {"cold_ratio_article", "cold_ratio_tuned", "cold_ratio_noop"}
        assert figures[name]["functions"].keys() == figures["functions"].keys()


def test_an_answer_is_waited_for(figures: result.Figures) -> None:
    # Ours asks S3 once here, which answers after 15 ms.
    assert figures[conditions.DELAYED]["functions"][OURS]["cold_ms"] > conditions.DELAY_MS


@pytest.mark.parametrize("group", [True, False])
def test_a_process_has_no_more_than_its_share(group: bool) -> None:
    program = "import time; end = time.time() + 0.5\nwhile time.time() < end: pass"
    with cpu_share.Share(cpu_share.of_memory(512), group) as share:
        process = subprocess.Popen([sys.executable, "-c", program])
        with share.limits(process):
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
    assert 0.02 < used.ru_utime + used.ru_stime < 0.35


def test_ours_trusts_the_run_s_authority_as_it_trusts_amazon_s(
    authority: Authority, tmp_path: Path
) -> None:
    code = shutil.copytree(HERE.parents[1] / "lambda_src" / "serving" / "loading",
                           tmp_path / "code" / "serving" / "loading")  # fmt: skip
    before = {file.name for file in code.glob("*.0")}
    variant = Variant(OURS, tmp_path / "code", "handler.handler", {})
    assert conditions.trusting(variant, authority, tmp_path / "none.pem") == variant
    [added] = {file.name for file in code.glob("*.0")} - before
    assert (code / added).read_bytes() == authority.root.read_bytes()


def test_ratios_are_theirs_by_ours_but_the_floors(figures: result.Figures) -> None:
    functions = figures["functions"]
    ours = functions[OURS]
    assert figures["cold_ratio_article"] == functions[ARTICLE]["cold_ms"] / ours["cold_ms"]
    assert figures["warm_ratio_tuned"] == functions[TUNED]["warm_p50_ms"] / ours["warm_p50_ms"]
    assert figures["cold_ratio_noop"] == pytest.approx(ours["cold_ms"] / functions[NOOP]["cold_ms"])


def test_the_report_is_written_in_every_form(
    figures: result.Figures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "docs").mkdir()
    report.write(tmp_path, figures, "Some processor", "Python 3.11.7, numpy 2.4.6", documents=True)
    printed = capsys.readouterr().out
    page = (tmp_path / "docs/benchmarks.md").read_text()
    for title in conditions.TITLES.values():
        assert title in printed
        assert title in page
    assert figures[conditions.SHARED]["how"] in page
    for one in figures["functions"].values():
        assert one["title"] in printed
        assert f"| {one['title']} |" in page
    assert "Some processor" in page
    assert "numpy 2.4.6" in page
    assert cost.FORMULA in page
    picture = ElementTree.parse(tmp_path / "docs/benchmarks.svg")  # noqa: S314 - our own
    bars = picture.findall(".//{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 4 * len(figures["functions"])
    written = json.loads((tmp_path / "build/bench.json").read_text())
    assert written.keys() >= {*NAMED, "machine", "versions", "functions"}


def test_the_readme_gets_the_figures_of_a_full_run(
    figures: result.Figures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme_before = (HERE.parents[1] / "README.md").read_text()
    network = {**figures["functions"][OURS], "cold_ms": 4321.0, "warm_p50_ms": 0.25}
    functions = dict.fromkeys((OURS, ARTICLE), network)
    written = {"quick": False, "functions": functions}
    for folder in ("build", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "build/bench-loan_grade.json").write_text(json.dumps(written))
    (tmp_path / "README.md").write_text(readme_before)
    report.write(tmp_path, figures, "Some processor", "Python 3.11.7", documents=False)
    readme.update(tmp_path)
    text = (tmp_path / "README.md").read_text()
    changed = [one for one in text.splitlines() if one not in readme_before.splitlines()]
    assert [one.split(" | ")[:3] for one in changed] == [
        ["| **loan_grade**", "4,321", "0.25"],
        ["| the same network in Keras, `predict`", "4,321", "0.25"],
    ]
    report.write(tmp_path, figures, "Some processor", "Python 3.11.7", documents=True)
    readme.update(tmp_path)
    text = (tmp_path / "README.md").read_text()
    ours = figures["functions"][OURS]
    assert f"| **this project** | {ours['cold_ms']:,.0f} | {ours['warm_p50_ms']:.3f} |" in text
    assert (
        f"and {figures['cold_ratio_noop']:.2f} times that of\na handler that does nothing" in text
    )
    with pytest.raises(ValueError, match=r"no row.* begin: ONNX Runtime"):
        readme.with_text_model(text.replace("| ONNX Runtime", "| another"), figures)
    capsys.readouterr()


def test_a_second_service_has_files_of_its_own(figures: result.Figures, tmp_path: Path) -> None:
    for folder in ("build", "docs"):
        (tmp_path / folder).mkdir()
    functions = {n: one for n, one in figures["functions"].items() if n in (NOOP, OURS, ARTICLE)}
    figures_ = {**figures, "service": "breast_cancer", "functions": functions, "onnx": {}}
    report.write(tmp_path, figures_, "Some processor", "Python 3.11.7", documents=True)
    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.glob("*/*")} == {
        "build/bench-breast_cancer.json",
        "docs/benchmarks-breast_cancer.md",
        "docs/benchmarks-breast_cancer.svg",
    }
    page = (tmp_path / "docs/benchmarks-breast_cancer.md").read_text()
    assert "cold start, article ÷ ours | at least 20 |" in page
    assert "](benchmarks-breast_cancer.svg)" in page
    assert "ONNX" not in page


def test_a_quick_run_writes_no_documents(
    figures: result.Figures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its figures are of a few rounds on any machine: they are told, and not kept in docs/."""
    (tmp_path / "build").mkdir()
    report.write(tmp_path, figures, "Some processor", "Python 3.11.7", documents=False)
    spread = {"cold_ms": [1.0, 3.0], "warm_ms": [1.0, 1.0]}
    one = {"title": "one", "cold_ms": 2.0, "warm_ms": 1.0, "memory_mb": 3.0, "quartiles": spread}
    ratios = {f"{kind}_ratio_{peer}": 2.0 for kind in ("cold", "warm")
              for peer in (clothes.ARTICLE, clothes.SAME)}  # fmt: skip
    found = {"functions": {"one": one}, **ratios, "max_abs_score_difference": 0.0, "rounds": 1}
    clothes.write(tmp_path, found, documents=False)
    assert "cold start, article ÷ ours" in capsys.readouterr().out
    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.*")} == {
        "build/bench.json",
        "build/bench-clothes.json",
    }


def test_ratios_are_of_the_peers_a_service_has(tmp_path: Path) -> None:
    names = (NOOP, OURS, ARTICLE)
    variants = tuple(Variant(name, tmp_path, "handler.handler", {}) for name in names)
    bench = Workbench(variants, {}, url("{}"), "{}", {name: Size(2, 1) for name in names}, {})
    lab = measure.Laboratory(bench, Path(sys.executable), tmp_path / "log")
    plain = conditions.Condition(conditions.PLAIN, "http://127.0.0.1:9")
    for factor, name in enumerate(names, 1):
        times = [10.0 * factor]
        others = {conditions.PLAIN: [10.0 * factor**2, 1.0, 100.0]}
        memory = [1024 * factor]
        lab.samples[name] = measure.Samples(times, times, times, times, memory, times, others)
    effort = measure.Effort(cold_rounds=1, warm_rounds=1, seconds=0.05)
    parity = {"texts": 1, "label_mismatches": 0, "max_abs_diff": 0.0}
    under = [conditions.Condition(conditions.HEADLINE, "https://127.0.0.1:9"), plain]
    figures = result.figures("breast_cancer", bench, lab, parity, effort, under)
    assert figures["cold_ratio_article"] == 1.5
    assert figures["cold_ratio_noop"] == 2
    assert figures["rss_ratio_article"] == 1.5
    assert "cold_ratio_tuned" not in figures
    assert figures[conditions.PLAIN]["cold_ratio_noop"] == 4
    assert figures[conditions.PLAIN]["functions"][OURS]["quartiles"] == {"cold_ms": [20.5, 70.0]}


def test_the_articles_breast_cancer_handler_answers_as_the_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[0.03, 14.0, 24.0, 677.0, 0.1], [0.15, 25.0, 23.0, 1709.0, 0.18]]
    joblib.dump(DummyClassifier(strategy="constant", constant=1).fit(rows, [0, 1]),
                tmp_path / "gradient_boosting_clf.pkl")  # fmt: skip
    monkeypatch.chdir(tmp_path)
    article = importlib.import_module("tools.bench.peers.breast_cancer.article")
    answered = article.handler(
        {"body": json.dumps(dict(zip(article.KEYS, rows[0], strict=True)))}, None
    )
    assert json.loads(answered["body"]) == {"reason": "OK", "prediction": 1, "status": "200"}
    refused = json.loads(article.handler({"body": '{"worstRadius": 1}'}, None)["body"])
    assert refused["reason"].startswith("'body' must contain values for: meanConcavePoints, ")
    assert (refused["prediction"], refused["status"]) == ("", "400")


def test_a_goal_that_is_missed_says_so(figures: result.Figures) -> None:
    changed = {**figures, "zip_bytes_ours": 100_001, "cold_ratio_article": 22.0}
    met = {what: verdict for what, _, _, verdict in report.goals(changed)}
    assert met["our package, zipped bytes"] == "MISSED"
    assert met["cold start, article ÷ ours"] == "met"


def test_costs_follow_their_formula() -> None:
    # 0.5 GB: 99 % of 1 ms and 1 % of 100 ms are 1.99 ms a request.
    expected = 0.20 + 1e6 * 0.5 * 0.0000166667 * 0.00199
    assert cost.per_million(cold_ms=99.2, warm_ms=0.1) == pytest.approx(expected)


def test_a_function_that_fails_is_named_with_its_output(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("raise RuntimeError('not today')\n")
    variant = Variant(NOOP, tmp_path, "handler.handler", {})
    bench = Workbench((variant,), {}, rest("hello"), "hello", {}, {})
    lab = measure.Laboratory(bench, Path(sys.executable), tmp_path / "log")
    nowhere = conditions.Condition(conditions.HEADLINE, "http://127.0.0.1:9")
    with pytest.raises(measure.ProcessDiedError, match="not today"):
        lab.cold_start(nowhere, variant)


def test_things_are_made_again_only_when_what_they_come_from_changes(tmp_path: Path) -> None:
    source, made = tmp_path / "source", []
    source.write_text("1")
    for content in ("1", "1", "2"):
        source.write_text(content)
        make_once(tmp_path / "thing", [source], [b"part"], made.append)
    assert len(made) == 2


def test_a_distribution_is_copied_with_what_it_needs(tmp_path: Path) -> None:
    site = Path(json.__file__).parents[1] / "site-packages"
    site = next((p for p in map(Path, sys.path) if (p / "boto3").is_dir()), site)
    chosen = closure(("boto3",), site, frozenset({"s3transfer"}))
    names = {distribution.metadata["Name"] for distribution in chosen}
    assert {"boto3", "botocore", "urllib3"} <= names
    assert "s3transfer" not in names
    copy([d for d in chosen if d.metadata["Name"] == "jmespath"], tmp_path)
    assert (tmp_path / "jmespath" / "__init__.py").is_file()
    with pytest.raises(FileNotFoundError, match="no-such-thing"):
        closure(("no-such-thing",), site, frozenset())


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(1, 10.0), (10, 1.0), (100, 0.1)], 10.0),
        ([(1, 10.0), (100, 0.1)], 10.0),
        ([(1, 4.0), (10, 0.9), (100, 2.0), (1000, 0.5)], 100_000.0**0.5),
        ([(1, 0.9), (10, 0.5)], 1.0),
        ([(1, 0.9), (10, 1.5)], None),
    ],
)
def test_a_crossing_is_where_the_ratio_falls_below_one_for_good(
    points: crossings.Points, expected: float | None
) -> None:
    found = crossings.crossing(points)
    assert found == (None if expected is None else pytest.approx(expected))


def test_crossings_are_measured_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossings, "_SECONDS", 0.0)

    def work(times: int) -> object:
        return sum(range(times))

    # Theirs costs the same for any number of rows, ours more for each.
    case = crossings.Case(
        "a model",
        "rows",
        (1, 1000),
        lambda size: [0] * size,
        lambda _: work(200_000),
        lambda inputs: work(20_000 * len(inputs)),
    )
    result = crossings.measured(case)
    assert [one["size"] for one in result["ratios"]] == [1, 1000]
    assert 1 < result["crossing"] < 1000
    told = {**result, "crossing": 12_345.6}
    page = crossings_page.page([told, {**result, "crossing": None}], "a machine", "some versions")
    assert "| a model | 12,000 rows | 1: " in page
    assert "| a model | not up to 1,000 rows | 1: " in page


def test_seconds_of_commands_are_written_into_their_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contributing = (HERE.parents[1] / "CONTRIBUTING.md").read_text()
    name = "`cdk ls`"
    text = commands.with_rows(contributing, {name: 11.4})
    assert text.count(f"| {name} | 11 |") == 1
    changed = [one for one in text.splitlines() if one not in contributing.splitlines()]
    assert changed in ([], [f"| {name} | 11 |"])
    with pytest.raises(ValueError, match="no table"):
        commands.with_rows("# Contributing\n", {})
    assert 0 < commands.seconds("true") < 5
    with pytest.raises(OSError, match="false failed"):
        commands.seconds("false")
    # One that stays up is ended once it says that it answers.
    monkeypatch.setattr(commands, "READY", "coreutils")
    assert commands.seconds("tail --version") < 5


def test_what_another_python_runs_by_its_file_needs_nothing_of_this_project() -> None:
    """The project is not found from there; what needs it is run as `python -m`, and says so."""
    run_by_file = ["onnx_model.py", "warm_calls.py", "timeline.py", "s3_process.py"]
    folder = PROJECT / "tools" / "bench"
    for file in [*(folder / name for name in run_by_file), *(folder / "peers").rglob("*.py")]:
        imported = re.findall(r"^(?:from|import) (\w+)", file.read_text(), re.MULTILINE)
        assert {"tools", "model_training", "stacks"}.isdisjoint(imported), file
    missing = [sys.executable, "-m", "tools.bench.keras_loans", "no-network.json", "nowhere"]
    said = subprocess.run(missing, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "No such file or directory: 'no-network.json'" in said.stderr
