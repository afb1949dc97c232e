"""What the benchmarks do inside a desk of their own: imported only in processes where that desk is ready."""
