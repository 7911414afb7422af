"""Ask git about a checkout, without running a program that the checkout names."""
