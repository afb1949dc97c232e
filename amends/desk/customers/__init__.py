"""The customers' book: who they are, who speaks for them, what they have, what they need, and whose case is whose."""
