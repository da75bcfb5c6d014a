"""What each verb ends with: read by the report for people, and printed as JSON as it is."""
