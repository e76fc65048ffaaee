"""A bucket in place of a folder: chosen by the environment, private, and its troubles told as a disk's.

The whole life of a file in a bucket is `python -m proof.s3`, against a server that speaks S3.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from initiatives.files.bucket import Bucket, told_as_a_disk_would

OPTIONS = {
    "bucket_name": "essaim", "endpoint_url": "http://127.0.0.1:9", "region_name": "fr-par", "access_key": "a",
    "secret_key": "b",
}  # fmt: skip


@pytest.fixture
def bucket():
    return Bucket(**OPTIONS)


def test_the_environment_chooses_the_bucket():
    """And says nothing of it: a folder."""
    asked = "from django.conf import settings; print(settings.STORAGES['default'])"
    known = {"S3_BUCKET": "essaim", "S3_ENDPOINT": "https://s3.example.org", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}

    def said(**env: str) -> str:
        run = subprocess.run(
            [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": "postgresql://x/y", **env},
        )  # fmt: skip
        return run.stdout

    assert "Folder" in said(S3_BUCKET="")
    assert "Bucket" in said(**known)
    assert "https://s3.example.org" in said(**known)


def test_nothing_is_public_in_the_bucket(bucket):
    assert bucket.default_acl is None
    assert bucket.querystring_auth
    assert bucket.get_available_name("fichiers/x/480.webp") == "fichiers/x/480.webp"
    assert bucket.client_config.s3 == {"addressing_style": "path"}
    assert Bucket(bucket_name="essaim", region_name="eu-west-3").client_config.s3 == {"addressing_style": "auto"}


def test_a_bucket_that_refuses_is_a_disk_that_fails(bucket):
    client = bucket.connection.meta.client
    with Stubber(client) as stub:
        stub.add_client_error("head_bucket", "403", http_status_code=403)
        with pytest.raises(OSError, match="403"):
            bucket.answers()
        stub.add_client_error("head_object", "404", http_status_code=404)
        assert not bucket.exists("fichiers/x/480.webp")
        stub.add_client_error("head_object", "503", http_status_code=503)
        with pytest.raises(OSError, match="503"):
            bucket.exists("fichiers/x/480.webp")
        stub.add_response("head_bucket", {})
        assert bucket.answers()


def test_a_server_that_is_not_there_is_a_disk_that_fails():
    with pytest.raises(OSError, match="S3"), told_as_a_disk_would():
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
