"""The recipes are what they say, and the article's split is the article's."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from model_training.reports.telling import telling_terms
from model_training.spam_or_ham import evaluate, train
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES, predict_labels
from tests.unit.model_training.conftest import SPAM_WORDS


def test_the_default_recipe() -> None:
    vectorizer, classifier = RECIPES["default"].make()
    expected = TfidfVectorizer(
        sublinear_tf=True,
        ngram_range=(1, 2),
        min_df=2,
        token_pattern=r"(?u)(?<!\d)\d\d(?=\d{3})|(?<!\d)\d{1,4}(?!\d)"
        r"|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]",
    )
    assert vectorizer.get_params() == expected.get_params()
    assert isinstance(classifier, MultinomialNB)
    assert classifier.get_params() == MultinomialNB(alpha=0.1).get_params()
    assert vectorizer.build_tokenizer()("Don't call 0906170146 or 8007, £5!!") == [
        *("Don't", "call", "09", "or", "8007", ",", "£", "5", "!", "!")
    ]


def test_the_articles_recipe() -> None:
    vectorizer, classifier = RECIPES["article"].make()
    expected = TfidfVectorizer(sublinear_tf=True, max_df=0.5)
    assert vectorizer.get_params() == expected.get_params()
    assert isinstance(classifier, GaussianNB)
    assert classifier.get_params() == GaussianNB().get_params()


def test_the_articles_figure_is_computed_as_the_article_does(corpus: Corpus) -> None:
    train_texts, test_texts, train_labels, test_labels = train_test_split(
        corpus.texts, corpus.labels, test_size=0.1, random_state=42
    )
    vectorizer = TfidfVectorizer(sublinear_tf=True, max_df=0.5).fit(train_texts)
    classifier = GaussianNB().fit(vectorizer.transform(train_texts).toarray(), train_labels)
    predicted = classifier.predict(vectorizer.transform(test_texts).toarray())
    accuracy = sum(a == b for a, b in zip(predicted, test_labels, strict=True)) / len(test_labels)

    split = evaluate.article_split(RECIPES["article"], corpus.texts, corpus.labels)
    assert split.figures["accuracy"] == accuracy
    assert split.rows == 24
    assert split.also_in_training == sum(text in train_texts for text in test_texts)
    # What is published is the pair whose accuracy the article states.
    published = train.fit_final(RECIPES["article"], corpus)
    assert predict_labels(*published, test_texts) == predicted.tolist()


def test_the_default_pair_is_fitted_on_every_row(corpus: Corpus) -> None:
    _, classifier = train.fit_final(RECIPES["default"], corpus)
    assert classifier.class_count_.sum() == len(corpus)


def test_cross_validation_tests_each_message_once_per_repeat_and_never_twice(
    corpus: Corpus,
) -> None:
    calls: list[None] = []
    texts, labels = corpus.deduplicated()
    measured = evaluate.cross_validate(
        RECIPES["default"], texts, labels, repeats=2, progress=lambda: calls.append(None)
    )
    assert len(calls) == measured.folds * measured.repeats == 10
    assert measured.rows == len(texts) == len(set(texts)) < len(corpus)
    assert measured.spam.sum() == labels.count("spam")
    assert (measured.probability > 0).all()
    accuracy = measured.figures["accuracy"]
    assert 0.9 < accuracy.mean < 1
    assert 0 < accuracy.sd < 0.1
    again = evaluate.cross_validate(RECIPES["default"], texts, labels, repeats=2)
    assert again.figures == measured.figures


def test_the_vectorizer_never_sees_the_test_part() -> None:
    # Every spam has one word of its own: a vocabulary of the whole corpus would give it away.
    texts = [f"hello there {n}x" for n in range(100)] + [f"word{chr(97 + n)}" for n in range(20)]
    labels = ["ham"] * 100 + ["spam"] * 20
    measured = evaluate.cross_validate(RECIPES["default"], texts, labels, repeats=1)
    assert measured.figures["spam_recall"].mean == 0


def test_the_most_telling_terms(corpus: Corpus) -> None:
    for recipe in RECIPES.values():
        pair = recipe.fit(corpus.texts, corpus.labels)
        (_, ham), (_, spam) = telling_terms(*pair, ["ham", "spam"], count=5)
        words = {word for term, _ in spam for word in term.split()}
        assert words <= {*SPAM_WORDS, "1000", "08", "£"}
        assert len(ham) == 5
        assert [weight for _, weight in spam] == sorted((w for _, w in spam), reverse=True)
        assert min(weight for _, weight in spam + ham) > 0
