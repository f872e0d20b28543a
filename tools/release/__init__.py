"""What is live in a stage: seen, taken back, brought back to stay, and put right."""
