"""What people write down, as frozen values: goals, links, metrics, dated facts, and the plan that holds them."""
