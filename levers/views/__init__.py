"""What is weighed, what is asked for, and what several sheets show together."""
