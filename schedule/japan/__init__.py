"""The Japanese schedule: editions of the rules and the engine that applies them."""
