"""What functions share: the bucket of their models, what is published into it, and their brake."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..config.published_model import PublishedModel
from ..config.stages import Stage
from ..packaging.sources import Sources
from .brake import Brake
from .model_bucket import ModelBucket
from .model_publication import ModelPublication
from .results_bucket import ResultsBucket
from .retention import removal_policy


class ModelStore(Construct):
    """`bucket` holds the models once `publication` is deployed, so whoever needs them comes after.

    `results` is the bucket of batch jobs, where there are any; `brake` stops functions that cost
    too much. Models can be published into a
    `bucket` that is there; it is not emptied when the publication goes.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        models: Sequence[PublishedModel],
        sources: Sources,
        batch: bool = False,
        bucket: s3.Bucket | None = None,
    ) -> None:
        super().__init__(scope, id_)
        if batch and bucket is not None:
            raise ValueError("batch jobs have a store of their own: leave out bucket")
        self.results: s3.IBucket | None = None
        made: list[s3.Bucket] = []
        if bucket is None:
            store = ModelBucket(
                self,
                "Store",
                removal_policy=removal_policy(stage),
                log_retention=cdk.Duration.days(stage.log_retention_days),
                noncurrent_retention=cdk.Duration.days(stage.noncurrent_days),
            )
            bucket, made = store.bucket, [store.bucket, store.log_bucket]
            if batch:
                results = ResultsBucket(self, "Batch", stage=stage, log_bucket=store.log_bucket)
                self.results = results.bucket
                made.append(results.bucket)
        self.bucket = bucket
        self.brake = Brake(self, "Brake", sources=sources, stage=stage)
        self.publication = ModelPublication(
            self,
            "Publication",
            bucket=bucket,
            models=models,
            sources=sources,
            empties=[] if stage.retain else made,
            stage=stage,
        )
