"""A model that has no mapping, used at once: its published schema is fetched, learned from, and kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tarash_core.asking import asked
from tarash_core.credentials import resolved
from tarash_core.deadline import Deadline
from tarash_core.errors import TarashException, UnexpectedResponseError, ValidationError
from tarash_core.flow import Flow, block
from tarash_core.learning.cache import read_schema, write_schema
from tarash_core.learning.learn import learn
from tarash_core.learning.made import NoVideoError
from tarash_core.learning.published import Json, SchemaError
from tarash_core.log import log
from tarash_core.opening import opened
from tarash_core.stack import stack_of

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.hookspecs import Mode
    from tarash_core.stack import Stack


def discovered(mode: Mode, config: VideoGenerationConfig, deadline: Deadline) -> Flow[None]:
    """See to it that the model has a mapping, if that can be had.

    A provider that publishes no schemas, one that cannot be reached, and a schema that teaches nothing leave things as
    they were: the provider's generic mapping is used, with its warning.
    """
    try:
        stack = stack_of(config.provider)
        config = resolved(config, stack.facts)
        if _is_mapped(stack, config.model or ""):
            return
        yield from _learned(mode, stack, config, deadline)
    except NoVideoError as error:
        raise ValidationError(
            f"'{config.model}' cannot be used: {error}", provider=config.provider, model=config.model
        ) from None
    except (TarashException, SchemaError) as error:
        log.warning("no mapping of '%s' could be learned: %s", config.model, error)


def published_schema(mode: Mode, config: VideoGenerationConfig, deadline: Deadline) -> Flow[Json]:
    """What the provider publishes of a resolved config's model.

    Raises:
        ConfigurationError: The provider publishes none.
        TarashException: It was not reached, or knows no such model.
    """
    session = yield from opened(mode, config, None)
    asking = session.stack.model_schema(config, session.client, config.model or "")
    schema = yield from asked(session, asking, deadline)
    if not isinstance(schema, dict):
        raise UnexpectedResponseError(f"'{config.provider}' published a {type(schema).__name__}, not a schema")
    return schema


def _is_mapped(stack: Stack, model: str) -> bool:
    if model in stack.mappings.families():
        return True
    try:
        return not stack.mappings.find(model).generic
    except ValidationError:
        return False


def _learned(mode: Mode, stack: Stack, config: VideoGenerationConfig, deadline: Deadline) -> Flow[None]:
    provider, model = config.provider, config.model or ""
    schema = yield from block(read_schema, provider, model, config.base_url)
    if schema is None:
        schema = dict((yield from published_schema(mode, config, deadline)))
        yield from block(write_schema, provider, model, config.base_url, schema)
    today = datetime.now(UTC).date().isoformat()
    found = learn(schema, model=model, provider=provider, source=f"the schema that '{provider}' publishes", read=today)
    stack.mappings.add(found.text, source=f"learned from the schema of '{model}'")
    log.info("learned a mapping of '%s'%s", model, f"; not certain: {', '.join(found.doubts)}" if found.doubts else "")
