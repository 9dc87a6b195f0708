"""A child's record in HL7 FHIR R4 (4.0.1), for other software that a family or a doctor uses."""
