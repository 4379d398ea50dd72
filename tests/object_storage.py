"""An S3-compatible storage on this machine: moto's server, which checks who may read."""

import json
import logging
from types import TracebackType
from typing import Any, Self

import boto3
from moto.server import ThreadedMotoServer

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
REGION = "us-east-1"


class ObjectStorage:
    """A running service; `create_bucket` returns the URL of a bucket for STORAGE_URL."""

    def __enter__(self) -> Self:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        self.client: Any = boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=REGION, **KEYS
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        self.server.stop()

    def create_bucket(self, name: str) -> str:
        """Create a bucket that only its owner can read."""
        self.client.create_bucket(Bucket=name)
        return f"s3://key:secret@{name}?endpoint={self.endpoint}&region={REGION}"

    def create_public_bucket(self, name: str) -> str:
        """Create a bucket whose objects everybody can read."""
        url = self.create_bucket(name)
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{name}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client.put_bucket_policy(Bucket=name, Policy=policy)
        return f"{url}&url={self.endpoint}/{name}/"

    def names(self, bucket: str) -> list[str]:
        """The names of all objects in the bucket."""
        found = self.client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return [each["Key"] for each in found]
