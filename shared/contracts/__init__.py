"""Each entity of Jasne, written once: the stored document and the wire format between service and gateway."""
