"""The kinds of inputs: what each takes, and what its manifest holds beyond what all hold."""

from model_training.publishing.kinds import fields, picture, text
from model_training.publishing.kinds.kind import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (text.TEXT, fields.FIELDS, picture.PICTURE)}
