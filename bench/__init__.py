"""The bench: budgets measured as ratios, side by side in one run on one machine; `make bench` prints and stores them."""
