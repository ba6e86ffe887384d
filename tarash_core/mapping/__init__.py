"""The mapping language: how a request becomes a provider's parameters, as data.

    library   finds the mapping of a model in the layers' files
    document  reads one YAML document, strictly; fields, extra and rules are its parts
    layers    lays later documents over earlier ones
    compile   makes a `ModelMapping` of the result, which `apply`s it to requests

`docs/mappings.md` is the reference of the language; `schema.json`, beside this file, is its JSON Schema.
"""
