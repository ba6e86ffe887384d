"""``provider.yaml``: what it may say, and what is said when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tarash_core import MappingError
from tarash_core.provider import ProviderFacts, ResultPaths, read_facts

FULL = """
schema: 1
name: some
title: Some Provider
docs: https://example.com/docs
default_model: some/model
api_key: {environment: [SOME_KEY, SOME_ID+SOME_SECRET]}
poll_interval: 1.5
upload: {data_url_limit: 1000}
version_separator: ":"
options: {queue: which queue}
features: {cancel: true, webhook: false, upload: true, progress: [queue_position, logs]}
result: {videos: [output.video], url: [uri]}
"""


def written(folder: Path, text: str | bytes) -> Path:
    (folder / "provider.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_everything_is_read(tmp_path: Path) -> None:
    facts = read_facts(written(tmp_path, FULL), name="some")
    assert (facts.title, facts.default_model, facts.poll_interval) == ("Some Provider", "some/model", 1.5)
    assert facts.api_key is not None
    assert facts.api_key.environment == ("SOME_KEY", "SOME_ID+SOME_SECRET")
    assert (facts.upload.data_url_limit, facts.version_separator, facts.options) == (
        1000,
        ":",
        {"queue": "which queue"},
    )
    assert (facts.features.cancel, facts.features.progress) == (True, ("queue_position", "logs"))
    assert (facts.result.videos, facts.result.url) == (("output.video",), ("uri",))
    assert facts.result.duration == ResultPaths().duration


@pytest.mark.parametrize("folder", [True, False])
def test_without_a_file_the_defaults_hold(tmp_path: Path, folder: bool) -> None:
    facts = read_facts(tmp_path if folder else None, name="some")
    assert facts == ProviderFacts(name="some", title="some")
    assert (facts.api_key, facts.default_model, facts.options, facts.upload.data_url_limit) == (None, None, {}, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: some\ntitle: A\nfeaturs: {}", "ProviderFacts has no field 'featurs'; did you mean 'features'?"),
        ("name: some\ntitle: A\nshema: 1", "ProviderFacts has no field 'shema'; did you mean 'schema'?"),
        (
            "name: some\ntitle: A\nfeatures: {cancl: true}",
            "features: Features has no field 'cancl'; did you mean 'cancel'",
        ),
        ("name: some\ntitle: A\nschema: 2", "schema=2: input should be 1"),
        ("name: some", "ProviderFacts needs 'title'"),
        ("name: Some One\ntitle: A", "name='Some One': string should match pattern"),
        ("name: some\ntitle: A\npoll_interval: 0", "poll_interval=0: input should be greater than 0"),
        ("name: some\ntitle: A\npoll_interval: .inf", "provider.yaml:3:16: '.inf' is not a finite number"),
        (
            "name: some\ntitle: A\napi_key: {environment: []}",
            "api_key: environment=[]: tuple should have at least 1 item",
        ),
        ("name: some\ntitle: A\nupload: {data_url_limit: -1}", "upload: data_url_limit=-1: input should be greater"),
        ("name: some\ntitle: A\nfeatures: {progress: [percent]}", "features: progress.0='percent': input should be"),
        ("name: other\ntitle: A", "it is about 'other', but the plugin's name is 'some'"),
        ("- name: some", "provider.yaml:1:1: a provider's facts are a group of keys, not a list"),
        ("just words", "provider.yaml:1:1: a provider's facts are a group of keys, not the text 'just words'"),
        ("", "the file is empty"),
        ("name: a\n---\nname: b", "one document is wanted here"),
        ("name: some\nname: some", "provider.yaml:2:1: duplicate key 'name'"),
        ("name: [", "provider.yaml:"),
        (b"name: \xff\xfe", "not UTF-8"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_mistakes_name_the_file(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(MappingError) as raised:
        read_facts(written(tmp_path, text), name="some")
    assert says in str(raised.value)
    assert str(raised.value).startswith(f"{tmp_path / 'provider.yaml'}:")
    assert raised.value.file == str(tmp_path / "provider.yaml")
