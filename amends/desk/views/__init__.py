"""The pages: the console for the people of a provider, and the portal for its customers. One module a family."""
