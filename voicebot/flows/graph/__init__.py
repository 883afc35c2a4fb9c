"""A flow as a picture: what leads where, and by which answer."""
