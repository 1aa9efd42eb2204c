"""From annotated data to the weights that ship; needs the `train` extra."""
