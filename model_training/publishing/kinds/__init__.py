"""The kinds of model: what each takes, and what its manifest holds beyond what all hold."""

from model_training.publishing.kinds import image, records, tabular, text
from model_training.publishing.kinds.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (text.TEXT, tabular.TABULAR, records.RECORDS, image.IMAGE)
}
