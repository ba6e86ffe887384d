"""What every test of this repository shares."""

pytest_plugins = ["tarash_core.testing.fixtures"]
