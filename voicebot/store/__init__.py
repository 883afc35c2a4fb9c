"""Memory: the only SQL of the project. One module per noun, plain functions that take the database first."""
