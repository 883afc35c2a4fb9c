"""Virtual callees: who they are, how they are described in YAML, and how they behave on a call."""
