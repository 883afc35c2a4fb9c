"""What happens when: one module per errand, between the pure rules and the store."""
