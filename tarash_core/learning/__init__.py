"""Learns the mapping of a model from the input schema that its provider publishes.

The road: a document (`published`) -> its parameters (`parameter`) -> evidence of what each is for (`evidence`) -> one
parameter a role (`roles`) -> the model's task (`task`) -> mapping rules (`rules`) -> YAML (`writing`). All of it is
pure; only `cache` and `discovery` touch a disk or a provider.
"""

from tarash_core.learning.learn import Learned, learn
from tarash_core.learning.published import SchemaError

__all__ = ["Learned", "SchemaError", "learn"]
