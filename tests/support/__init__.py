"""What tests share: real servers, real service processes, a recorder of events, and waiting for conditions."""
