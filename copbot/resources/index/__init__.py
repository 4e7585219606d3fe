"""The full-text index: one tokenizer for both databases. It only finds candidates; their order is decided elsewhere."""
