"""The whole product at its work: real engines, real git, and nothing scripted."""
