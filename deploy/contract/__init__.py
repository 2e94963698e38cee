"""The contract of the bus, generated from the code: manifest of queues, JSON Schemas, AsyncAPI document, catalogue."""
