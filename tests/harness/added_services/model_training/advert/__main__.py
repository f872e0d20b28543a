"""`python -m model_training.advert`: train and publish the advert model."""

from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from model_training.spam_or_ham.publish import publish

NAMES = ("Ann", "Bo", "Cy", "Di", "Ed", "Flo")
FAVOURS = ("letter", "visit", "help", "card", "call")
GOODS = ("chair", "phone", "coat", "lamp", "bike")
LETTERS = [f"Dear {name}, thank you for your {favour}." for name in NAMES for favour in FAVOURS]
ADVERTS = [f"A new {item}, only {price}: order now!" for item in GOODS for price in range(4, 10)]

texts = LETTERS + ADVERTS
vectorizer = TfidfVectorizer(ngram_range=(1, 2)).fit(texts)
labels = ["letter"] * len(LETTERS) + ["advert"] * len(ADVERTS)
classifier = MultinomialNB().fit(vectorizer.transform(texts), labels)
version = publish(
    Path("build/models/advert"),
    (vectorizer, classifier),
    texts,
    {
        "name": "advert",
        "recipe": "TF-IDF and MultinomialNB",
        "data": {"source": "sentences of two forms", "rows": len(texts)},
        "metrics": {"accuracy": float(classifier.score(vectorizer.transform(texts), labels))},
    },
    expected=None,
)
print(f"advert {version}")
