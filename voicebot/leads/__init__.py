"""Who is called: grades, stages, outcomes and what follows from them. Pure tables and rules."""
