"""Pre-training of the built-in backbone: pictures, teacher, network, recipe, schedule, export."""
