"""What was typed for an argument with `x-expand`, replaced by what it stands for."""
