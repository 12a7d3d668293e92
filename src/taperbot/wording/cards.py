"""What the safety cards say. A clinician signs off every change here."""
