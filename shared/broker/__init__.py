"""RabbitMQ: topology, publishing with confirms, consuming with a draining stop."""
