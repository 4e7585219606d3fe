"""What the register of requests shows: forms, staff's notice, the requester's messages, lists."""
