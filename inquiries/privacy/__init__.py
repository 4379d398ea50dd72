"""What is kept of a person: handed out, erased on request, and erased when it is outlived."""
