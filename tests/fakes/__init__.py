"""Loopback servers that answer as the Hugging Face Hub and Yahoo Finance do."""
