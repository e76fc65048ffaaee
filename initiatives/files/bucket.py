"""A bucket that speaks S3, for sites with more than one machine: chosen by `S3_BUCKET` (docs/operations.md).

An object appears whole or not at all: that is S3's own promise. Every trouble is told as OSError, as a disk would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage


@contextmanager
def told_as_a_disk_would() -> Iterator[None]:
    try:
        yield
    except ClientError as trouble:
        code = str(trouble.response.get("Error", {}).get("Code", ""))
        if code in ("404", "NoSuchKey"):
            raise FileNotFoundError(code) from trouble
        raise OSError(f"S3: {code or trouble}") from trouble
    except (BotoCoreError, Boto3Error) as trouble:
        raise OSError(f"S3: {trouble}") from trouble


class Bucket(S3Storage):
    def __init__(self, **options: Any) -> None:
        """Says soon that a bucket doesn't answer; asks of it only what every S3 knows."""
        config = Config(
            connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 2, "mode": "standard"},
            signature_version="s3v4", s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )  # fmt: skip
        super().__init__(**{"client_config": config, "default_acl": None, "max_memory_size": 2_500_000, **options})

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # ours, and random: asking whether it is taken is a question lost

    def _save(self, name: str, content: File[Any]) -> str:
        with told_as_a_disk_would():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with told_as_a_disk_would():
            file: File[Any] = super()._open(name, mode)
            file.file  # noqa: B018  # fetched now: a bucket that doesn't answer is told before the first byte is sent
            return file

    def exists(self, name: str) -> bool:
        with told_as_a_disk_would():
            return bool(super().exists(name))

    def forget_folder(self, name: str) -> None:
        with told_as_a_disk_would():
            for each in self.bucket.objects.filter(Prefix=f"{name}/"):
                each.delete()

    def folders(self, name: str) -> Iterator[tuple[str, float]]:
        """Each folder below `name` with the last instant something changed in it (a Unix time)."""
        last, when = "", 0.0
        with told_as_a_disk_would():
            for each in self.bucket.objects.filter(Prefix=f"{name}/"):  # in the order of their names
                folder = each.key.split("/")[1]
                if last and folder != last:
                    yield last, when
                    when = 0.0
                last, when = folder, max(when, each.last_modified.timestamp())
        if last:
            yield last, when

    def answers(self) -> bool:
        with told_as_a_disk_would():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        return True
