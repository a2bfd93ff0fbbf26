"""The store: Parquet tables on disk. The only room that touches the disk."""
