"""The demonstration: an invented provider with two months of cases, played through the real rooms."""
