"""How Jasne is run: embedded, in containers, on Kubernetes."""
