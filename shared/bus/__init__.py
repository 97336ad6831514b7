"""The bus: changes leave a service through its outbox, and reach everyone over NATS JetStream."""
