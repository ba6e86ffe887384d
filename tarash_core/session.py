"""One generation under way: which stack, which config, which client, and what its plugin's words mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tarash_core.errors import AuthenticationError, HTTPConnectionError, PluginError, TarashException, TimeoutError
from tarash_core.events import Event, EventKind
from tarash_core.flow import Flow, notify
from tarash_core.ledger import LedgerEntry, digest_of
from tarash_core.redaction import HIDDEN, forget_credentials, redact, redact_text, secrets_of
from tarash_core.response import Phase, VideoGenerationResponse, VideoGenerationUpdate

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.deadline import Deadline
    from tarash_core.job import Job
    from tarash_core.payload import Payload
    from tarash_core.request import VideoGenerationRequest
    from tarash_core.stack import Stack


@dataclass(frozen=True, slots=True)
class Session:
    """What every operation needs.

    Args:
        stack: The hooks of the provider.
        config: Resolved: key and model are filled in.
        client: The vendor's client.
        request: None when a job is picked up again.
        account: Fingerprint of the key.
        lease: What keeps the client open for as long as the session lasts.
    """

    stack: Stack
    config: VideoGenerationConfig
    client: object
    request: VideoGenerationRequest | None = None
    account: str | None = None
    lease: object = None

    @property
    def poll_interval(self) -> float:
        """Seconds between polls at first."""
        return self.config.poll_interval or self.stack.facts.poll_interval

    @property
    def model(self) -> str:
        """The model of the resolved config."""
        return self.config.model or ""

    def emit(self, kind: EventKind, job: Job | None = None, error: TarashException | None = None) -> None:
        """Tell the plugins that listen."""
        self.stack.emit(Event(kind, self.config.provider, self.model, job, error))

    def intent(self, payload: Payload) -> LedgerEntry:
        """The ledger's entry for a request that is about to be sent."""
        options = self._options()
        return LedgerEntry.made(
            provider=self.config.provider,
            model=payload.model,
            base_url=self.config.base_url,
            api_version=self.config.api_version,
            provider_config=options,
            options_not_kept=tuple(name for name in self.config.provider_config if name not in options),
            account=self.account,
            digest=digest_of(payload.arguments),
        )

    def stamped(self, job: Job, payload: Payload, entry: LedgerEntry) -> Job:
        """The job with what is needed to find its account and address again, and never the key."""
        return job.model_copy(
            update={
                "base_url": entry.base_url,
                "api_version": entry.api_version,
                "provider_config": entry.provider_config,
                "options_not_kept": entry.options_not_kept,
                "account": self.account if job.account is None else job.account or None,
                "digest": entry.digest,
                "ledger_id": entry.id,
                "warnings": payload.warnings,
            }
        )

    def _options(self) -> dict[str, object]:
        """The provider's options without those that may hold a secret."""
        if not self.config.provider_config:
            return {}
        secrets = secrets_of(self.config.api_key)
        given = {name: _as_json(value) for name, value in self.config.provider_config.items()}
        return {
            name: value
            for name, value in given.items()
            if HIDDEN not in repr(value) and redact({name: value}, secrets) == {name: value}
        }

    def told(
        self, phase: Phase, job: Job, deadline: Deadline, *, before: Job | None = None, message: str | None = None
    ) -> Flow[None]:
        """Tell the caller how a job is doing; the log lines are those that were not there `before`."""

        def update() -> VideoGenerationUpdate:
            known = _alike(before.logs, job.logs) if before else 0
            return VideoGenerationUpdate.model_construct(
                phase=phase,
                status=job.state,
                job=job,
                progress_percent=job.progress_percent,
                queue_position=job.queue_position,
                logs=job.logs[known:],
                elapsed_seconds=deadline.elapsed(),
                message=message,
            )

        return notify(update)

    def finished(self, response: VideoGenerationResponse) -> VideoGenerationResponse:
        """The response without the provider's secrets, and the job without the provider's answer."""
        secrets = secrets_of(self.config.api_key)
        return response.model_copy(
            update={
                "videos": tuple(v.of_account(self.config) if v.needs_key else v for v in response.videos),
                "raw_response": redact(response.raw_response, secrets),
                "job": response.job.model_copy(update={"answer": None}),
            }
        )

    @contextmanager
    def meanings(self, job: Job | None = None, deadline: Deadline | None = None) -> Iterator[None]:
        """Whatever is raised inside comes out as the Tarash error that it means; see `meaning_of`."""
        try:
            yield
        except Exception as raised:
            error = self.meaning_of(raised, job, deadline)
            if error is raised:
                raise
            raise error from raised

    def meaning_of(
        self, raised: Exception, job: Job | None = None, deadline: Deadline | None = None
    ) -> TarashException:
        """What an exception means, by the plugin; with its context filled in and its secrets taken out."""
        forget_credentials(raised)
        error = raised if isinstance(raised, TarashException) else self._mapped(raised, job)
        if deadline is not None and deadline.passed and isinstance(error, HTTPConnectionError):
            error = self.deadline_passed(job, deadline)
        if isinstance(error, AuthenticationError):
            self._tell_missing_options(error, error.job or job)
        secrets = secrets_of(self.config.api_key)
        error.message = redact_text(error.message, secrets)
        error.args = (error.message,)
        error.provider = error.provider or self.config.provider
        error.model = error.model or self.model
        error.job = error.job or job
        if error.job is not None:
            error.job = error.job.model_copy(update={"answer": None})
            error.request_id = error.request_id or error.job.request_id
        error.raw_response = redact(error.raw_response, secrets)
        return error

    def _tell_missing_options(self, error: AuthenticationError, job: Job | None) -> None:
        """Say which options a job was sent with that it does not keep, and that this config has not."""
        missing = [name for name in job.options_not_kept if name not in self.config.provider_config] if job else []
        said = ", ".join(f"'{name}'" for name in missing)
        if said and said not in error.message:
            error.message += f"; the job was sent with option {said}, which no job keeps: pass a config that has it"

    def deadline_passed(self, job: Job | None, deadline: Deadline) -> TimeoutError:
        """The error of a deadline; the job in it goes on."""
        if job is not None:
            return self.still_running(job, f"{deadline.seconds:g} s", deadline.seconds)
        return TimeoutError(
            f"the deadline of {deadline.seconds:g} s passed before '{self.config.provider}' was sent the request",
            timeout_seconds=deadline.seconds,
        )

    def still_running(self, job: Job, after: str, timeout_seconds: float) -> TimeoutError:
        """The error of a job that nobody waits for any longer."""
        return TimeoutError(
            f"job '{job.request_id}' is still {job.state} after {after}; it goes on: wait for it again, or cancel it",
            timeout_seconds=timeout_seconds,
            job=job.model_copy(update={"answer": None}),
            provider=self.config.provider,
            model=self.model,
            request_id=job.request_id,
        )

    def _mapped(self, raised: Exception, job: Job | None) -> TarashException:
        try:
            return self.stack.map_error(self.config, self.request, job, raised)
        except Exception as broken:
            return PluginError(
                f"plugin '{self.config.provider}' failed to explain a {type(raised).__name__}: "
                f"{type(broken).__name__}: {broken}; report it to its authors"
            )


def _as_json(value: object) -> object:
    """An option as a job can carry it; what is no JSON (a function, say) stays out, as its type's name."""
    return json.loads(json.dumps(value, default=lambda other: f"{HIDDEN} {type(other).__name__}"))


def _alike(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    """How many lines both begin with: a last line that grew is told again, the others are not."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (told, line) in pairs if told != line), min(len(old), len(new)))
