"""What residents report, deliberate and get solved."""
