"""Azure OpenAI: the Videos API of OpenAI at an endpoint of one's own.
https://learn.microsoft.com/azure/foundry/openai/concepts/video-generation

The steps are those of `tarash_openai`, hook by hook; what differs stands here: the client, the deployment, the
credentials and two error answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import tarash_openai
from tarash_openai import (
    tarash_convert_request as tarash_convert_request,
    tarash_convert_response as tarash_convert_response,
    tarash_converters as tarash_converters,
    tarash_find_submission as tarash_find_submission,
    tarash_poll as tarash_poll,
    tarash_result as tarash_result,
    tarash_upload as tarash_upload,
)
from tarash_openai.errors import context_of, explain, told
from tarash_openai.options import extra_headers, only_to_its_own

from tarash_azure.access import headers_of
from tarash_core import (
    ConfigurationError,
    Flow,
    Job,
    NotFoundError,
    Payload,
    TarashException,
    VideoGenerationConfig,
    hookimpl,
)

if TYPE_CHECKING:
    from openai import OpenAI as Client  # AzureOpenAI and the async ones have the same methods

    from tarash_core import GeneratedVideo, Mode

TARASH_HOOK_API = 1

_SCHEDULE = "https://learn.microsoft.com/azure/foundry/openai/concepts/model-retirement-schedule"


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK's client for the v1 API, or for a dated `api_version`."""
    from tarash_azure.client import create

    return create(config, mode)


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: Client, payload: Payload) -> Flow[Job]:
    """As OpenAI's, to the deployment; the job keeps the model's name."""
    deployment = config.provider_config.get("deployment", payload.model)
    if not isinstance(deployment, str) or not deployment:
        raise ConfigurationError(f"provider_config: deployment={deployment!r} is no name of a deployment")
    named = payload if payload.model.startswith("videos/") else replace(payload, model=deployment)
    job = yield from tarash_openai.tarash_submit(config, client, named)
    return job.model_copy(update={"model": payload.model})


@hookimpl
def tarash_download_headers(config: VideoGenerationConfig, video: GeneratedVideo) -> Mapping[str, str]:
    """The key or a token, for the config's own address."""
    only_to_its_own(config, video)
    return {**extra_headers(config), **headers_of(config)}


@hookimpl
def tarash_map_error(config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException | None:
    """As OpenAI's; a deployment that is not there answers 404, one whose model has retired 410."""
    from openai import APIStatusError

    if isinstance(error, APIStatusError) and job is None and error.status_code in (404, 410):
        way_out = (
            "check base_url, and the name in option 'deployment', else the model"
            if error.status_code == 404
            else f"its model has retired ({_SCHEDULE}); deploy another"
        )
        return NotFoundError(f"{told(config, error)}; {way_out}", **context_of(config, job, error))
    return explain(config, job, error)
