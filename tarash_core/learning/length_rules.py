"""How the mapping language says how long a video is to be."""

from __future__ import annotations

import math

from tarash_core.learning import vocabulary as v
from tarash_core.learning.lengths import FrameRate
from tarash_core.learning.limits import FieldWords, given, number_limits
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import durations, whole


def duration_rule(parameter: Parameter) -> FieldWords | None:
    """Seconds as they are spelled, or milliseconds."""
    told = durations(parameter.choices)
    if told is None:
        return None
    rule: FieldWords = {"from": "duration_seconds"}
    if set(parameter.words) & v.MILLISECONDS:
        if parameter.number_choices and not parameter.open:
            values = {whole(each / 1000): each for each in parameter.number_choices if each > 0}
            return rule | {"values": values} if values else None
        limits = number_limits(parameter, least=1)
        return rule | {"use": "milliseconds"} | {word: whole(each / 1000) for word, each in limits.items()}
    if told.seconds and not parameter.open:
        rule |= ({"as": told.as_} if told.as_ != "number" else {}) | {"one_of": list(told.seconds)}
    else:
        form = _open_form(parameter)
        if form is None:
            return None
        rule |= {} if form == "number" else {"as": form}
        if form in ("integer", "number"):
            rule |= number_limits(parameter, least=1 if form == "integer" else None)
    return rule | ({"also": list(told.free)} if told.free else {})


def _open_form(parameter: Parameter) -> str | None:
    """The form of a duration of which any value goes."""
    kinds = parameter.open or parameter.kinds
    if "number" in kinds:
        return "number"
    if "integer" in kinds:
        return "integer"
    default = parameter.default
    told = durations((default,)) if isinstance(default, str | int | float) else None
    if told is not None and told.seconds:
        return told.as_
    return "string" if "string" in kinds else None


def frames_rule(parameter: Parameter, rate: FrameRate | None) -> FieldWords | None:
    """Frames by the rate that is used unasked; models that count one frame more have a default that says so."""
    if rate is None:
        return None
    rule: FieldWords = {"from": "duration_seconds"}
    if parameter.choices and not parameter.open:
        counts = {float(str(choice)): choice for choice in parameter.choices if str(choice).isdigit()}
        plus = int(bool(counts) and all(count % 4 == 1 for count in counts))
        values = {whole(round((count - plus) / rate.value, 3)): told for count, told in counts.items() if count > plus}
        return rule | {"values": values} if values else None
    default = parameter.default
    plus = int(isinstance(default, int | float) and default % 4 == 1 and default % rate.value != 0)
    least, most = parameter.minimum, parameter.maximum
    told = given(
        fps=whole(rate.value),
        rate=rate.name,
        plus=plus or None,
        least=None if least is None or least <= 0 else math.ceil(least),
        most=None if most is None else math.floor(most),
    )
    return rule | {"use": "frames", "with": told}
